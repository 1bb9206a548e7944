"""The connection on which SQL is timed in PostgreSQL, alone or as the leg of a federated answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.errors import BenchmarkError, DeadlinePassed, QueryTimeout, ServerDied
from basetype_benchmark.infrastructure.clients.postgres_client import (
    DRIVER_ERRORS,
    PostgresConnection,
    column_names,
    connect,
    explain_death,
    translate,
    translated,
)
from basetype_benchmark.infrastructure.clients.statement_limit import StatementLimit
from basetype_benchmark.infrastructure.service import CLIENT_GRACE_S, Service
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until
from basetype_benchmark.queries.catalog import Question
from basetype_benchmark.queries.federation import (
    BATCH_THRESHOLD,
    FederatedAnswer,
    FederationHandler,
    Row,
    array_parameters,
    array_relation,
    compose,
)
from basetype_benchmark.queries.statement import BoundText

RECOVERY_S = 15.0
"""How long a server that is still up may refuse connections, replaying its log, before we
restart it."""
STEADY_S = 0.5
"""How long a new connection must stay after one that broke. When a process of the server is killed,
the server lets new sessions in for a moment before it ends them all and replays its log."""


class PostgresSession:
    """One connection to a PostgreSQL service, with the per-query timeout set on both sides.

    A hybrid runner uses it for its series leg: `execute` for Q6, which is SQL alone,
    `execute_federated` for the questions whose graph rows come from another engine, `recover`
    after a `QueryTimeout` or `ServerDied`.
    """

    def __init__(self, service: Service, *, timeout_s: float) -> None:
        self._service = service
        self._timeout_s = timeout_s
        self._connection: PostgresConnection | None = None
        self._backend_pid: int | None = None
        self._was_cut = False

    def open(self) -> None:
        """Connect; the service must run.

        Raises:
            ServerDied: it accepts no connections.
        """
        self._connection = connect(
            self._service.endpoint, statement_timeout_s=self._timeout_s, name="btb query"
        )
        self._backend_pid = self._connection.info.backend_pid

    def close(self) -> None:
        """Close; also after a failure, and twice."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def execute(self, question: Question, bound: BoundText) -> Execution:
        """Send one statement, return all rows: from sending to the last row decoded.

        Results travel in the binary format: floats arrive exact and without parsing.

        Raises:
            QueryFailed: no answer; the subclass says why.
        """
        connection = self._connected()
        # Written out, not `_guarded`: its contexts cost 15 us a query, inside the clock.
        connection.start_deadline(self._timeout_s + CLIENT_GRACE_S)
        try:
            cursor = connection.cursor(binary=True)
            rows = cursor.execute(bound.text, bound.parameters).fetchall()
            return Execution(columns=column_names(cursor), rows=rows)
        except (*DRIVER_ERRORS, DeadlinePassed) as error:
            raise self._failure(error, question) from error
        finally:
            connection.start_deadline(None)

    def execute_federated(
        self, question: Question, rows: Sequence[Row], bound: BoundText, *, left_s: float
    ) -> FederatedAnswer:
        """Join graph rows, in the order of `question.federated`, with the series.

        `left_s` is what the graph leg left of the limit of the execution: it holds for all
        statements of this leg together.

        Raises:
            QueryFailed: no answer; the subclass says why.
        """
        with self._guarded(question, left_s) as connection:
            limit = StatementLimit(connection, full_s=self._timeout_s, left_s=left_s)
            return FederationHandler(connection, limit=limit).execute_federated_query(
                question, rows, bound.text, bound.parameters
            )

    def explain(self, question: Question, bound: BoundText) -> str:
        """Give the plan of a statement, which is not executed.

        Raises:
            QueryFailed: there is none; the subclass says why.
        """
        return self._explain(question, sql.SQL(bound.text), bound.parameters)

    def explain_federated(self, question: Question, rows: Sequence[Row], bound: BoundText) -> str:
        """Give the plan of the statement that joins graph rows with the series.

        Raises:
            QueryFailed: there is none; the subclass says why.
        """
        if len(rows) >= BATCH_THRESHOLD:
            return "(not asked for: the rows of the graph go through a temporary table)"
        query = compose(bound.text, array_relation(question.federated))
        arrays = array_parameters(question.federated, rows)
        return self._explain(question, query, {**bound.parameters, **arrays})

    def _explain(
        self, question: Question, query: sql.Composable, parameters: Mapping[str, Any]
    ) -> str:
        with self._guarded(question, self._timeout_s) as connection:
            lines = connection.execute(sql.SQL("EXPLAIN {}").format(query), parameters).fetchall()
        return "\n".join(line for (line,) in lines)

    def recover(self) -> None:
        """Make the session answer again after a `QueryTimeout` or `ServerDied`.

        A statement that we gave up is ended on the server. A server that is dead, or does not come
        back or end it within `RECOVERY_S`, is restarted.
        """
        abandoned = self._backend_pid
        self.close()
        try:
            if self._service.why_dead() is None:
                wait_until(
                    "PostgreSQL answers again",
                    lambda: self._why_not_usable(abandoned),
                    deadline_s=RECOVERY_S,
                )
                self._await_steady()
                return
        except WaitTimeout:
            self.close()
        self._service.restart()
        self.open()

    def _await_steady(self) -> None:
        """After a connection that broke, wait for one that stays.

        Raises:
            WaitTimeout: none does, within `RECOVERY_S`.
        """
        if not self._was_cut:
            return
        since = time.monotonic()

        def why_not_steady() -> str | None:
            nonlocal since
            reason = self._why_not_usable(None) or self._why_not_answering()
            if reason is not None:
                since = time.monotonic()
            elif time.monotonic() - since < STEADY_S:
                reason = "its new session is young"
            return reason

        wait_until("PostgreSQL keeps a session", why_not_steady, deadline_s=RECOVERY_S)
        self._was_cut = False

    def _why_not_answering(self) -> str | None:
        connection = self._connected()
        try:
            with translated("a first query"), connection.deadline(RECOVERY_S):
                connection.execute("SELECT 1")
        except (ServerDied, QueryTimeout) as error:
            self.close()
            return str(error)
        return None

    def _why_not_usable(self, abandoned: int | None) -> str | None:
        try:
            if self._connection is None:
                self.open()
            return None if abandoned is None else self._why_not_ended(abandoned)
        except (ServerDied, QueryTimeout) as error:
            self.close()
            return str(error)

    def _why_not_ended(self, backend_pid: int) -> str | None:
        """End what that backend does; None once it is gone."""
        connection = self._connected()
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s"
        with translated("ending an abandoned query"), connection.deadline(RECOVERY_S):
            row = connection.execute(query, (backend_pid,)).fetchone()
        return None if row is None else f"process {backend_pid} still runs the abandoned query"

    def _connected(self) -> PostgresConnection:
        if self._connection is None:
            raise ServerDied("there is no connection to PostgreSQL; connect or recover first")
        return self._connection

    @contextmanager
    def _guarded(self, question: Question, limit_s: float) -> Iterator[PostgresConnection]:
        connection = self._connected()
        with connection.deadline(limit_s + CLIENT_GRACE_S):
            try:
                yield connection
            except (*DRIVER_ERRORS, DeadlinePassed) as error:
                raise self._failure(error, question) from error

    def _failure(
        self, error: psycopg.Error | UnicodeEncodeError | DeadlinePassed, question: Question
    ) -> BenchmarkError:
        """Give our error; closes a connection that is dead, or in the middle of a statement."""
        if isinstance(error, DeadlinePassed):
            self.close()
            return DeadlinePassed(str(error))
        failure = translate(error, f"{question.id} on PostgreSQL")
        if not isinstance(failure, ServerDied):
            return failure
        self.close()
        self._was_cut = True
        return explain_death(failure, self._service)
