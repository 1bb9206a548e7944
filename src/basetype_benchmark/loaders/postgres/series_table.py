"""The table `sample`: day partitions, or a hypertable where the server has TimescaleDB.

All that differs between the two is in this module. `create_hypertable` in this form needs
TimescaleDB 2.13 or later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, LiteralString

import pyarrow as pa
from psycopg import sql

from basetype_benchmark.dataset.export.relational.scripts import (
    SERIES_INDEX,
    SERIES_NATIVE,
    SERIES_TIMESCALEDB,
)
from basetype_benchmark.dataset.model import TIME_TYPE
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import LoadError
from basetype_benchmark.infrastructure.clients.postgres_client import SCHEMA, PostgresConnection
from basetype_benchmark.infrastructure.services.postgres_identity import (
    EDITIONS,
    TIMESCALEDB_QUERY,
)
from basetype_benchmark.loaders.postgres.arrow_copy import copy_batches
from basetype_benchmark.loaders.postgres.phases import PhaseClock
from basetype_benchmark.loaders.postgres.store import run_script, scalar
from basetype_benchmark.progress import Progress, Task

COPY_SCHEMA = pa.schema(
    [
        pa.field("time", TIME_TYPE, nullable=False),
        pa.field("point_id", pa.string(), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
    ]
)
"""The series as COPY takes it: point ids decoded."""

TABLE = sql.Identifier(SCHEMA, "sample")


_FEATURES = "compression, continuous aggregates, gap filling, policies"
_WITHOUT = f"without {_FEATURES}"
_UNUSED = f"{_FEATURES}: there, not used"


def has_timescaledb(connection: PostgresConnection) -> bool:
    """Whether the server can make hypertables."""
    return connection.execute(TIMESCALEDB_QUERY).fetchone() is not None


def load_series(clock: PhaseClock, dataset: Dataset, progress: Progress) -> dict[str, str]:
    """Create the table, fill it, index it; give what the result should say of it."""
    connection = clock.connection
    is_hypertable = has_timescaledb(connection)
    (_load_hypertable if is_hypertable else _load_partitions)(clock, dataset, progress)
    with clock.phase("series index"):
        run_script(connection, SERIES_INDEX)
    if is_hypertable:
        return _describe_hypertable(connection)
    return {"series_table": "natively partitioned by day"}


def size_bytes(connection: PostgresConnection) -> int:
    """Bytes on disk of all our tables and indexes, a hypertable's chunks included."""
    total = scalar(
        connection,
        "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class AS c "
        "JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND c.relkind = 'r'",
        (SCHEMA,),
    )
    if has_timescaledb(connection):  # its chunks lie in another schema
        total += scalar(
            connection,
            "SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint "
            "FROM pg_inherits WHERE inhparent = to_regclass('sample')",
        )
    return total


def _describe_hypertable(connection: PostgresConnection) -> dict[str, str]:
    """Say what TimescaleDB's catalogue has of it, and what the server could do besides."""
    chunks, compressed, licence = _only_row(
        connection,
        "SELECT h.num_chunks, count(*) FILTER (WHERE c.is_compressed), "
        "current_setting('timescaledb.license') "
        "FROM timescaledb_information.hypertables AS h "
        "LEFT JOIN timescaledb_information.chunks AS c USING (hypertable_schema, hypertable_name) "
        "WHERE h.hypertable_schema = %s AND h.hypertable_name = 'sample' GROUP BY h.num_chunks",
    )
    unused = _WITHOUT if licence == "apache" else _UNUSED
    return {
        "series_table": f"hypertable, {chunks} chunks of one day, {compressed} of them compressed",
        "timescaledb": f"{EDITIONS.get(licence, licence)} edition; {unused}",
    }


def _only_row(connection: PostgresConnection, query: LiteralString) -> tuple[Any, ...]:
    row = connection.execute(query, (SCHEMA,)).fetchone()
    if row is None:
        raise LoadError(
            "TimescaleDB does not know the table sample as a hypertable after it was made one; "
            "look at the server's log"
        )
    return row


def _load_partitions(clock: PhaseClock, dataset: Dataset, progress: Progress) -> None:
    """COPY each day straight into its partition: no routing of rows through the parent.

    The partition is made in the transaction that fills it, which allows FREEZE, and lets a server
    with `wal_level = minimal` skip the log.
    """
    connection = clock.connection
    with clock.phase("series schema"):
        run_script(connection, SERIES_NATIVE)
    samples = dataset.manifest.counts.samples
    with clock.phase("series") as items, progress.task("series", samples, "rows") as task:
        items.count = 0
        for day, paths in _files_by_day(dataset):
            with connection.transaction():
                partition = _create_partition(connection, day)
                items.count += _copy(clock, dataset, paths, partition, task, freeze=True)


def _load_hypertable(clock: PhaseClock, dataset: Dataset, progress: Progress) -> None:
    connection = clock.connection
    with clock.phase("series schema"):
        connection.execute("CREATE EXTENSION IF NOT EXISTS timescaledb SCHEMA public")
        run_script(connection, SERIES_TIMESCALEDB)
    samples = dataset.manifest.counts.samples
    with clock.phase("series") as items, progress.task("series", samples, "rows") as task:
        items.count = 0
        for _, paths in _files_by_day(dataset):
            items.count += _copy(clock, dataset, paths, TABLE, task, freeze=False)


def _copy(
    clock: PhaseClock,
    dataset: Dataset,
    paths: list[Path],
    table: sql.Identifier,
    task: Task,
    *,
    freeze: bool,
) -> int:
    return copy_batches(
        clock.connection,
        table,
        dataset.series_batches(paths),
        schema=COPY_SCHEMA,
        task=task,
        stall_s=clock.limits.stall_s,
        freeze=freeze,
    )


def _create_partition(connection: PostgresConnection, day: date) -> sql.Identifier:
    name = sql.Identifier(SCHEMA, f"sample_{day:%Y_%m_%d}")
    connection.execute(
        sql.SQL("CREATE TABLE {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})").format(
            name,
            TABLE,
            sql.Literal(f"{day.isoformat()} 00:00:00+00"),
            sql.Literal(f"{(day + timedelta(days=1)).isoformat()} 00:00:00+00"),
        )
    )
    return name


def _files_by_day(dataset: Dataset) -> Iterator[tuple[date, list[Path]]]:
    def day_of(path: Path) -> str:
        return path.parent.name.removeprefix("day=")

    ordered = sorted(dataset.series_files(), key=lambda path: (day_of(path), path))
    for day, paths in groupby(ordered, key=day_of):
        yield date.fromisoformat(day), list(paths)
