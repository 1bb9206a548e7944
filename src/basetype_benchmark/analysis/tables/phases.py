"""Tables of what each source used: by phase, and by query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields

import polars as pl

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.tables.table import (
    CELL,
    QUERY,
    Column,
    Row,
    Table,
    columns_of,
    make_table,
)
from basetype_benchmark.benchmark.monitoring.resource_use import (
    CellUse,
    MeterRecord,
    PhaseUse,
    QueryUse,
    SourceUse,
)

_BOOLEANS = frozenset({"memory_peak_is_exact", "is_whole"})
_METER = Column(name="meter", dtype=pl.String, meaning="What reads the source.")
_LIMIT = Column(
    name="limit_bytes",
    dtype=pl.Int64,
    meaning="The limit that the kernel holds the source to. None: there is none.",
)

_PHASE_COLUMNS = (
    CELL,
    *columns_of(
        PhaseUse,
        {
            "phase": pl.String,
            "begin_ns": pl.Int64,
            "elapsed_ns": pl.Int64,
            "package_energy_j": pl.Float64,
        },
    ),
    *columns_of(SourceUse, {"source": pl.String}),
    _METER,
    _LIMIT,
    *columns_of(
        SourceUse,
        {
            field.name: pl.Boolean if field.name in _BOOLEANS else pl.Int64
            for field in fields(SourceUse)
            if field.name != "source"
        },
    ),
)

_QUERY_COLUMNS = (
    CELL,
    QUERY,
    *columns_of(QueryUse, {"source": pl.String}),
    *columns_of(
        QueryUse,
        {
            "executions": pl.Int64,
            "cpu_ns": pl.Int64,
            "read_bytes": pl.Int64,
            "memory_peak_bytes": pl.Int64,
        },
    ),
)


def use_tables(data: CampaignData) -> tuple[Table, ...]:
    """Give the tables ``phases`` and ``query_resources``."""
    return (
        make_table(
            "phases",
            "what a source used in a phase of a cell",
            _PHASE_COLUMNS,
            lambda: _phases(data),
        ),
        make_table(
            "query_resources",
            "what a source used in measured executions of a query",
            _QUERY_COLUMNS,
            lambda: _query_uses(data),
        ),
    )


def _phases(data: CampaignData) -> Iterator[Row]:
    for record in data.cells:
        use = record.result.resources
        for phase in () if use is None else use.phases:
            for source in phase.sources:
                assert use is not None  # it has phases
                yield {
                    "cell": record.cell,
                    **_phase(phase),
                    **_meter(use, source),
                    **asdict(source),
                }


def _phase(phase: PhaseUse) -> Row:
    return {
        "phase": phase.phase,
        "begin_ns": phase.begin_ns,
        "elapsed_ns": phase.elapsed_ns,
        "package_energy_j": phase.package_energy_j,
    }


def _meter(use: CellUse, source: SourceUse) -> Row:
    found: MeterRecord | None = next((m for m in use.meters if m.source == source.source), None)
    return {} if found is None else {"meter": found.meter, "limit_bytes": found.ram_bytes}


def _query_uses(data: CampaignData) -> Iterator[Row]:
    for record in data.cells:
        for query in record.result.queries:
            for use in query.resources:
                yield {"cell": record.cell, "query": query.query, **asdict(use)}
