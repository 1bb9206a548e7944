"""What ``btb validate`` found: a table of scenarios and queries, and the same as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from rich.text import Text

from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import BenchmarkResult, QueryResult, VariantResult
from basetype_benchmark.cli.formatters import (
    fits_table,
    format_latency,
    format_outcome,
    print_err,
    print_note,
    print_ok,
    print_table,
)


@dataclass(frozen=True, kw_only=True)
class Validation:
    """All scenarios of one validation; `timeout_s` is what each execution was given."""

    profile: str
    dataset_seed: int
    timeout_s: float
    results: Sequence[BenchmarkResult]

    @property
    def is_ok(self) -> bool:
        """Whether every scenario was completed and answered rightly what it can express."""
        return all(result.is_ok for result in self.results)

    @property
    def outcomes(self) -> Counter[Outcome]:
        """How many variants ended in which way, over all scenarios."""
        queries = chain.from_iterable(result.queries for result in self.results)
        return Counter(variant.outcome for query in queries for variant in query.variants)


def print_validation(validation: Validation) -> None:
    """Print the table to standard output, and what went wrong for people."""
    _print_outcomes(validation.results)
    for result in validation.results:
        _print_problems(result)
    _print_verdict(validation)


def validation_document(validation: Validation) -> dict[str, object]:
    """Give everything for other programs: outcomes, servers, and every variant's differences."""
    return {
        "profile": validation.profile,
        "dataset_seed": validation.dataset_seed,
        "timeout_s": validation.timeout_s,
        "is_ok": validation.is_ok,
        "answers": {outcome.value: count for outcome, count in validation.outcomes.items()},
        "scenarios": [_scenario_document(result) for result in validation.results],
    }


def _print_outcomes(results: Sequence[BenchmarkResult]) -> None:
    """Print one table, or as few as a narrow terminal needs to keep whole words."""
    left = list(results)
    while left:
        shown = len(left)
        while shown > 1 and not fits_table(*_table(left[:shown])):
            shown -= 1
        print_table(*_table(left[:shown]))
        left = left[shown:]


def _table(results: Sequence[BenchmarkResult]) -> tuple[list[str], list[list[str | Text]]]:
    names = {query.query: query.name for result in results for query in result.queries}
    columns = ["query", "name", *(result.scenario for result in results)]
    return columns, [
        [query_id, name, *(_outcome(result, query_id) for result in results)]
        for query_id, name in names.items()
    ]


def _outcome(result: BenchmarkResult, query_id: str) -> Text:
    found = next((query for query in result.queries if query.query == query_id), None)
    return format_outcome(Outcome.SKIPPED if found is None else found.outcome)


def _print_problems(result: BenchmarkResult) -> None:
    if result.outcome is not CellOutcome.COMPLETED:
        print_err(f"{result.scenario} {result.outcome}: {result.reason}")
    for query in result.queries:
        if query.outcome is Outcome.UNSUPPORTED:
            print_note(f"{result.scenario} {query.query} unsupported: {query.reason}")
        for variant in query.variants:
            if variant.outcome not in (Outcome.OK, Outcome.SKIPPED):
                _print_variant(result.scenario, query, variant)


def _print_variant(scenario: str, query: QueryResult, variant: VariantResult) -> None:
    parameters = ", ".join(f"{name}={value}" for name, value in variant.parameters.items())
    took_ns = next((s.elapsed_ns for s in query.samples if s.variant == variant.number), None)
    after = "" if took_ns is None else f" after {format_latency(took_ns)}"
    print_err(
        f"{scenario} {query.query} variant {variant.number} ({parameters}): "
        f"{variant.outcome}{after}"
    )
    for line in variant.differences or filter(None, [variant.reason]):
        print_note(f"    {line}")


def _print_verdict(validation: Validation) -> None:
    outcomes = validation.outcomes
    asked = outcomes.total()
    if outcomes[Outcome.TIMEOUT]:
        print_note(
            f"timeout: no answer within {validation.timeout_s:g} s, what each execution was given; "
            "--timeout gives more"
        )
    if validation.is_ok:
        print_ok(f"all {asked} answers are right")
        return
    failed = [f"{n} {outcome}" for outcome, n in outcomes.items() if outcome is not Outcome.OK]
    kinds = ", ".join(failed) or "not every scenario was completed"
    print_err(f"{outcomes[Outcome.OK]} of {asked} answers are right; {kinds}; see above")


def _scenario_document(result: BenchmarkResult) -> dict[str, object]:
    return {
        "scenario": result.scenario,
        "outcome": result.outcome,
        "reason": result.reason,
        "is_ok": result.is_ok,
        "dataset_fingerprint": result.dataset_fingerprint,
        "servers": {} if result.load is None else {s.engine: s.version for s in result.load.stores},
        "queries": [
            {
                "query": query.query,
                "name": query.name,
                "outcome": query.outcome,
                "rows": query.rows,
                "reason": query.reason,
                "variants": query.variants,
            }
            for query in result.queries
        ],
    }
