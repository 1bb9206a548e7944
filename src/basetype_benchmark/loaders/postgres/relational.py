"""Loads scenario P1: the graph as tables and the series, in one server."""

from __future__ import annotations

from collections import Counter

from psycopg import sql

from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.postgres_client import SCHEMA, PostgresConnection
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.base import LoadLimits, StoredCounts, StoreLoad
from basetype_benchmark.loaders.postgres.arrow_copy import copy_batches
from basetype_benchmark.loaders.postgres.phases import PhaseClock
from basetype_benchmark.loaders.postgres.series_table import load_series, size_bytes
from basetype_benchmark.loaders.postgres.storage import JUNCTIONS, NODE_TABLES, RELATION_COLUMNS
from basetype_benchmark.loaders.postgres.store import (
    create_schema,
    drop_schema,
    run_script,
    scalar,
    session,
    settle,
)
from basetype_benchmark.loaders.postgres.tables import relational_tables
from basetype_benchmark.progress import Progress


class RelationalLoader:
    """A `Loader` of graph and series into a running PostgreSQL or TimescaleDB."""

    def __init__(self, service: Service, limits: LoadLimits | None = None) -> None:
        self._service = service
        self._limits = limits or LoadLimits()

    def clear(self) -> None:
        """Remove our schema with all that is in it."""
        with session(self._service, "clearing P1", self._limits.phase_s) as connection:
            drop_schema(connection)

    def load(self, dataset: Dataset, progress: Progress) -> StoreLoad:
        """Create the tables, load graph and series, index, gather statistics; see `Loader.load`."""
        with session(self._service, "loading P1", self._limits.phase_s) as connection:
            clock = PhaseClock(connection, self._service, self._limits)
            _load_graph(clock, dataset, progress)
            details = load_series(clock, dataset, progress)
            with clock.phase("statistics"):
                settle(connection)
            return StoreLoad(
                phases=clock.phases, size_bytes=size_bytes(connection), details=details
            )

    def count(self) -> StoredCounts:
        """Count nodes by type, relations by type, and samples."""
        with session(self._service, "counting P1", self._limits.phase_s) as connection:
            return StoredCounts(
                nodes=_count_nodes(connection),
                edges=_count_relations(connection),
                samples=scalar(connection, "SELECT count(*) FROM sample"),
            )


def _load_graph(clock: PhaseClock, dataset: Dataset, progress: Progress) -> None:
    connection = clock.connection
    with clock.phase("graph schema"):
        create_schema(connection)
        run_script(connection, "schema.sql")
    with clock.phase("graph") as items, progress.task("graph", unit="rows") as task:
        items.count = 0
        for filled in relational_tables(dataset.nodes(), dataset.edges()):
            items.count += copy_batches(
                connection,
                sql.Identifier(SCHEMA, filled.table),
                filled.rows.to_batches(),
                schema=filled.rows.schema,
                task=task,
                stall_s=clock.limits.stall_s,
            )
    with clock.phase("graph keys and indexes"):
        run_script(connection, "constraints.sql")


def _count_nodes(connection: PostgresConnection) -> dict[str, int]:
    count = sql.SQL("SELECT count(*) FROM {}")
    return {
        table.type.value: scalar(connection, count.format(sql.Identifier(SCHEMA, table.table)))
        for table in NODE_TABLES
    }


def _count_relations(connection: PostgresConnection) -> dict[str, int]:
    table_of = {table.type: table.table for table in NODE_TABLES}
    counts: Counter[str] = Counter()
    for column in RELATION_COLUMNS:
        query = sql.SQL("SELECT count({}) FROM {}").format(
            sql.Identifier(column.column), sql.Identifier(SCHEMA, table_of[column.holder])
        )
        counts[column.relation.value] += scalar(connection, query)
    for junction in JUNCTIONS:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(SCHEMA, junction.table))
        counts[junction.relation.value] += scalar(connection, query)
    return dict(counts)
