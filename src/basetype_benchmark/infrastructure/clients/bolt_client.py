"""One Bolt connection to a server, shared by its loader and its runner.

Every statement runs in a transaction of its own (auto-commit), which the driver never repeats: a
managed transaction would be tried again after a time-out or for lack of memory, which servers call
transient, and the time of a query would be that of several. Statements on the schema and on the
storage are only allowed that way.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from basetype_benchmark.errors import (
    BenchmarkError,
    DeadlinePassed,
    DiskFull,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.bolt_dialect import BoltDialect
from basetype_benchmark.infrastructure.clients.connection_deadline import (
    ConnectionDeadline,
    watch_new_connection,
)
from basetype_benchmark.infrastructure.death_notice import await_death
from basetype_benchmark.infrastructure.service import CLIENT_GRACE_S, Endpoint, Service

if TYPE_CHECKING:
    import neo4j
    from neo4j.exceptions import DriverError, Neo4jError

CONNECT_TIMEOUT_S = 10.0
"""How long a server may take to accept a connection before it counts as stuck."""

# What the driver logs comes back as an error, which is told once, in one line.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

_EVERYTHING = slice(None)


class BoltAnswer(NamedTuple):
    """All rows of an answer, as the driver decoded them."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class BoltClient:
    """One connection to a running service, opened when first needed and kept.

    A failure of the connection closes it; what failed is never sent again.
    """

    def __init__(self, service: Service, dialect: BoltDialect) -> None:
        self._service = service
        self._dialect = dialect
        self._driver: neo4j.Driver | None = None
        self._session: neo4j.Session | None = None
        self._deadline: ConnectionDeadline | None = None

    def open(self) -> None:
        """Connect, with a real query; nothing when it is open.

        Raises:
            ServerDied: the server does not answer.
            QueryFailed: it refuses us.
        """
        if self._deadline is not None:
            return
        endpoint = self._service.endpoint
        self._driver = open_driver(endpoint, connect_timeout_s=CONNECT_TIMEOUT_S)
        self._session = self._driver.session(database=endpoint.database, fetch_size=-1)
        try:
            self._deadline = watch_new_connection(endpoint.port, self._ask_for_one)
        except driver_errors() as error:
            raise self._failure(error, "connecting") from error
        finally:
            if self._deadline is None:
                self.close()

    def close(self) -> None:
        """Close; also after a failure, in the middle of a query, and twice. It ends no query."""
        deadline, self._deadline = self._deadline, None
        if deadline is not None:
            deadline.close()  # first: the others would wait for the rest of an answer
        session, self._session = self._session, None
        driver, self._driver = self._driver, None
        for resource in (session, driver):
            if resource is not None:
                with suppress(*driver_errors()):  # the connection is gone, and is meant to be
                    resource.close()

    def run(
        self,
        text: str,
        parameters: dict[str, Any] | None = None,
        *,
        timeout_s: float,
        doing: str = "a query",
    ) -> BoltAnswer:
        """Send one statement and return all its rows, decoded.

        `timeout_s` goes with the statement to servers that heed it; the client gives up
        `CLIENT_GRACE_S` later.

        Raises:
            DeadlinePassed: no whole answer in time. The server may still be at work: only
                `Service.restart` is sure to end it.
            QueryTimeout: the server itself ended the statement.
            QueryRefused: the server's memory did not suffice.
            DiskFull: the server's disk did not.
            ServerDied: the server went away.
            QueryFailed: it refused the statement.
        """
        session, deadline = self._opened()
        try:
            with deadline.limit(timeout_s + CLIENT_GRACE_S):
                result = session.run(limited(text, timeout_s), parameters)
                # A record copies itself slowly: this takes a tenth of the time of `values()`.
                rows = [tuple.__getitem__(record, _EVERYTHING) for record in result]
                return BoltAnswer(tuple(result.keys()), rows)
        except driver_errors() as error:
            raise self._failure_in_time(error, deadline, timeout_s, doing) from error
        finally:
            if deadline.has_passed:
                self.close()

    def explain(self, text: str, parameters: dict[str, Any], *, timeout_s: float) -> str | None:
        """Give the plan of a statement, which is not executed; None when the server tells none.

        Memgraph answers it as rows, ArcadeDB beside an empty answer.

        Raises:
            As `run`.
        """
        session, deadline = self._opened()
        query = limited(f"EXPLAIN {text}", timeout_s)
        try:
            with deadline.limit(timeout_s + CLIENT_GRACE_S):
                result = session.run(query, parameters)
                rows = [str(record[0]) for record in result]
                plan = result.consume().plan or {}
        except driver_errors() as error:
            raise self._failure_in_time(error, deadline, timeout_s, "a plan") from error
        finally:
            if deadline.has_passed:
                self.close()
        return "\n".join(rows) or plan.get("args", {}).get("string-representation")

    def _opened(self) -> tuple[neo4j.Session, ConnectionDeadline]:
        self.open()
        if self._session is None or self._deadline is None:
            raise AssertionError("an open client has a session")
        return self._session, self._deadline

    def _ask_for_one(self) -> None:
        if self._session is not None:
            self._session.run("RETURN 1").consume()

    def _failure_in_time(
        self,
        error: Neo4jError | DriverError | UnicodeEncodeError,
        deadline: ConnectionDeadline,
        timeout_s: float,
        doing: str,
    ) -> BenchmarkError:
        if deadline.has_passed:
            return DeadlinePassed(f"{doing} had no whole answer within {timeout_s:g} s")
        return self._failure(error, doing)

    def _failure(
        self, error: Neo4jError | DriverError | UnicodeEncodeError, doing: str
    ) -> BenchmarkError:
        from neo4j.exceptions import DriverError  # noqa: PLC0415 - see driver_errors

        if isinstance(error, DriverError):
            self.close()
        failure = translate(error, doing, self._dialect)
        if not isinstance(failure, ServerDied):
            return failure
        return ServerDied(f"{failure} ({await_death(self._service) or 'its process still runs'})")


@cache
def driver_errors() -> tuple[type[Neo4jError], type[DriverError], type[UnicodeEncodeError]]:
    """Give what the driver raises; it is imported late, as that takes half a second and more."""
    from neo4j.exceptions import DriverError, Neo4jError  # noqa: PLC0415

    return Neo4jError, DriverError, UnicodeEncodeError


def limited(text: str, timeout_s: float) -> neo4j.Query:
    """Give a statement together with its limit of time for the server."""
    from neo4j import Query  # noqa: PLC0415 - see driver_errors

    return Query(text, timeout=timeout_s)


def open_driver(endpoint: Endpoint, *, connect_timeout_s: float) -> neo4j.Driver:
    """Make a driver for one connection without a limit to its life; it connects when used."""
    from neo4j import GraphDatabase  # noqa: PLC0415 - see driver_errors

    return GraphDatabase.driver(
        bolt_url(endpoint),
        auth=(endpoint.user, endpoint.password or ""),
        max_connection_pool_size=1,
        max_connection_lifetime=-1,
        connection_timeout=connect_timeout_s,
        connection_acquisition_timeout=connect_timeout_s,
        telemetry_disabled=True,
    )


def bolt_url(endpoint: Endpoint) -> str:
    """Give the address without user and password: ``bolt://127.0.0.1:7687``."""
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    return f"bolt://{host}:{endpoint.port}"


def translate(
    error: Neo4jError | DriverError | UnicodeEncodeError, doing: str, dialect: BoltDialect
) -> BenchmarkError:
    """Give our error for one of the driver's."""
    from neo4j.exceptions import (  # noqa: PLC0415 - see driver_errors
        Neo4jError,
        ServiceUnavailable,
        SessionExpired,
    )

    if isinstance(error, UnicodeEncodeError):
        return QueryFailed(
            f"{doing}: a value is not valid Unicode text ({error.reason}); correct the parameter"
        )
    said, title = one_line(error), dialect.title
    if isinstance(error, ServiceUnavailable | SessionExpired):
        return ServerDied(f"{doing} stopped, {title} went away: {said}")
    known_by = f"{error.code} {said}" if isinstance(error, Neo4jError) else said
    if any(mark in known_by for mark in dialect.timeout_marks):
        return QueryTimeout(f"{doing} ran over its time limit; {title} ended it")
    if any(mark in known_by for mark in dialect.refusal_marks):
        return QueryRefused(
            f"{doing} was refused for lack of memory: {said}; raise the RAM of {title}"
        )
    if "No space left on device" in said:
        return DiskFull(f"{doing} stopped, {title}'s disk is full: {said}; free some space")
    return QueryFailed(f"{doing} failed: {title} says: {said}")


def one_line(error: Neo4jError | DriverError | UnicodeEncodeError) -> str:
    """Give what the server, or the driver, says."""
    from neo4j.exceptions import Neo4jError  # noqa: PLC0415 - see driver_errors

    said = error.message if isinstance(error, Neo4jError) else str(error)
    return " ".join((said or type(error).__name__).split())[:300]
