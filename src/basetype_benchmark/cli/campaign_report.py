"""The tables at the end of ``btb run``."""

from __future__ import annotations

from rich.text import Text

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.execution import Legs
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import QueryResult
from basetype_benchmark.cli.formatters import (
    NOT_MEASURED,
    format_count,
    format_latency,
    format_outcome,
    print_err,
    print_json,
    print_note,
    print_ok,
    print_table,
)
from basetype_benchmark.units import format_bytes
from basetype_benchmark.workflows.benchmark import CampaignResult

_LEGEND = (
    "p50: half of the executions took less; p95: all but one in twenty did; rows: of the biggest "
    "answer; outcome: ok means that every answer was right"
)
_RUNS = "runs"
_RUNS_LEGEND = (
    f"{_RUNS}: how many of the planned ones gave an answer; with fewer, p50 and p95 cannot be "
    "compared"
)
_LEGS = "legs %"
_LEGS_LEGEND = (
    f"{_LEGS}: share of the time in the graph store / in handing its rows over / in the series "
    "store"
)


def print_campaign(campaign: CampaignResult, *, as_json: bool) -> None:
    """Print what was measured, what went wrong, and where the files are."""
    if as_json:
        print_json(
            {"folder": str(campaign.folder), "is_ok": campaign.is_ok, "cells": campaign.cells}
        )
        return
    for record in campaign.cells:
        _print_cell(record)
    if len(campaign.cells) > 1:
        _print_side_by_side(campaign.cells)
    print_note(_LEGEND)
    if any(_lacks_runs(query) for record in campaign.cells for query in record.result.queries):
        print_note(_RUNS_LEGEND)
    if any(query.legs for record in campaign.cells for query in record.result.queries):
        print_note(_LEGS_LEGEND)
    print_loads(campaign.cells)
    for record in campaign.cells:
        _print_problems(record)
    if campaign.is_ok:
        print_ok("every cell was completed and every answer is right")
    print_note(f"results: {campaign.folder}")
    print_note("  cells/*.json: each cell; samples.parquet: every latency in nanoseconds;")
    print_note("  environment.json: machine, versions, settings with reasons")


def print_loads(records: tuple[CellRecord, ...]) -> None:
    """Print what loading took and how big the stores are."""
    rows = [
        [
            record.cell,
            store.version,
            format_latency(sum(phase.elapsed_ns for phase in store.phases)),
            format_latency(load.elapsed_ns),
            NOT_MEASURED if store.size_bytes is None else format_bytes(store.size_bytes),
            format_count(store.nodes),
            format_count(store.edges),
            format_count(store.samples),
        ]
        for record in records
        if (load := record.result.load) is not None
        for store in load.stores
    ]
    numbers = ("load", "load of all", "size on disk", "nodes", "relations", "samples")
    if rows:
        print_table(["cell", "store", *numbers], rows, title="Loading", numeric=numbers)


def _print_side_by_side(records: tuple[CellRecord, ...]) -> None:
    names = {query.query: query.name for record in records for query in record.result.queries}
    rows: list[list[str | Text]] = [
        [query_id, name, *(_median(record, query_id) for record in records)]
        for query_id, name in names.items()
    ]
    cells = [record.cell for record in records]
    print_table(["query", "name", *cells], rows, title="Side by side: p50", numeric=cells)


def _median(record: CellRecord, query_id: str) -> str | Text:
    """The p50 of a query whose answers are right; else its outcome, for it cannot be compared."""
    found = next((query for query in record.result.queries if query.query == query_id), None)
    if found is None or found.outcome is not Outcome.OK or found.latency is None:
        return format_outcome(Outcome.SKIPPED if found is None else found.outcome)
    return format_latency(found.latency.p50_ns)


def _print_cell(record: CellRecord) -> None:
    result = record.result
    has_legs = any(query.legs for query in result.queries)
    lacks_runs = any(_lacks_runs(query) for query in result.queries)
    columns = ["query", "name", "p50", "p95", "rows", "outcome"]
    columns += [_RUNS] * lacks_runs + [_LEGS] * has_legs
    rows = [
        [
            *_query_row(query),
            *([_describe_runs(query)] * lacks_runs),
            *([_describe_legs(query.legs)] * has_legs),
        ]
        for query in result.queries
    ]
    mean = result.geometric_mean_p50_ns
    if mean is not None:
        blank = [""] * (len(columns) - 3)
        rows.append(["all", "geometric mean", format_latency(mean), *blank])
    if rows:
        print_table(columns, rows, title=f"{record.cell}", numeric=("p50", "p95", "rows"))


def _lacks_runs(query: QueryResult) -> bool:
    """Whether a query that was to be run did not give an answer as often as planned."""
    return query.answered_runs < len(query.samples)


def _describe_runs(query: QueryResult) -> str:
    planned, answered = len(query.samples), query.answered_runs
    if not planned:
        return NOT_MEASURED
    return f"{answered}" if answered == planned else f"{answered} of {planned}"


def _query_row(query: QueryResult) -> list[str | Text]:
    latency = query.latency
    return [
        query.query,
        query.name,
        format_latency(None if latency is None else latency.p50_ns),
        format_latency(None if latency is None else latency.p95_ns),
        format_count(query.rows),
        format_outcome(query.outcome),
    ]


def _describe_legs(legs: Legs | None) -> str:
    if legs is None:
        return NOT_MEASURED
    parts = (legs.graph_ns, legs.transfer_ns, legs.series_ns)
    total = sum(parts)
    if not total:
        return NOT_MEASURED
    return " / ".join(f"{100 * part / total:.0f}" for part in parts)


def _print_problems(record: CellRecord) -> None:
    result = record.result
    if result.outcome is not CellOutcome.COMPLETED:
        print_err(f"{record.cell} {result.outcome}: {result.reason}")
    elif result.reason is not None:
        print_note(f"{record.cell} {result.outcome}: {result.reason}")
    for query in result.queries:
        if query.outcome is Outcome.OK or query.reason is None:
            continue
        say = print_note if query.outcome is Outcome.UNSUPPORTED else print_err
        say(f"{record.cell} {query.query} {query.outcome}: {query.reason}")
