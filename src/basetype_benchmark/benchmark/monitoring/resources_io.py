"""Writes every resource reading of a campaign into one table, cell after cell."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from basetype_benchmark.atomic_files import write_atomically
from basetype_benchmark.benchmark.monitoring.reading_log import FIELDS, ReadingLog
from basetype_benchmark.errors import CheckFailed

RESOURCES_FILE = "resources.parquet"

RESOURCES_SCHEMA = pa.schema(
    [
        pa.field("cell", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("phase", pa.string()),
        pa.field("moment", pa.string(), nullable=False),
        pa.field("t_ns", pa.int64(), nullable=False),
        *(pa.field(name, pa.int64()) for name in FIELDS),
    ]
)


def add_readings(folder: Path, cell: str, log: ReadingLog) -> Path:
    """Put the readings of a cell into ``resources.parquet``, in place of those it had there.

    Raises:
        CheckFailed: the file that is there is not of this version.
    """
    path = folder / RESOURCES_FILE
    tables = [_table(cell, log)]
    if path.exists():
        kept = read_readings(folder)
        tables.insert(0, kept.filter(pc.not_equal(kept.column("cell"), cell)))
    sink = pa.BufferOutputStream()
    pq.write_table(pa.concat_tables(tables), sink, compression="zstd")
    write_atomically(path, sink.getvalue().to_pybytes())
    return path


def read_readings(folder: Path) -> pa.Table:
    """Read the table.

    Raises:
        CheckFailed: it is missing, torn, or not of this version.
    """
    path = folder / RESOURCES_FILE
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise CheckFailed(f"{path} cannot be read: {error}") from error
    if not table.schema.equals(RESOURCES_SCHEMA):
        raise CheckFailed(f"{path} is not a result of this version: its columns are others")
    return table


def _table(cell: str, log: ReadingLog) -> pa.Table:
    columns = {name: pa.array(values) for name, values in log.columns().items()}
    phases = columns["phase"]
    return pa.table(
        {
            "cell": pa.array([cell] * len(phases), pa.string()),
            **columns,
            "phase": pc.if_else(pc.equal(phases, ""), None, phases),
        },
        schema=RESOURCES_SCHEMA,
    )
