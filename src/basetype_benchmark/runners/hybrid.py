"""Answers a question whose graph and series live in two engines, each leg timed apart."""

from __future__ import annotations

import time
from typing import Protocol

from basetype_benchmark.benchmark.execution import Execution, Legs
from basetype_benchmark.errors import QueryFailed, QueryTimeout
from basetype_benchmark.queries.catalog import Question
from basetype_benchmark.queries.federation import Row
from basetype_benchmark.queries.statement import BoundText, Statement
from basetype_benchmark.runners.postgres_session import PostgresSession
from basetype_benchmark.units import NS_PER_S


class GraphClient(Protocol):
    """The graph side: any engine that answers a text with rows."""

    def select(self, bound: BoundText) -> Execution:
        """Send one text and return all its rows, decoded.

        Raises:
            QueryFailed: no answer; the subclass says why.
        """
        ...


class HybridQueryExecutor:
    """Joins what the graph engine answers with the series in PostgreSQL.

    `timeout_s` is the limit of one execution, both legs together, as it is for a scenario that
    answers with one statement.
    """

    def __init__(self, graph: GraphClient, series: PostgresSession, *, timeout_s: float) -> None:
        self._graph = graph
        self._series = series
        self._timeout_s = timeout_s

    def execute(self, statement: Statement) -> Execution:
        """Run the legs that the statement has; both, in the timed part of the benchmark.

        `Legs.transfer_ns` is all that lies between the last graph row decoded and the series
        statement sent, the ordering of the columns included.

        Raises:
            QueryFailed: no answer; the subclass says why.
        """
        main, series = statement.main, statement.series
        if main is not None and series is not None:
            return self._execute_federated(statement.question, main, series)
        if main is not None:
            return self._graph.select(main)
        if series is not None:
            return self._series.execute(statement.question, series)
        raise QueryFailed(f"{statement.question.id} has neither a graph nor a series text")

    def _execute_federated(
        self, question: Question, main: BoundText, series: BoundText
    ) -> Execution:
        begin_ns = time.perf_counter_ns()
        graph = self._graph.select(main)
        graph_end_ns = time.perf_counter_ns()
        rows = order_columns(question, graph)
        ordering_ns = time.perf_counter_ns() - graph_end_ns
        left_s = self._timeout_s - (time.perf_counter_ns() - begin_ns) / NS_PER_S
        if left_s <= 0:
            raise QueryTimeout(
                f"{question.id} ran over its time limit of {self._timeout_s:g} s in the graph leg"
            )
        answer = self._series.execute_federated(question, rows, series, left_s=left_s)
        legs = Legs(
            graph_ns=graph_end_ns - begin_ns,
            transfer_ns=ordering_ns + answer.transfer_ns,
            series_ns=answer.series_ns,
        )
        return Execution(columns=answer.columns, rows=answer.rows, legs=legs)


def order_columns(question: Question, graph: Execution) -> list[Row]:
    """Give the graph's rows with their columns in the order of `question.federated`.

    Raises:
        QueryFailed: the graph's answer lacks one of them.
    """
    wanted = tuple(column.name for column in question.federated)
    if graph.columns == wanted:
        return list(graph.rows)
    missing = [name for name in wanted if name not in graph.columns]
    if missing:
        raise QueryFailed(
            f"the graph leg of {question.id} does not answer {', '.join(missing)}; "
            "its text and query.yaml disagree"
        )
    places = [graph.columns.index(name) for name in wanted]
    return [tuple(row[place] for place in places) for row in graph.rows]
