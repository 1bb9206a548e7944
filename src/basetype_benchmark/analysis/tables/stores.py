"""Tables of loads: each store, and the timed parts of its load."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import polars as pl

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.tables.table import (
    CELL,
    ENGINE,
    Column,
    Row,
    Table,
    columns_of,
    make_table,
)
from basetype_benchmark.benchmark.results import PhaseResult, StoreResult

_STORE_COLUMNS = (
    CELL,
    ENGINE,
    *columns_of(StoreResult, {"version": pl.String}),
    Column(name="load_ns", dtype=pl.Int64, meaning="The timed parts of its load together."),
    *columns_of(
        StoreResult,
        {"size_bytes": pl.Int64, "nodes": pl.Int64, "edges": pl.Int64, "samples": pl.Int64},
    ),
    Column(
        name="details",
        dtype=pl.String,
        meaning="What else the engine tells of itself, by name, as JSON.",
    ),
)

_LOAD_COLUMNS = (
    CELL,
    ENGINE,
    Column(name="phase", dtype=pl.String, meaning="Name of the part: ``series``, ``indexes``, ..."),
    *columns_of(PhaseResult, {"elapsed_ns": pl.Int64, "items": pl.Int64}),
)


def store_tables(data: CampaignData) -> tuple[Table, ...]:
    """Give the tables ``stores`` and ``loads``."""
    return (
        make_table(
            "stores", "a store that a cell has loaded", _STORE_COLUMNS, lambda: _stores(data)
        ),
        make_table(
            "loads", "a timed part of the load of a store", _LOAD_COLUMNS, lambda: _loads(data)
        ),
    )


def _loaded(data: CampaignData) -> Iterator[tuple[str, StoreResult]]:
    for record in data.cells:
        load = record.result.load
        for store in () if load is None else load.stores:
            yield record.cell, store


def _stores(data: CampaignData) -> Iterator[Row]:
    for cell, store in _loaded(data):
        yield {
            "cell": cell,
            "engine": store.engine,
            "version": store.version,
            "load_ns": sum(phase.elapsed_ns for phase in store.phases),
            "size_bytes": store.size_bytes,
            "nodes": store.nodes,
            "edges": store.edges,
            "samples": store.samples,
            "details": orjson.dumps(store.details).decode(),
        }


def _loads(data: CampaignData) -> Iterator[Row]:
    for cell, store in _loaded(data):
        for phase in store.phases:
            yield {
                "cell": cell,
                "engine": store.engine,
                "phase": phase.name,
                "elapsed_ns": phase.elapsed_ns,
                "items": phase.items,
            }
