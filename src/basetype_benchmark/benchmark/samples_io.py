"""Writes and reads every sample: a table for each cell as it ends, and one of them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.execution import ClientWork, Legs
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.results import Sample
from basetype_benchmark.benchmark.tables_io import join_tables, read_table, write_table
from basetype_benchmark.errors import CheckFailed

SAMPLES_FILE = "samples.parquet"

_Part = TypeVar("_Part", Legs, ClientWork)

SAMPLES_SCHEMA = pa.schema(
    [
        pa.field("cell", pa.string(), nullable=False),
        pa.field("profile", pa.string(), nullable=False),
        pa.field("scenario", pa.string(), nullable=False),
        pa.field("ram_bytes", pa.int64()),
        pa.field("repetition", pa.int32(), nullable=False),
        pa.field("query", pa.string(), nullable=False),
        pa.field("variant", pa.int32(), nullable=False),
        pa.field("run", pa.int32(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("rows", pa.int64()),
        pa.field("elapsed_ns", pa.int64()),
        pa.field("graph_ns", pa.int64()),
        pa.field("transfer_ns", pa.int64()),
        pa.field("series_ns", pa.int64()),
        pa.field("fetch_ns", pa.int64()),
        pa.field("decode_ns", pa.int64()),
        pa.field("aggregate_ns", pa.int64()),
        pa.field("received_bytes", pa.int64()),
        pa.field("chunks", pa.int64()),
        pa.field("decoded_samples", pa.int64()),
    ]
)
_ROWS_AT_ONCE = 50_000
_OUTCOMES = frozenset(outcome.value for outcome in Outcome)


def samples_path(cells_dir: Path, cell: str) -> Path:
    """Where the samples of one cell stand, beside its result."""
    return cells_dir / f"{cell}.{SAMPLES_FILE}"


def write_cell_samples(cells_dir: Path, record: CellRecord) -> str:
    """Write every sample of a cell, latencies unrounded; give the SHA-256 of the file."""
    return write_table(
        samples_path(cells_dir, record.cell), SAMPLES_SCHEMA, _batches(_sample_rows(record))
    )


def join_samples(folder: Path, cells_dir: Path, cells: Sequence[str]) -> Path:
    """Write ``samples.parquet``: the samples of these cells, in this order.

    Raises:
        CheckFailed: the table of a cell is missing, torn, or not of this version.
    """
    path = folder / SAMPLES_FILE
    join_tables(path, SAMPLES_SCHEMA, [samples_path(cells_dir, cell) for cell in cells])
    return path


def read_samples(path: Path) -> pa.Table:
    """Read the samples of one cell, or of all.

    Raises:
        CheckFailed: the file is missing, torn, or not of this version.
    """
    table = read_table(path, SAMPLES_SCHEMA)
    for outcome in table.column("outcome").unique().to_pylist():
        if outcome not in _OUTCOMES:
            raise CheckFailed(
                f"{path} is not a result of this version: there is no outcome {outcome!r}"
            )
    return table


def attach_samples(record: CellRecord, table: pa.Table) -> CellRecord:
    """Give a result with the samples of its table, as when it was measured."""
    by_query: dict[str, list[Sample]] = {}
    for row in table.to_pylist():
        by_query.setdefault(row["query"], []).append(_sample_of(row))
    queries = tuple(
        replace(query, samples=tuple(by_query.get(query.query, ())))
        for query in record.result.queries
    )
    return replace(record, result=replace(record.result, queries=queries))


def without_samples(record: CellRecord) -> CellRecord:
    """Leave out what is written as a table, and would fill the memory in a long campaign."""
    queries = tuple(replace(query, samples=()) for query in record.result.queries)
    return replace(record, result=replace(record.result, queries=queries))


def _sample_of(row: Mapping[str, Any]) -> Sample:
    return Sample(
        query=row["query"],
        variant=row["variant"],
        run=row["run"],
        outcome=Outcome(row["outcome"]),
        rows=row["rows"],
        elapsed_ns=row["elapsed_ns"],
        legs=_part_of(Legs, row),
        client=_part_of(ClientWork, row),
    )


def _part_of(kind: type[_Part], row: Mapping[str, Any]) -> _Part | None:
    """Give the part of a row that stands for a record of integers; None where it is null."""
    values = {name: row[name] for name in (field.name for field in fields(kind))}
    return None if None in values.values() else kind(**values)


def _sample_rows(record: CellRecord) -> Iterator[dict[str, str | int | None]]:
    for query in record.result.queries:
        for sample in query.samples:
            yield _sample_row(record, sample)


def _sample_row(record: CellRecord, sample: Sample) -> dict[str, str | int | None]:
    """Give one row; what it leaves out is null."""
    return {
        "cell": record.cell,
        "profile": record.result.profile,
        "scenario": record.result.scenario,
        "ram_bytes": record.ram_bytes,
        "repetition": record.repetition,
        "query": sample.query,
        "variant": sample.variant,
        "run": sample.run,
        "outcome": sample.outcome.value,
        "rows": sample.rows,
        "elapsed_ns": sample.elapsed_ns,
        **({} if sample.legs is None else asdict(sample.legs)),
        **({} if sample.client is None else asdict(sample.client)),
    }


def _batches(rows: Iterable[dict[str, str | int | None]]) -> Iterator[pa.Table]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _ROWS_AT_ONCE)):
        yield pa.Table.from_pylist(batch, schema=SAMPLES_SCHEMA)
