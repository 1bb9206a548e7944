"""Writes and reads every resource reading: a table for each cell, and one of them all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from basetype_benchmark.benchmark.monitoring.reading_log import FIELDS, ReadingLog
from basetype_benchmark.benchmark.tables_io import join_tables, read_table, write_table

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


def readings_path(cells_dir: Path, cell: str) -> Path:
    """Where the readings of one cell stand, beside its result."""
    return cells_dir / f"{cell}.{RESOURCES_FILE}"


def write_cell_readings(cells_dir: Path, cell: str, log: ReadingLog) -> str:
    """Write what was read while a cell ran; give the SHA-256 of the file."""
    return write_table(readings_path(cells_dir, cell), RESOURCES_SCHEMA, [_table(cell, log)])


def join_readings(folder: Path, cells_dir: Path, cells: Sequence[str]) -> Path:
    """Write ``resources.parquet``: the readings of these cells, in this order.

    Raises:
        CheckFailed: the table of a cell is missing, torn, or not of this version.
    """
    path = folder / RESOURCES_FILE
    join_tables(path, RESOURCES_SCHEMA, [readings_path(cells_dir, cell) for cell in cells])
    return path


def read_readings(path: Path) -> pa.Table:
    """Read the readings of one cell, or of all.

    Raises:
        CheckFailed: the file is missing, torn, or not of this version.
    """
    return read_table(path, RESOURCES_SCHEMA)


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
