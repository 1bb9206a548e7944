"""Tables as CSV, as COPY and LOAD CSV read it: RFC 4180, with a header, lines end as on Unix.

A null is an empty field, an empty text is ``""``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

import polars as pl
import pyarrow as pa

from basetype_benchmark.dataset.export.folder import ExportFolder
from basetype_benchmark.dataset.partitions import Partition, series_partitions
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.progress import Task

SERIES_FOLDER = "sample"
SERIES_COLUMNS = ("time", "point_id", "value")

_TIME_FORMAT = "%Y-%m-%d %H:%M:%S%.3fZ"


def write_table(folder: ExportFolder, name: str, rows: pa.Table) -> None:
    """Write a table as one file."""
    write_batches(folder, name, rows.schema, rows.to_batches(max_chunksize=1 << 16))


def write_batches(
    folder: ExportFolder, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]
) -> int:
    """Write batches of one schema as one file; gives the number of rows."""
    with folder.open_data(name) as file:
        file.write(_encode(pl.DataFrame(schema.empty_table()), with_header=True))
        for batch in batches:
            file.write(_encode(pl.DataFrame(pa.Table.from_batches([batch]))), batch.num_rows)
    return file.rows


def write_series(dataset: Dataset, folder: ExportFolder, task: Task) -> int:
    """Write the samples, one file per building and day; gives their number.

    Raises:
        DatasetError: a file cannot be read.
        DiskFull: there is no space left.
    """
    rows = 0
    for partition in series_partitions(dataset):
        with folder.open_data(series_name(partition)) as file:
            file.write((",".join(SERIES_COLUMNS) + "\n").encode())
            for batch in dataset.series_batches(partition.files):
                file.write(_encode(_decoded(batch)), batch.num_rows)
                task.advance(batch.num_rows)
        rows += file.rows
    return rows


def series_name(partition: Partition) -> str:
    """Name the file of the samples of a building and day, without ``.gz``."""
    return f"{SERIES_FOLDER}/{partition.building_id}/{partition.day}.csv"


def _decoded(batch: pa.RecordBatch) -> pl.DataFrame:
    # Without its zone, which is UTC, a time is written twice as fast; `_TIME_FORMAT` names it.
    times = batch.column("time").cast(pa.timestamp("ms"))
    ids = batch.column("point_id").cast(pa.string())
    return pl.DataFrame(pa.table([times, ids, batch.column("value")], list(SERIES_COLUMNS)))


def _encode(rows: pl.DataFrame, *, with_header: bool = False) -> bytes:
    buffer = io.BytesIO()
    rows.write_csv(buffer, include_header=with_header, datetime_format=_TIME_FORMAT)
    return buffer.getvalue()
