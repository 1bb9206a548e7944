"""Loads a dataset into DuckDB: the relational tables of the graph, and the series.

By DuckDB's own bulk path: the server reads Parquet files itself, the series from the dataset and
the graph from files made for it. The series keeps the order of the dataset, by day, building,
point and time: DuckDB knows the least and the greatest value of each 122 880 rows, so that a window
reads the days it touches. Sorted by point before that, the table takes 1.8 times the disk, and a
window touches all of it.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path

import pyarrow.parquet as pq

from basetype_benchmark.dataset.export.relational.layout import (
    JUNCTIONS,
    NODE_TABLES,
    RELATION_COLUMNS,
    RELATION_PROPERTIES,
)
from basetype_benchmark.dataset.export.relational.scripts import TABLES, read_script
from basetype_benchmark.dataset.export.relational.tables import relational_tables
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    LoadingStalled,
    QueryFailed,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.duckdb_client import DuckDBClient
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.base import (
    LoadLimits,
    LoadPhase,
    StoredCounts,
    StoreLoad,
    load_error,
)
from basetype_benchmark.progress import Progress

SAMPLE = "sample"
ALL_TABLES = (
    *(table.table for table in NODE_TABLES),
    *(junction.table for junction in JUNCTIONS),
    RELATION_PROPERTIES,
    SAMPLE,
)

# The relational model's script names PostgreSQL's type, for which DuckDB has another name.
_CREATE_JSON = "CREATE TYPE jsonb AS json"
_DROP_JSON = "DROP TYPE IF EXISTS jsonb"
_CREATE_SAMPLE = """
CREATE TABLE sample (
    time timestamptz NOT NULL,
    point_id text NOT NULL,
    value double NOT NULL
)
"""
_INSERT_SAMPLES = """
INSERT INTO sample
SELECT time, point_id, value FROM read_parquet(%(files)s, hive_partitioning = false)
"""


def table_statements() -> tuple[str, ...]:
    """Give what creates the tables, those of the graph by the script that PostgreSQL is given."""
    return (_CREATE_JSON, read_script(TABLES).decode(), _CREATE_SAMPLE)


def key_statements() -> Iterator[str]:
    """Give what adds the keys once the graph is there."""
    for table in NODE_TABLES:
        yield f"ALTER TABLE {table.table} ADD PRIMARY KEY (id)"
    for junction in JUNCTIONS:
        if not junction.has_medium:  # which may be null, as no part of a key may be
            columns = f"{junction.source_column}, {junction.target_column}"
            yield f"ALTER TABLE {junction.table} ADD PRIMARY KEY ({columns})"


class DuckDBLoader:
    """A `Loader` of graph and series into a running DuckDB."""

    def __init__(self, service: Service, limits: LoadLimits | None = None) -> None:
        self._service = service
        self._limits = limits or LoadLimits()

    def clear(self) -> None:
        """Drop all tables of ours."""
        drops = [f"DROP TABLE IF EXISTS {table}" for table in ALL_TABLES]
        with self._client() as client:
            for text in (*drops, _DROP_JSON):
                client.execute(text, limit_s=self._limits.phase_s, doing="clearing D1")

    def load(self, dataset: Dataset, progress: Progress) -> StoreLoad:
        """Create the tables, load graph and series, add the keys; see `Loader.load`."""
        with self._client() as client:
            load = _Load(client, self._limits, progress)
            load.create_tables()
            load.insert_graph(dataset)
            load.add_keys()
            load.insert_series(dataset)
            load.settle()
        return StoreLoad(phases=tuple(load.phases), size_bytes=self._service.store_bytes())

    def count(self) -> StoredCounts:
        """Count nodes by type, relations by type, and samples."""
        with self._client() as client:
            count = partial(_count, client, self._limits.phase_s)
            return StoredCounts(
                nodes={table.type.value: count(table.table) for table in NODE_TABLES},
                edges=_count_relations(count),
                samples=count(SAMPLE),
            )

    @contextmanager
    def _client(self) -> Iterator[DuckDBClient]:
        client = DuckDBClient(self._service)
        try:
            yield client
        finally:
            client.close()


class _Load:
    """One load: its phases as they are done, each under its limits."""

    def __init__(self, client: DuckDBClient, limits: LoadLimits, progress: Progress) -> None:
        self.phases: list[LoadPhase] = []
        self._client = client
        self._limits = limits
        self._progress = progress
        self._phase = ""
        self._deadline = 0.0

    def create_tables(self) -> None:
        """Create all tables, by the script that PostgreSQL is given for the graph."""
        with self._timed("schema"):
            for text in table_statements():
                self._execute(text)

    def insert_graph(self, dataset: Dataset) -> None:
        """Fill the tables of the graph as one transaction."""
        with (
            self._timed("graph") as items,
            self._progress.task("graph", unit="rows") as task,
            tempfile.TemporaryDirectory(prefix="btb-graph-") as folder,
        ):
            file = Path(folder, "rows.parquet")
            self._execute("BEGIN")
            for filled in relational_tables(dataset.nodes(), dataset.edges()):
                pq.write_table(filled.rows, file)
                self._execute(
                    f"INSERT INTO {filled.table} BY NAME FROM read_parquet(%(file)s)",
                    {"file": str(file)},
                )
                items.append(filled.rows.num_rows)
                task.advance(filled.rows.num_rows)
            self._execute("COMMIT")

    def add_keys(self) -> None:
        """Give every table the key that the model states: a relation cannot be there twice.

        No further index: DuckDB uses one for a constant in the condition alone, never for a join,
        and reads a column of the biggest table of the graph in a millisecond.
        """
        with self._timed("graph keys"):
            for text in key_statements():
                self._execute(text)

    def insert_series(self, dataset: Dataset) -> None:
        """Fill the table of the series, a day at a time."""
        samples = dataset.manifest.counts.samples
        with (
            self._timed("series") as items,
            self._progress.task("series", samples, "rows") as task,
        ):
            for files in _files_by_day(dataset):
                answer = self._execute(_INSERT_SAMPLES, {"files": files})
                items.append(answer)
                task.advance(answer)

    def settle(self) -> None:
        """Write what the log holds into the database, so that no query waits for that."""
        with self._timed("checkpoint"):
            self._execute("CHECKPOINT")

    def _execute(self, text: str, parameters: Mapping[str, object] | None = None) -> int:
        """Execute a statement of the phase; give the number of rows that it says it wrote."""
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise self._limits.over_time(self._phase)
        limit_s = min(left_s, self._limits.stall_s)
        doing = f"loading, phase {self._phase!r},"
        try:
            answer = self._client.execute(text, parameters, limit_s=limit_s, doing=doing)
        except QueryTimeout as error:
            raise (
                self._stalled() if limit_s < left_s else self._limits.over_time(self._phase)
            ) from error
        except ServerDied:
            raise
        except QueryFailed as error:
            raise load_error(error) from error
        return int(answer.rows[0][0]) if answer.rows else 0

    def _stalled(self) -> LoadingStalled:
        return LoadingStalled(
            f"loading stalled in phase {self._phase!r}: one statement took more than "
            f"{self._limits.stall_s:g} s; look at DuckDB's log and its disk"
        )

    @contextmanager
    def _timed(self, phase: str) -> Iterator[list[int]]:
        """Time what is done inside the context as a phase; the list takes the rows written."""
        self._phase, self._deadline = phase, time.monotonic() + self._limits.phase_s
        written: list[int] = []
        start = time.perf_counter_ns()
        yield written
        elapsed_ns = time.perf_counter_ns() - start
        items = sum(written) if written else None
        self.phases.append(LoadPhase(name=phase, elapsed_ns=elapsed_ns, items=items))


def _files_by_day(dataset: Dataset) -> Iterator[list[str]]:
    """Give the series files of each day; absolute, since the server works in another folder."""

    def day_of(path: Path) -> str:
        return path.parent.name

    ordered = sorted(dataset.series_files(), key=lambda path: (day_of(path), path))
    for _, paths in groupby(ordered, key=day_of):
        yield [str(path.resolve()) for path in paths]


def _count_relations(count: Callable[..., int]) -> dict[str, int]:
    table_of = {table.type: table.table for table in NODE_TABLES}
    counts: Counter[str] = Counter()
    for column in RELATION_COLUMNS:
        counts[column.relation.value] += count(table_of[column.holder], column.column)
    for junction in JUNCTIONS:
        counts[junction.relation.value] += count(junction.table)
    return dict(counts)


def _count(client: DuckDBClient, limit_s: float, table: str, what: str = "*") -> int:
    """Count the rows of a table of ours, or the values of one of its columns."""
    query = f"SELECT count({what}) FROM {table}"  # noqa: S608 (names of the model, not data)
    answer = client.execute(query, limit_s=limit_s, doing="counting D1")
    return int(answer.rows[0][0])
