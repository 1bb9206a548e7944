"""Columns of a cell's table that not every scenario has: runs, legs, the client's work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from basetype_benchmark.benchmark.results import QueryResult
from basetype_benchmark.cli.formatters import NOT_MEASURED, format_count
from basetype_benchmark.units import format_bytes


@dataclass(frozen=True, kw_only=True)
class ExtraColumn:
    """A column of a cell's table that stands there when a query of the cell needs it."""

    name: str
    legend: str
    is_needed: Callable[[QueryResult], bool]
    describe: Callable[[QueryResult], str]


def needed_columns(queries: Sequence[QueryResult]) -> list[ExtraColumn]:
    """Give the columns that at least one of these queries needs."""
    return [extra for extra in _EXTRAS if any(map(extra.is_needed, queries))]


def _lacks_runs(query: QueryResult) -> bool:
    """Whether a query that was to be run did not give an answer as often as planned."""
    return query.answered_runs < query.planned_runs


def _describe_runs(query: QueryResult) -> str:
    planned, answered = query.planned_runs, query.answered_runs
    if not planned:
        return NOT_MEASURED
    return f"{answered}" if answered == planned else f"{answered} of {planned}"


def _describe_legs(query: QueryResult) -> str:
    legs = query.legs
    if legs is None:
        return NOT_MEASURED
    return _describe_shares(legs.graph_ns, legs.transfer_ns, legs.series_ns)


def _describe_client(query: QueryResult) -> str:
    client = query.client
    if client is None:
        return NOT_MEASURED
    return _describe_shares(client.fetch_ns, client.decode_ns, client.aggregate_ns)


def _describe_shares(*parts: int) -> str:
    total = sum(parts)
    if not total:
        return NOT_MEASURED
    return " / ".join(f"{100 * part / total:.0f}" for part in parts)


def _describe_received(query: QueryResult) -> str:
    client = query.client
    if client is None:
        return NOT_MEASURED
    return format_bytes(client.received_bytes / query.answered_runs)


def _describe_decoded(query: QueryResult) -> str:
    client = query.client
    return format_count(None if client is None else client.decoded_samples // query.answered_runs)


_EXTRAS = (
    ExtraColumn(
        name="runs",
        legend=(
            "how many of the planned ones gave an answer; with fewer, p50 and p95 cannot be "
            "compared"
        ),
        is_needed=_lacks_runs,
        describe=_describe_runs,
    ),
    ExtraColumn(
        name="legs %",
        legend=(
            "share of the time in the graph store / in handing its rows over / in the series store"
        ),
        is_needed=lambda query: query.legs is not None,
        describe=_describe_legs,
    ),
    ExtraColumn(
        name="client %",
        legend=(
            "share of the time in fetching from the store / in decoding its chunks / in "
            "aggregating their samples; the last two are the application's work"
        ),
        is_needed=lambda query: query.client is not None,
        describe=_describe_client,
    ),
    ExtraColumn(
        name="received",
        legend="what the store sent for one execution, on average",
        is_needed=lambda query: query.client is not None,
        describe=_describe_received,
    ),
    ExtraColumn(
        name="decoded",
        legend="samples that the application decoded for one execution, on average",
        is_needed=lambda query: query.client is not None,
        describe=_describe_decoded,
    ),
)
