"""Sums up the queries of one level out of the samples and results of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from basetype_benchmark.analysis.level_samples import QueryLatencies
from basetype_benchmark.analysis.summary import QuerySummary
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.estimate import ResampledUnit
from basetype_benchmark.benchmark.medians import Median, median_of, percentile_of_repetitions
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import QueryResult, worst_outcome
from basetype_benchmark.benchmark.statistics import LatencyStatistics, summarise_sorted


@dataclass(frozen=True, kw_only=True)
class QueryFigures:
    """What the latencies of one query say; the intervals are those of `resampled`."""

    latency: LatencyStatistics
    p50: Median
    resampled: ResampledUnit


def figures_of(latencies: QueryLatencies) -> QueryFigures:
    """Sum up the latencies of one query.

    With two or more repetitions the interval of a percentile is that of Student around it, on the
    scale of logarithms, from what the repetitions gave each by itself; else it is the bootstrap
    interval of the executions.
    """
    statistics = summarise_sorted(latencies.together)
    p50 = median_of(latencies.repetitions, latencies.together)
    if len(latencies.repetitions) < 2:
        return QueryFigures(latency=statistics, p50=p50, resampled=ResampledUnit.EXECUTION)
    assert p50.estimate is not None  # repetitions always tell a spread
    p95s = [float(np.percentile(one.values, 95)) for one in latencies.repetitions]
    p95 = percentile_of_repetitions(statistics.p95_ns, p95s)
    return QueryFigures(
        latency=replace(statistics, p50_interval=p50.estimate.interval, p95_interval=p95.interval),
        p50=p50,
        resampled=ResampledUnit.REPETITION,
    )


def summarise_query(
    query: str,
    records: Sequence[CellRecord],
    figures: QueryFigures | None,
    instability: Sequence[str],
) -> QuerySummary:
    """Sum up one query of a level; a cell that did not come to it has skipped it."""
    found = [_find(record, query) for record in records]
    outcome, reason = _gravest(records, found)
    known = [result for result in found if result is not None]
    first = records[0]
    return QuerySummary(
        profile=first.result.profile,
        scenario=first.result.scenario,
        ram_bytes=first.ram_bytes,
        query=query,
        name=known[0].name if known else query,
        cells=tuple(record.cell for record in records),
        outcome=outcome,
        reason=reason,
        planned_runs=sum(result.planned_runs for result in known),
        answered_runs=sum(result.answered_runs for result in known),
        latency=None if figures is None else figures.latency,
        p50_by_repetition_ns=() if figures is None else figures.p50.by_repetition_ns,
        p50=None if figures is None else figures.p50.estimate,
        resampled=ResampledUnit.EXECUTION if figures is None else figures.resampled,
        instability=tuple(instability),
    )


def queries_of(records: Sequence[CellRecord], planned: Sequence[str]) -> list[str]:
    """Give the queries of a level: those planned, in their order."""
    found = dict.fromkeys(query.query for record in records for query in record.result.queries)
    return [*planned, *(query for query in found if query not in planned)]


def _find(record: CellRecord, query: str) -> QueryResult | None:
    return next((found for found in record.result.queries if found.query == query), None)


def _gravest(
    records: Sequence[CellRecord], found: Sequence[QueryResult | None]
) -> tuple[Outcome, str | None]:
    """Give the gravest outcome over the repetitions, and its reason."""
    told = [
        (Outcome.SKIPPED, _why_skipped(record))
        if result is None
        else (result.outcome, result.reason)
        for record, result in zip(records, found, strict=True)
    ]
    worst = worst_outcome([outcome for outcome, _ in told])
    return worst, next((why for outcome, why in told if outcome is worst and why), None)


def _why_skipped(record: CellRecord) -> str:
    result = record.result
    if result.outcome is CellOutcome.COMPLETED:
        return "it was not measured"
    return f"{result.outcome.value}: {result.reason}" if result.reason else result.outcome.value
