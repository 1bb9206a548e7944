"""Tables of all that was read: samples of queries, and readings of resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import polars as pl
import pyarrow as pa

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.tables.table import Column, Table, texts_of
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.execution import ClientWork, Legs
from basetype_benchmark.benchmark.monitoring.resource_use import MeterRecord
from basetype_benchmark.benchmark.monitoring.resources_io import RESOURCES_SCHEMA
from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.benchmark.results import BenchmarkResult, Sample
from basetype_benchmark.benchmark.samples_io import SAMPLES_SCHEMA

_READING_TEXTS = {
    "phase": "In which phase. None: between two phases.",
    "moment": "Why it was taken: ``begin`` and ``end`` of the phase, ``timed`` in between.",
    "t_ns": "When, after the begin of the cell.",
}


def raw_tables(data: CampaignData) -> tuple[Table, ...]:
    """Give the tables ``samples`` and ``resources``."""
    return (
        _table(
            "samples",
            "a measured execution",
            SAMPLES_SCHEMA,
            _sample_texts(),
            lambda: _samples(data),
        ),
        _table(
            "resources",
            "a reading of one source",
            RESOURCES_SCHEMA,
            _reading_texts(),
            lambda: _readings(data),
        ),
    )


def _table(
    name: str,
    row: str,
    schema: pa.Schema,
    texts: Mapping[str, str],
    read: Callable[[], Iterator[pl.DataFrame]],
) -> Table:
    empty = pl.from_arrow(schema.empty_table())
    assert isinstance(empty, pl.DataFrame)  # of a table, never a series
    columns = tuple(
        Column(name=column, dtype=dtype, meaning=texts[column])
        for column, dtype in empty.schema.items()
    )
    return Table(name=name, row=row, columns=columns, read=lambda: pl.concat([empty, *read()]))


def _samples(data: CampaignData) -> Iterator[pl.DataFrame]:
    return (data.cell_samples(record.cell, SAMPLES_SCHEMA.names) for record in data.cells)


def _readings(data: CampaignData) -> Iterator[pl.DataFrame]:
    return (data.readings(record.cell) for record in data.cells)


def _sample_texts() -> Mapping[str, str]:
    """Say what the columns mean, by the records that they are made of."""
    return {
        **texts_of(CellRecord),
        **texts_of(BenchmarkResult),
        **texts_of(Legs),
        **texts_of(ClientWork),
        **texts_of(Sample),
    }


def _reading_texts() -> Mapping[str, str]:
    return {
        "cell": texts_of(CellRecord)["cell"],
        "source": texts_of(MeterRecord)["source"],
        **texts_of(Reading),
        **_READING_TEXTS,
    }
