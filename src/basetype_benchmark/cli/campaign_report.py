"""The tables at the end of ``btb run``."""

from __future__ import annotations

from rich.text import Text

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import QueryResult
from basetype_benchmark.cli.extra_columns import needed_columns
from basetype_benchmark.cli.formatters import (
    NOT_MEASURED,
    format_count,
    format_latency,
    format_milliseconds,
    format_outcome,
    print_err,
    print_json,
    print_note,
    print_ok,
    print_table,
)
from basetype_benchmark.cli.resource_report import print_resources
from basetype_benchmark.units import format_bytes
from basetype_benchmark.workflows.benchmark import CampaignResult

_LEGEND = (
    "p50: half of the executions took less; p95: all but one in twenty did; rows: of the biggest "
    "answer; outcome: ok means that every answer was right"
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
    print_note(_LEGEND)
    for extra in needed_columns([q for record in campaign.cells for q in record.result.queries]):
        print_note(f"{extra.name}: {extra.legend}")
    print_loads(campaign.cells)
    print_resources(campaign.cells)
    if len(campaign.cells) > 1:
        _print_side_by_side(campaign.cells)
    for record in campaign.cells:
        _print_problems(record)
    print_all_ok(campaign)
    print_note(f"results: {campaign.folder}")
    print_note("  cells/*.json: each cell; samples.parquet: every latency in nanoseconds;")
    print_note("  resources.parquet: every reading of memory, CPU and I/O;")
    print_note("  environment.json: machine, versions, settings with reasons")


def print_all_ok(campaign: CampaignResult) -> None:
    """Say so where nothing went wrong."""
    if campaign.is_ok:
        print_ok("every cell was completed and every answer is right")


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
    cells = _short_names(records)
    rows: list[list[str | Text]] = [
        [query_id, *(_median(record, query_id) for record in records)] for query_id in names
    ]
    print_table(["query", *cells], rows, title="Side by side: p50 in ms", numeric=cells)


def _short_names(records: tuple[CellRecord, ...]) -> list[str]:
    """Name the cells by scenario where no two are of the same one: ten fit side by side."""
    scenarios = [record.result.scenario for record in records]
    is_enough = len(set(scenarios)) == len(scenarios)
    return scenarios if is_enough else [record.cell for record in records]


def _median(record: CellRecord, query_id: str) -> str | Text:
    """The p50 of a query whose answers are right; else its outcome, for it cannot be compared."""
    found = next((query for query in record.result.queries if query.query == query_id), None)
    if found is None or found.outcome is not Outcome.OK or found.latency is None:
        return format_outcome(Outcome.SKIPPED if found is None else found.outcome)
    return format_milliseconds(found.latency.p50_ns)


def _print_cell(record: CellRecord) -> None:
    result = record.result
    extras = needed_columns(result.queries)
    names = [extra.name for extra in extras]
    columns = ["query", "name", "p50", "p95", "rows", "outcome", *names]
    rows = [
        [*_query_row(query), *(extra.describe(query) for extra in extras)]
        for query in result.queries
    ]
    mean = result.geometric_mean_p50_ns
    if mean is not None:
        blank = [""] * (len(columns) - 3)
        rows.append(["all", "geometric mean", format_latency(mean), *blank])
    if rows:
        print_table(columns, rows, title=f"{record.cell}", numeric=("p50", "p95", "rows", *names))


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
