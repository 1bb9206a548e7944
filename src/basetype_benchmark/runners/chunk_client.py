"""Answers a question from the chunks of an RDF store: fetch, decode and aggregate, timed apart."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Protocol

from basetype_benchmark.benchmark.execution import ClientWork, Execution
from basetype_benchmark.errors import QueryFailed, QueryTimeout
from basetype_benchmark.queries.catalog import Question
from basetype_benchmark.queries.chunks.aggregation import make_aggregation
from basetype_benchmark.queries.chunks.samples import CHUNK_COLUMNS, decode_chunks
from basetype_benchmark.queries.statement import BoundText, Statement
from basetype_benchmark.runners.hybrid import order_columns
from basetype_benchmark.units import NS_PER_S


class ChunkStore(Protocol):
    """A store that answers a text with rows, within what is left of a limit."""

    def select(self, bound: BoundText, *, left_s: float | None = None) -> Execution:
        """Send one text and return all its rows, decoded.

        Raises:
            QueryFailed: no answer; the subclass says why.
        """
        ...


class ChunkQueryExecutor:
    """The part of the application in a scenario whose store holds the series as literals.

    `timeout_s` is the limit of one execution, the application's work included, as it is for a
    scenario whose engine does that work.
    """

    def __init__(self, store: ChunkStore, *, timeout_s: float) -> None:
        self._store = store
        self._timeout_s = timeout_s

    def execute(self, statement: Statement) -> Execution:
        """Fetch the graph's rows and the chunks, decode these, aggregate: the timed part.

        Raises:
            QueryFailed: no answer; the subclass says why.
        """
        question = statement.question
        if statement.series is None:
            raise QueryFailed(f"{question.id} has no text for the chunks")
        aggregation = make_aggregation(question, statement.parameters)
        limit = _Limit(question, self._timeout_s)
        rows, graph_bytes = self._fetch_graph(statement, limit)
        chunks, chunk_bytes = self._fetch_chunks(question, statement.series, limit)
        fetched_ns = limit.check("while its chunks were fetched")
        samples = decode_chunks(
            chunks,
            aggregation.window,
            check_time=lambda: limit.check("while its chunks were decoded"),
        )
        decoded_ns = limit.elapsed_ns()
        answer = aggregation.answer(rows, samples)
        execution_rows = answer.rows()
        aggregated_ns = limit.check("while its samples were aggregated")
        client = ClientWork(
            fetch_ns=fetched_ns,
            decode_ns=decoded_ns - fetched_ns,
            aggregate_ns=aggregated_ns - decoded_ns,
            received_bytes=graph_bytes + chunk_bytes,
            chunks=samples.chunks,
            decoded_samples=samples.decoded,
        )
        return Execution(columns=tuple(answer.columns), rows=execution_rows, client=client)

    def _fetch_graph(
        self, statement: Statement, limit: _Limit
    ) -> tuple[Sequence[Sequence[Any]], int]:
        """Fetch what the answer groups by, in the order of the contract; nothing for a series."""
        if statement.main is None:
            return [], 0
        answer = self._store.select(statement.main, left_s=limit.left_s())
        return order_columns(statement.question, answer), answer.received_bytes or 0

    def _fetch_chunks(
        self, question: Question, bound: BoundText, limit: _Limit
    ) -> tuple[Sequence[Sequence[Any]], int]:
        answer = self._store.select(bound, left_s=limit.left_s())
        if answer.columns != CHUNK_COLUMNS:
            raise QueryFailed(
                f"the chunks of {question.id} come as {', '.join(answer.columns)} instead of "
                f"{', '.join(CHUNK_COLUMNS)}: correct its text"
            )
        return answer.rows, answer.received_bytes or 0


class _Limit:
    """The time limit of one execution, from now on."""

    def __init__(self, question: Question, timeout_s: float) -> None:
        self._question = question
        self._timeout_s = timeout_s
        self._begin_ns = time.perf_counter_ns()

    def elapsed_ns(self) -> int:
        return time.perf_counter_ns() - self._begin_ns

    def left_s(self) -> float:
        self.check("before its chunks were fetched")
        return self._timeout_s - self.elapsed_ns() / NS_PER_S

    def check(self, when: str) -> int:
        """Give the time that has gone.

        Raises:
            QueryTimeout: it is more than the limit.
        """
        elapsed_ns = self.elapsed_ns()
        if elapsed_ns > self._timeout_s * NS_PER_S:
            raise QueryTimeout(
                f"{self._question.id} ran over its time limit of {self._timeout_s:g} s {when}"
            )
        return elapsed_ns
