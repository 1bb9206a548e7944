"""Joins rows of a graph store with the series in PostgreSQL: the glue of a federated scenario.

A graph statement answers rows that carry point ids and the attributes to group by
(`Question.federated`). They enter SQL as one typed relation, the `{federated}` of a ``series.sql``:

- fewer than `BATCH_THRESHOLD` rows: arrays, one bound parameter per column, unnested;
- from there on, or when their number is not known: a temporary table, filled by COPY and analysed.

The statement always sees all rows at once. Rows sent in parts would give one partial answer each,
wrong for GROUP BY and for LIMIT. Ids are never pasted into SQL. The relation is a set, so that a
row that the graph store gives twice does not count twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql
from psycopg.adapt import PyFormat

from basetype_benchmark.infrastructure.clients.postgres_client import (
    PostgresConnection,
    column_names,
)
from basetype_benchmark.infrastructure.clients.statement_limit import StatementLimit
from basetype_benchmark.queries.catalog import BoundValue, Column, ColumnType, Question

Row = Sequence[Any]

BATCH_THRESHOLD = 10_000
"""Rows from which on a temporary table is used.

Measured with benchmarks/federation_threshold.py (PostgreSQL 18, 2 million samples): up to 1,000
rows arrays win by the 2 to 4 ms that creating and analysing a table cost; between 3,000 and 10,000
the two are equal within the noise; at 100,000 the table takes half to nine tenths of the time.
"""

FETCH_ROWS = 2_000
"""Answer rows that a streamed query holds at a time."""

_TEMPORARY = sql.Identifier("pg_temp", "federated")
_SQL_TYPES: Mapping[ColumnType, LiteralString] = {
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "bigint",
    ColumnType.FLOAT: "double precision",
    ColumnType.TIMESTAMP: "timestamptz",
    ColumnType.DATE: "date",
}


@dataclass(frozen=True, kw_only=True)
class FederatedAnswer:
    """All rows of an answer, and where the time went on this side.

    `transfer_ns` is what it took to hand the rows over: building the arrays (their travel is then
    part of the statement), or filling and analysing the temporary table. `series_ns` runs from the
    statement sent to its last row decoded.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    transfer_ns: int
    series_ns: int


class FederationHandler:
    """Runs the series leg of federated questions on one connection in autocommit.

    Errors are the driver's; the caller translates them (`postgres_client.translated`). All
    statements of one question share `limit`; it is for one execution, as the handler then is.
    """

    def __init__(
        self,
        connection: PostgresConnection,
        *,
        batch_threshold: int = BATCH_THRESHOLD,
        limit: StatementLimit | None = None,
    ) -> None:
        self._connection = connection
        self._batch_threshold = batch_threshold
        self._limit = limit

    def execute_federated_query(
        self,
        question: Question,
        rows: Sequence[Row],
        series_text: str,
        parameters: Mapping[str, BoundValue],
    ) -> FederatedAnswer:
        """Answer `question` for these graph rows, whose values are in `question.federated` order.

        `series_text` is the ``series.sql``; an empty `rows` is answered by the same statement.
        """
        with self._limit.held() if self._limit else nullcontext():
            if len(rows) < self._batch_threshold:
                return self._with_arrays(question, rows, series_text, parameters)
            return self._with_table(question, rows, series_text, parameters)

    def stream_federated_query(
        self,
        question: Question,
        rows: Iterable[Row],
        series_text: str,
        parameters: Mapping[str, BoundValue],
    ) -> Iterator[tuple[Any, ...]]:
        """Answer as `execute_federated_query`, holding neither graph rows nor answer in memory.

        `rows` are written to the temporary table as they come; the answer is read through a
        cursor on the server, `FETCH_ROWS` at a time. Work begins with the first row asked for;
        closing the iterator early ends it on the server.
        """
        query = compose(series_text, table_relation())
        with (
            self._filled_table(question.federated, rows),
            self._connection.cursor("federated_answer") as cursor,
        ):
            cursor.itersize = FETCH_ROWS
            yield from cursor.execute(query, parameters, binary=True)

    def _with_arrays(
        self,
        question: Question,
        rows: Sequence[Row],
        series_text: str,
        parameters: Mapping[str, BoundValue],
    ) -> FederatedAnswer:
        start = time.perf_counter_ns()
        query = compose(series_text, array_relation(question.federated))
        bound = {**parameters, **array_parameters(question.federated, rows)}
        return self._answer(query, bound, start)

    def _with_table(
        self,
        question: Question,
        rows: Iterable[Row],
        series_text: str,
        parameters: Mapping[str, BoundValue],
    ) -> FederatedAnswer:
        start = time.perf_counter_ns()
        query = compose(series_text, table_relation())
        with self._filled_table(question.federated, rows):
            return self._answer(query, parameters, start)

    def _answer(
        self, query: sql.Composed, parameters: Mapping[str, Any], start_ns: int
    ) -> FederatedAnswer:
        sent_ns = time.perf_counter_ns()
        with self._connection.cursor(binary=True) as cursor:
            answer = cursor.execute(query, parameters).fetchall()
            columns = column_names(cursor)
        end_ns = time.perf_counter_ns()
        return FederatedAnswer(
            columns=columns,
            rows=answer,
            transfer_ns=sent_ns - start_ns,
            series_ns=end_ns - sent_ns,
        )

    @contextmanager
    def _filled_table(self, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[None]:
        """Keep the rows in the temporary table while the context is open.

        One explicit transaction holds its creation, the COPY and the query. Under autocommit
        alone, ON COMMIT DROP would remove the table as soon as it is created. Here the end of the
        transaction removes it, also after an error, so that the next question finds none.
        """
        with self._connection.transaction():
            self._connection.execute(create_table(columns))
            with self._connection.cursor() as cursor, cursor.copy(copy_into_table()) as copy:
                for row in rows:
                    copy.write_row(row)
            self._tighten()
            self._connection.execute(analyse_table())
            self._tighten()
            yield

    def _tighten(self) -> None:
        if self._limit is not None:
            self._limit.tighten()


def compose(series_text: str, relation: sql.Composable) -> sql.Composed:
    """Put the relation in the place of `{federated}`; parameters stay placeholders."""
    return sql.SQL(series_text).format(federated=relation)


def array_relation(columns: Sequence[Column]) -> sql.Composed:
    """Give the relation whose columns are arrays bound as parameters, see `array_parameters`.

    They are bound in the binary format: the driver writes it 3.5 times as fast as array literals,
    and nothing in an id can be mistaken for their syntax.
    """
    arrays = sql.SQL(", ").join(
        sql.Placeholder(parameter_name(column), PyFormat.BINARY)
        + sql.SQL(f"::{_SQL_TYPES[column.type]}[]")
        for column in columns
    )
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    outputs = sql.SQL(", ").join(_output(column) for column in columns)
    return sql.SQL("(SELECT {} FROM unnest({}) AS u ({}))").format(outputs, arrays, names)


def array_parameters(columns: Sequence[Column], rows: Iterable[Row]) -> dict[str, list[Any]]:
    """Turn distinct rows into one list per column, under the names that `array_relation` uses."""
    distinct = dict.fromkeys(map(tuple, rows))
    lists = map(list, zip(*distinct, strict=True)) if distinct else ([] for _ in columns)
    return {parameter_name(column): values for column, values in zip(columns, lists, strict=True)}


def table_relation() -> sql.Composed:
    """Give the relation that reads the temporary table, each row once."""
    return sql.SQL("(SELECT DISTINCT * FROM {})").format(_TEMPORARY)


def create_table(columns: Sequence[Column]) -> sql.Composed:
    """Give the statement that makes the temporary table with these columns."""
    definitions = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(_definition(column)))
        for column in columns
    )
    return sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(_TEMPORARY, definitions)


def copy_into_table() -> sql.Composed:
    """Give the statement that fills the temporary table; its rows follow as COPY's text format."""
    return sql.SQL("COPY {} FROM STDIN").format(_TEMPORARY)


def analyse_table() -> sql.Composed:
    """Give the statement that gathers the statistics of the temporary table."""
    return sql.SQL("ANALYZE {}").format(_TEMPORARY)


def _definition(column: Column) -> LiteralString:
    collation: LiteralString = ' COLLATE "C"' if column.type is ColumnType.TEXT else ""
    return f"{_SQL_TYPES[column.type]}{collation}"


def _output(column: Column) -> sql.Composable:
    name = sql.Identifier(column.name)
    if column.type is not ColumnType.TEXT:
        return name
    return sql.SQL('{0} COLLATE "C" AS {0}').format(name)


def parameter_name(column: Column) -> str:
    """Name the array of a column among the parameters of the question."""
    return f"f_{column.name}"
