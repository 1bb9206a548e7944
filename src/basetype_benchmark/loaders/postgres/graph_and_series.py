"""Loads a scenario that one PostgreSQL holds alone: its graph in tables, and the series."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import pyarrow as pa
from psycopg import sql

from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.clients.postgres_client import SCHEMA, PostgresConnection
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.ahead import making_ahead
from basetype_benchmark.loaders.base import LoadLimits, StoredCounts, StoreLoad
from basetype_benchmark.loaders.postgres.arrow_copy import CopyPart, copy_parts, encode_copy
from basetype_benchmark.loaders.postgres.phases import PhaseClock
from basetype_benchmark.loaders.postgres.series_table import load_series, size_bytes
from basetype_benchmark.loaders.postgres.store import (
    create_schema,
    drop_schema,
    scalar,
    session,
    settle,
)
from basetype_benchmark.progress import Progress

ROWS_PER_PART = 1 << 11
"""Rows encoded at once, up to 1 MB: few, for no other thread runs while `pgpq` encodes."""

PARTS_AHEAD = 32
"""How far making goes ahead of the server: many small tables follow the one that takes longest."""


@dataclass(frozen=True, kw_only=True)
class TableRows:
    """Rows for one table, in its column names; every batch is of `schema`."""

    table: str
    schema: pa.Schema
    batches: Iterable[pa.RecordBatch]


@dataclass(frozen=True, kw_only=True)
class GraphLayout:
    """How one storage model keeps the graph in tables.

    `tables` makes them, `constraints` gives them keys and indexes once their rows are in.
    """

    scenario: str
    tables: bytes
    constraints: bytes
    rows: Callable[[Dataset], Iterator[TableRows]]
    count_nodes: Callable[[PostgresConnection], dict[str, int]]
    count_relations: Callable[[PostgresConnection], dict[str, int]]


class PostgresLoader:
    """A `Loader` of graph and series into a running PostgreSQL or TimescaleDB."""

    def __init__(
        self, service: Service, layout: GraphLayout, limits: LoadLimits | None = None
    ) -> None:
        self._service = service
        self._layout = layout
        self._limits = limits or LoadLimits()

    def clear(self) -> None:
        """Remove our schema with all that is in it."""
        doing = f"clearing {self._layout.scenario}"
        with session(self._service, doing, self._limits.phase_s) as connection:
            drop_schema(connection)

    def load(self, dataset: Dataset, progress: Progress) -> StoreLoad:
        """Create the tables, load graph and series, index, gather statistics; see `Loader.load`."""
        doing = f"loading {self._layout.scenario}"
        with session(self._service, doing, self._limits.phase_s) as connection:
            clock = PhaseClock(connection, self._service, self._limits)
            _load_graph(clock, self._layout, dataset, progress)
            details = load_series(clock, dataset, progress)
            with clock.phase("statistics"):
                settle(connection)
            return StoreLoad(
                phases=clock.phases, size_bytes=size_bytes(connection), details=details
            )

    def count(self) -> StoredCounts:
        """Count nodes by type, relations by type, and samples."""
        doing = f"counting {self._layout.scenario}"
        with session(self._service, doing, self._limits.phase_s) as connection:
            return StoredCounts(
                nodes=self._layout.count_nodes(connection),
                edges=self._layout.count_relations(connection),
                samples=scalar(connection, "SELECT count(*) FROM sample"),
            )


def _load_graph(
    clock: PhaseClock, layout: GraphLayout, dataset: Dataset, progress: Progress
) -> None:
    """The tables are made in the transaction that fills them, as the day partitions are.

    That allows FREEZE, and lets a server with `wal_level = minimal` skip the log.
    """
    connection = clock.connection
    with clock.phase("graph schema"):
        create_schema(connection)
    with (
        clock.phase("graph") as items,
        progress.task("graph", unit="rows") as task,
        making_ahead(_encoded(layout.rows(dataset)), most=PARTS_AHEAD) as parts,
        connection.transaction(),
    ):
        connection.execute(layout.tables)
        items.count = 0
        for (table, columns), of_table in groupby(parts, key=attrgetter("table", "columns")):
            items.count += copy_parts(
                connection,
                sql.Identifier(SCHEMA, table),
                columns,
                (part.part for part in of_table),
                task=task,
                stall_s=clock.limits.stall_s,
                freeze=True,
            )
    with clock.phase("graph keys and indexes"):
        connection.execute(layout.constraints)


@dataclass(frozen=True, kw_only=True)
class _TablePart:
    table: str
    columns: tuple[str, ...]
    part: CopyPart


def _encoded(tables: Iterator[TableRows]) -> Iterator[_TablePart]:
    for filled in tables:
        columns = tuple(filled.schema.names)
        for part in encode_copy(filled.batches, filled.schema, ROWS_PER_PART):
            yield _TablePart(table=filled.table, columns=columns, part=part)
