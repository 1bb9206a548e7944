"""Whether all scenarios were asked the same, and were to give the same answers."""

from __future__ import annotations

import re

from basetype_benchmark.analysis.verify.bundle import Bundle, cell_file
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.results import LoadResult, StoreResult, VariantResult

_SHA256 = re.compile(r"[0-9a-f]{64}")


def check_answers(bundle: Bundle) -> Check:
    """Compare parameters, right answers and loaded counts between the cells of a profile."""
    tally = Tally("answers", "every scenario of a profile has the same data, questions and answers")
    first: dict[tuple[str, str, int], tuple[str, VariantResult]] = {}
    counts: dict[tuple[str, str], tuple[str, int]] = {}
    for cell, record in bundle.cells.items():
        profile = record.result.profile
        for query in record.result.queries:
            for variant in query.variants:
                field = f"result.queries.{query.query}.variants.{variant.number}"
                _check_form(cell, field, variant, tally)
                key = (profile, query.query, variant.number)
                _compare_variants(
                    cell, field, variant, first.setdefault(key, (cell, variant)), tally
                )
        if record.result.load is not None:
            _compare_counts(cell, profile, record.result.load, counts, tally)
    return tally.result()


def _check_form(cell: str, field: str, variant: VariantResult, tally: Tally) -> None:
    for name in ("expected_sha256", "answer_sha256"):
        digest = getattr(variant, name)
        is_one = digest is None or _SHA256.fullmatch(digest) is not None
        tally.demand(is_one, cell_file(cell), f"{field}.{name}", "is no SHA-256")


def _compare_variants(
    cell: str, field: str, variant: VariantResult, first: tuple[str, VariantResult], tally: Tally
) -> None:
    other, due = first
    for name in ("parameters", "expected_rows", "expected_sha256"):
        tally.compare(
            cell_file(cell),
            f"{field}.{name}",
            getattr(variant, name),
            getattr(due, name),
            f"in {other}",
        )


def _compare_counts(
    cell: str,
    profile: str,
    load: LoadResult,
    counts: dict[tuple[str, str], tuple[str, int]],
    tally: Tally,
) -> None:
    for index, store in enumerate(load.stores):
        for part in ("nodes", "edges", "samples"):
            count: int | None = getattr(store, part)
            if count is None:
                continue
            other, due = counts.setdefault((profile, part), (cell, count))
            field = f"result.load.stores.{index}.{part}"
            tally.compare(cell_file(cell), field, count, due, f"in {other}")
        _check_phases(cell, index, store, load, tally)
    _check_sum(cell, load, tally)


def _check_phases(
    cell: str, index: int, store: StoreResult, load: LoadResult, tally: Tally
) -> None:
    total = sum(phase.elapsed_ns for phase in store.phases)
    field = f"result.load.stores.{index}.phases"
    problem = f"take {total} ns together, and the whole load {load.elapsed_ns} ns"
    tally.demand(total <= load.elapsed_ns, cell_file(cell), field, problem)


def _check_sum(cell: str, load: LoadResult, tally: Tally) -> None:
    total = sum(phase.elapsed_ns for store in load.stores for phase in store.phases)
    problem = f"is {load.elapsed_ns} ns, and its parts take {total} ns"
    tally.demand(total <= load.elapsed_ns, cell_file(cell), "result.load.elapsed_ns", problem)
