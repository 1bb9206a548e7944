"""Tables of levels and queries with their intervals, over all repetitions."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from basetype_benchmark.analysis.summary import CampaignSummary, LevelSummary, QuerySummary
from basetype_benchmark.analysis.tables.table import LEVEL, QUERY, Column, Row, Table, make_table
from basetype_benchmark.benchmark.statistics import Interval

_CELLS = Column(
    name="cells", dtype=pl.String, meaning="The cells that are in the figures, with spaces between."
)
_WITHOUT = "None: there was no answer."
_SPREAD = "None: too few executions to tell."

_LEVEL_COLUMNS = (
    *LEVEL,
    _CELLS,
    Column(
        name="missing_cells",
        dtype=pl.String,
        meaning="Cells planned that have no result, with spaces between.",
    ),
    Column(
        name="outcome",
        dtype=pl.String,
        meaning="How the first cell ended that was not completed, else ``completed``. None: no "
        "cell has a result.",
    ),
    Column(
        name="reason", dtype=pl.String, meaning="Why it was not completed, in words. None: it was."
    ),
    Column(
        name="is_ok",
        dtype=pl.Boolean,
        meaning="Whether every cell was completed and every query it can express is ok.",
    ),
    Column(
        name="geometric_mean_p50_ns",
        dtype=pl.Float64,
        meaning="Geometric mean of the medians of all queries it can express. None: not all of "
        "them are ok in every cell.",
    ),
    Column(
        name="geometric_mean_p50_low_ns",
        dtype=pl.Float64,
        meaning=f"Lower end of its 95 % interval. {_SPREAD}",
    ),
    Column(
        name="geometric_mean_p50_high_ns",
        dtype=pl.Float64,
        meaning=f"Upper end of its 95 % interval. {_SPREAD}",
    ),
    Column(
        name="load_ns",
        dtype=pl.Float64,
        meaning="Median of the loads. None: they were loaded at another level, or not at all.",
    ),
    Column(name="loads", dtype=pl.Int64, meaning="How many loads that is over."),
    Column(
        name="size_bytes",
        dtype=pl.Int64,
        meaning="The most that all stores took on disk after the load. None: not known.",
    ),
    Column(
        name="memory_peak_bytes",
        dtype=pl.Int64,
        meaning="The most that the servers held in load and measured runs, each at its own peak. "
        "None: not all of them were read.",
    ),
)

_QUERY_COLUMNS = (
    *LEVEL,
    QUERY,
    Column(name="name", dtype=pl.String, meaning="Name of the query."),
    _CELLS,
    Column(
        name="outcome",
        dtype=pl.String,
        meaning="The gravest over the repetitions; only ``ok`` may be ranked.",
    ),
    Column(name="reason", dtype=pl.String, meaning="Why it is not ok, in words. None: it is."),
    Column(name="planned_runs", dtype=pl.Int64, meaning="Measured runs planned."),
    Column(
        name="answered_runs", dtype=pl.Int64, meaning="Those that gave an answer, right or wrong."
    ),
    Column(name="n", dtype=pl.Int64, meaning=f"Latencies in the figures. {_WITHOUT}"),
    *(
        Column(name=f"{name}_ns", dtype=pl.Float64, meaning=f"{text} {_WITHOUT}")
        for name, text in {
            "min": "The shortest.",
            "p50": "Median.",
            "p95": "95th percentile.",
            "p99": "99th percentile.",
            "max": "The longest.",
            "mean": "Arithmetic mean.",
        }.items()
    ),
    *(
        Column(
            name=f"{name}_{end}_ns",
            dtype=pl.Float64,
            meaning=f"{text} end of the 95 % interval of {name}. {_SPREAD}",
        )
        for name in ("p50", "p95")
        for end, text in {"low": "Lower", "high": "Upper"}.items()
    ),
    Column(name="repetitions", dtype=pl.Int64, meaning="Cells that gave an answer."),
    Column(
        name="resampled",
        dtype=pl.String,
        meaning="What the intervals take as drawn independently: ``repetition`` or ``execution``.",
    ),
    Column(
        name="instability",
        dtype=pl.String,
        meaning="Why the figures mean little, in words. None: nothing speaks against them.",
    ),
)


def summary_tables(summary: CampaignSummary) -> tuple[Table, ...]:
    """Give the tables ``levels`` and ``queries``."""
    return (
        make_table(
            "levels",
            "a scenario on a profile at a RAM level, over its repetitions",
            _LEVEL_COLUMNS,
            lambda: map(_level, summary.levels),
        ),
        make_table(
            "queries",
            "a query at a level, over its repetitions",
            _QUERY_COLUMNS,
            lambda: map(_query, summary.queries),
        ),
    )


def _level(level: LevelSummary) -> Row:
    mean = level.geometric_mean_interval
    return {
        "profile": level.profile,
        "scenario": level.scenario,
        "ram_bytes": level.ram_bytes,
        "cells": " ".join(level.cells),
        "missing_cells": " ".join(level.missing_cells),
        "outcome": None if level.outcome is None else level.outcome.value,
        "reason": level.reason,
        "is_ok": level.is_ok,
        "geometric_mean_p50_ns": level.geometric_mean_p50_ns,
        **_ends("geometric_mean_p50", mean),
        "load_ns": level.load_ns,
        "loads": level.loads,
        "size_bytes": level.size_bytes,
        "memory_peak_bytes": level.peak_bytes,
    }


def _query(query: QuerySummary) -> Row:
    return {
        "profile": query.profile,
        "scenario": query.scenario,
        "ram_bytes": query.ram_bytes,
        "query": query.query,
        "name": query.name,
        "cells": " ".join(query.cells),
        "outcome": query.outcome.value,
        "reason": query.reason,
        "planned_runs": query.planned_runs,
        "answered_runs": query.answered_runs,
        **_figures(query),
        "repetitions": query.repetitions,
        "resampled": query.resampled.value,
        "instability": "; ".join(query.instability) or None,
    }


def _figures(query: QuerySummary) -> Row:
    latency = query.latency
    if latency is None:
        return {}
    return {
        "n": latency.n,
        "min_ns": latency.min_ns,
        "p50_ns": latency.p50_ns,
        "p95_ns": latency.p95_ns,
        "p99_ns": latency.p99_ns,
        "max_ns": latency.max_ns,
        "mean_ns": latency.mean_ns,
        **_ends("p50", latency.p50_interval),
        **_ends("p95", latency.p95_interval),
    }


def _ends(name: str, interval: Interval | None) -> Mapping[str, float]:
    if interval is None:
        return {}
    return {f"{name}_low_ns": interval.low_ns, f"{name}_high_ns": interval.high_ns}
