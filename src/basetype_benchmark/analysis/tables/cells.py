"""Tables of cells and of the variants of their queries."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import polars as pl

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.tables.table import (
    CELL,
    LEVEL,
    QUERY,
    Column,
    Row,
    Table,
    columns_of,
    make_table,
)
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.results import BenchmarkResult, VariantResult

_UTC = pl.Datetime("us", "UTC")

_CELL_COLUMNS = (
    CELL,
    *LEVEL,
    *columns_of(CellRecord, {"repetition": pl.Int64}),
    *columns_of(
        BenchmarkResult, {"outcome": pl.String, "reason": pl.String, "error_type": pl.String}
    ),
    Column(
        name="is_ok",
        dtype=pl.Boolean,
        meaning="Whether it was completed and every query that it can express answered rightly.",
    ),
    Column(name="started_at", dtype=_UTC, meaning="When it began, in UTC."),
    *columns_of(
        BenchmarkResult,
        {"elapsed_ns": pl.Int64, "dataset_seed": pl.Int64, "dataset_fingerprint": pl.String},
    ),
    *columns_of(
        CellRecord,
        {"fingerprint": pl.String, "loaded_in_cell": pl.String, "caches_dropped": pl.Boolean},
    ),
    Column(
        name="load_ns",
        dtype=pl.Int64,
        meaning="From the empty schema to indexes and statistics ready, all stores. None: the "
        "load did not get through.",
    ),
    Column(
        name="size_bytes",
        dtype=pl.Int64,
        meaning="All stores on disk after the load. None: not known of all of them.",
    ),
)

_VARIANT_COLUMNS = (
    CELL,
    QUERY,
    Column(
        name="variant",
        dtype=pl.Int64,
        meaning="Which set of parameters, from 1; the same set on every scenario.",
    ),
    Column(name="parameters", dtype=pl.String, meaning="Values by name, as JSON."),
    *columns_of(
        VariantResult,
        {
            "expected_rows": pl.Int64,
            "expected_sha256": pl.String,
            "answer_sha256": pl.String,
            "outcome": pl.String,
            "reason": pl.String,
        },
    ),
    Column(
        name="differences",
        dtype=pl.String,
        meaning="What the first answer has other than the right one, as a list in JSON.",
    ),
)


def cell_tables(data: CampaignData) -> tuple[Table, ...]:
    """Give the tables ``cells`` and ``variants``."""
    return (
        make_table("cells", "a cell", _CELL_COLUMNS, lambda: map(_cell, data.cells)),
        make_table(
            "variants", "a variant of a query in a cell", _VARIANT_COLUMNS, lambda: _variants(data)
        ),
    )


def _cell(record: CellRecord) -> Row:
    result = record.result
    return {
        "cell": record.cell,
        "profile": result.profile,
        "scenario": result.scenario,
        "ram_bytes": record.ram_bytes,
        "repetition": record.repetition,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "error_type": result.error_type,
        "is_ok": result.is_ok,
        "started_at": result.started_at,
        "elapsed_ns": result.elapsed_ns,
        "dataset_seed": result.dataset_seed,
        "dataset_fingerprint": result.dataset_fingerprint,
        "fingerprint": record.fingerprint,
        "loaded_in_cell": record.loaded_in_cell,
        "caches_dropped": record.caches_dropped,
        "load_ns": None if result.load is None else result.load.elapsed_ns,
        "size_bytes": None if result.load is None else result.load.size_bytes,
    }


def _variants(data: CampaignData) -> Iterator[Row]:
    for record in data.cells:
        for query in record.result.queries:
            for variant in query.variants:
                yield {
                    "cell": record.cell,
                    "query": query.query,
                    "variant": variant.number,
                    "parameters": orjson.dumps(variant.parameters).decode(),
                    "expected_rows": variant.expected_rows,
                    "expected_sha256": variant.expected_sha256,
                    "answer_sha256": variant.answer_sha256,
                    "outcome": variant.outcome.value,
                    "reason": variant.reason,
                    "differences": orjson.dumps(variant.differences).decode(),
                }
