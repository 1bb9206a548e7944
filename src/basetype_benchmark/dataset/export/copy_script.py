"""The script that loads an export of CSV files into PostgreSQL with ``psql``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from basetype_benchmark.dataset.export.csv_files import SERIES_COLUMNS, series_name
from basetype_benchmark.dataset.export.folder import ExportFolder
from basetype_benchmark.dataset.export.relational import scripts
from basetype_benchmark.dataset.partitions import Partition

_HEAD = """\
-- Loads this export into an empty database of PostgreSQL 15 or later{needs}.
-- Run it in this folder: psql -d DATABASE -f {name}
\\set ON_ERROR_STOP on
BEGIN;
"""
_SERIES_SCRIPTS = (scripts.SERIES_NATIVE, scripts.SERIES_TIMESCALEDB, scripts.SERIES_INDEX)


@dataclass(frozen=True, kw_only=True)
class CopiedTable:
    """A table, and the columns of its file in their order."""

    table: str
    columns: Sequence[str]


def write_load_scripts(
    folder: ExportFolder,
    *,
    schema: bytes,
    constraints: bytes,
    tables: Sequence[CopiedTable],
    partitions: Sequence[Partition],
) -> None:
    """Write ``load.sql``, ``load_timescaledb.sql`` and the scripts that they include."""
    folder.write_text(scripts.TABLES, schema)
    folder.write_text(scripts.CONSTRAINTS, constraints)
    for name in _SERIES_SCRIPTS:
        folder.write_text(name, scripts.read_script(name))
    graph = [f"\\i {scripts.TABLES}", *(_copy(folder, t, f"{t.table}.csv") for t in tables)]
    tail = [f"\\i {scripts.CONSTRAINTS}", f"\\i {scripts.SERIES_INDEX}", "COMMIT;", "ANALYZE;", ""]
    native = [f"\\i {scripts.SERIES_NATIVE}", *_day_partitions(partitions)]
    hypertable = [
        "CREATE EXTENSION IF NOT EXISTS timescaledb;",
        f"\\i {scripts.SERIES_TIMESCALEDB}",
    ]
    series = [_copy(folder, _SAMPLE, series_name(partition)) for partition in partitions]
    for name, needs, table in (
        ("load.sql", "", native),
        ("load_timescaledb.sql", " with TimescaleDB 2.13 or later", hypertable),
    ):
        lines = [*graph, *table, *series, *tail]
        folder.write_text(name, _HEAD.format(name=name, needs=needs) + "\n".join(lines))


_SAMPLE = CopiedTable(table="sample", columns=SERIES_COLUMNS)


def _copy(folder: ExportFolder, table: CopiedTable, name: str) -> str:
    source = f"'{name}'"
    if folder.gzip:
        source = f"PROGRAM 'gzip -dc {folder.data_name(name)}'"
    columns = ", ".join(table.columns)
    return f"\\copy {table.table} ({columns}) FROM {source} WITH (FORMAT csv, HEADER true)"


def _day_partitions(partitions: Iterable[Partition]) -> list[str]:
    days = sorted({partition.day for partition in partitions})
    return [
        f"CREATE TABLE sample_{day:%Y_%m_%d} PARTITION OF sample "
        f"FOR VALUES FROM ('{day} 00:00:00+00') TO ('{day + timedelta(days=1)} 00:00:00+00');"
        for day in days
    ]
