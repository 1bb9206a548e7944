"""Whether each query's samples are the runs of the protocol, and its figures follow from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pyarrow as pa

from basetype_benchmark.analysis.verify.bundle import Bundle, cell_file
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.monitoring.resource_use import MEASURE_PHASE
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import (
    ANSWERED,
    QueryResult,
    Sample,
    VariantResult,
    query_result,
    unsupported_query,
    worst_outcome,
)
from basetype_benchmark.benchmark.results_io import CELLS_DIR
from basetype_benchmark.benchmark.samples_io import attach_samples, samples_path
from basetype_benchmark.config.protocol import Protocol

_NOT_FROM_SAMPLES = frozenset({"samples", "resources", "plan"})
_RECOMPUTED = "by its samples"
_PER_SAMPLE = 4  # things compared in each


def check_samples(bundle: Bundle) -> Check:
    """Go through the samples of every cell, and compute anew what is said of them."""
    tally = Tally("statistics", "samples follow the protocol; all figures follow from the samples")
    protocols = {profile.profile: profile.protocol for profile in bundle.campaign.profiles}
    for cell, record in bundle.cells.items():
        table = bundle.samples(cell)
        protocol = protocols.get(record.result.profile)
        if table is None or protocol is None:
            tally.leave_out(f"{cell}: its samples cannot be read")
            continue
        _check_labels(record, table, tally)
        whole = attach_samples(record, table)
        for query in whole.result.queries:
            _check_query(whole, query, protocol, tally)
        _check_time(whole, tally)
    return tally.result()


def _check_labels(record: CellRecord, table: pa.Table, tally: Tally) -> None:
    """See that every row is of this cell, and of one of its queries."""
    due: dict[str, set[object]] = {
        "cell": {record.cell},
        "profile": {record.result.profile},
        "scenario": {record.result.scenario},
        "ram_bytes": {record.ram_bytes},
        "repetition": {record.repetition},
        "query": {query.query for query in record.result.queries},
    }
    for name, values in due.items():
        tally.count(table.num_rows)
        if not values.issuperset(table.column(name).unique().to_pylist()):
            found = enumerate(table.column(name).to_pylist())
            row, wrong = next((row, value) for row, value in found if value not in values)
            tally.report(_table_name(record), f"row {row}, {name}", f"is {wrong}")


def _check_query(record: CellRecord, query: QueryResult, protocol: Protocol, tally: Tally) -> None:
    file, field = cell_file(record.cell), f"result.queries.{query.query}"
    if query.outcome is Outcome.UNSUPPORTED or not query.variants:
        due = unsupported_query(query.query, query.name, query.reason or "")
    else:
        due = query_result(query.query, query.name, query.variants, query.samples)
        _check_runs(record, query, protocol, tally)
    for part in fields(QueryResult):
        if part.name not in _NOT_FROM_SAMPLES:
            stated, recomputed = getattr(query, part.name), getattr(due, part.name)
            tally.compare(file, f"{field}.{part.name}", stated, recomputed, _RECOMPUTED)
    for variant in query.variants:
        _check_variant(record, query, variant, tally)


def _check_runs(record: CellRecord, query: QueryResult, protocol: Protocol, tally: Tally) -> None:
    """See that every variant has each run once, in order; none where the load failed."""
    numbers = list(range(1, len(query.variants) + 1))
    file, field = cell_file(record.cell), f"result.queries.{query.query}.variants"
    for index, (variant, number) in enumerate(zip(query.variants, numbers, strict=True)):
        where = f"{field}.{index}.number"
        tally.compare(file, where, variant.number, number, "by their order")
    is_over = record.result.outcome is not CellOutcome.COMPLETED and not query.samples
    runs = 0 if is_over else protocol.runs
    # One by one: a forged protocol may have more runs than the memory holds.
    due = ((number, run) for number in numbers for run in range(1, runs + 1))
    found = [(sample.variant, sample.run) for sample in query.samples]
    wrong = next((pair for pair in zip(found, due, strict=False) if pair[0] != pair[1]), None)
    where, planned = f"{query.query}, variant and run", len(numbers) * runs
    said = f"has {len(found)} runs and not {planned}"
    if wrong is not None:
        said = f"{wrong[0]} stands for {wrong[1]}"
    is_same = wrong is None and len(found) == planned
    tally.demand(is_same, _table_name(record), where, said)
    most = protocol.variants
    tally.demand(len(numbers) <= most, file, field, f"are more than the {most} of the protocol")


def _check_variant(
    record: CellRecord, query: QueryResult, variant: VariantResult, tally: Tally
) -> None:
    file = cell_file(record.cell)
    field = f"result.queries.{query.query}.variants.{variant.number}"
    samples = [sample for sample in query.samples if sample.variant == variant.number]
    due = worst_outcome([sample.outcome for sample in samples])
    tally.compare(file, f"{field}.outcome", variant.outcome, due, _RECOMPUTED)
    for sample in samples:
        tally.count(_PER_SAMPLE)
        for name, problem in _sample_problems(variant, sample):
            where = f"{query.query} variant {variant.number} run {sample.run}, {name}"
            tally.report(_table_name(record), where, problem)
    answered = [sample for sample in samples if sample.outcome in ANSWERED]
    tally.demand(
        (variant.answer_sha256 is not None) == bool(answered),
        file,
        f"{field}.answer_sha256",
        f"and {len(answered)} answers",
    )
    is_right = variant.answer_sha256 == variant.expected_sha256
    if answered:
        problem = "is that of the right answer, or differs from it, against the differences told"
        tally.demand(is_right == (not variant.differences), file, f"{field}.answer_sha256", problem)


def _sample_problems(variant: VariantResult, sample: Sample) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a sample: it has not what its outcome asks for, or is too short."""
    rows, elapsed = sample.rows, sample.elapsed_ns
    is_right = rows == variant.expected_rows and not variant.differences
    if sample.outcome is Outcome.OK and not is_right:
        yield "rows", f"is {rows}, and {variant.expected_rows} are right"
    if sample.outcome is Outcome.WRONG_ANSWER and is_right:
        yield "outcome", "is wrong_answer, and nothing differs"
    if (elapsed is not None) == (sample.outcome is Outcome.SKIPPED):
        yield "elapsed_ns", f"is {elapsed}, and the outcome {sample.outcome}"
    parts = 0
    if sample.legs is not None:
        parts = sample.legs.graph_ns + sample.legs.transfer_ns + sample.legs.series_ns
    if sample.client is not None:
        parts = sample.client.fetch_ns + sample.client.decode_ns + sample.client.aggregate_ns
    if parts > (elapsed or 0):
        yield "elapsed_ns", f"is less than its parts, {parts}"


def _check_time(record: CellRecord, tally: Tally) -> None:
    """See that all answered runs fit into the phase in which they were measured."""
    use = record.result.resources
    phase = next((p for p in (use.phases if use else ()) if p.phase == MEASURE_PHASE), None)
    if phase is None:
        return
    total = sum(
        sample.elapsed_ns or 0
        for query in record.result.queries
        for sample in query.samples
        if sample.outcome in ANSWERED
    )
    tally.demand(
        total <= phase.elapsed_ns,
        cell_file(record.cell),
        f"result.resources.phases.{MEASURE_PHASE}.elapsed_ns",
        f"is less than all runs together, {total} ns",
    )


def _table_name(record: CellRecord) -> str:
    return samples_path(Path(CELLS_DIR), record.cell).as_posix()
