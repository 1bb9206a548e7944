"""Connections to PostgreSQL, shared by loaders, federation and runners.

The driver's errors are translated here and nowhere else, and every wait for the server has a
deadline of ours: a server that no longer answers cannot hang the benchmark.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.rows import TupleRow

from basetype_benchmark.errors import (
    BenchmarkError,
    DeadlinePassed,
    DiskFull,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.death_notice import await_death
from basetype_benchmark.infrastructure.service import Endpoint, Service

SCHEMA = "btb"
"""Everything we create lies in this schema, so that one DROP SCHEMA removes it."""

CONNECT_TIMEOUT_S = 10
"""How long a server may take to accept a connection before it counts as stuck."""

_Result = TypeVar("_Result")


class ServerStalled(DeadlinePassed):
    """One exchange with the server, for instance one part of a COPY, took too long."""


DRIVER_ERRORS = (psycopg.Error, UnicodeEncodeError)
"""What the driver raises, for `translate`."""


class PostgresConnection(psycopg.Connection[TupleRow]):
    """A psycopg connection that stops waiting for the server at a deadline.

    After a `DeadlinePassed` the connection is in the middle of a statement: close it.
    """

    _deadline_at: float | None = None
    _exchange_s: float | None = None

    def start_deadline(self, limit_s: float | None) -> None:
        """As `deadline`, until the next call; None ends it. Cheaper, inside the clock."""
        self._deadline_at = None if limit_s is None else time.monotonic() + limit_s

    @contextmanager
    def deadline(self, limit_s: float) -> Iterator[None]:
        """Give all that is done inside the context `limit_s` seconds; the shorter of two holds."""
        outer = self._deadline_at
        at = time.monotonic() + limit_s
        self._deadline_at = at if outer is None else min(at, outer)
        try:
            yield
        finally:
            self._deadline_at = outer

    @contextmanager
    def exchange_limit(self, limit_s: float) -> Iterator[None]:
        """Give each single exchange with the server `limit_s` seconds: a COPY must advance."""
        outer, self._exchange_s = self._exchange_s, limit_s
        try:
            yield
        finally:
            self._exchange_s = outer

    def wait(self, gen: Generator[Any, Any, _Result], *args: object, **kwargs: object) -> _Result:
        """Consume one of the driver's generators; the driver calls this for every exchange."""
        if self._deadline_at is not None:
            gen = _until(self._deadline_at, DeadlinePassed, gen)
        if self._exchange_s is not None:
            gen = _until(time.monotonic() + self._exchange_s, ServerStalled, gen)
        return super().wait(gen, *args, **kwargs)  # type: ignore[arg-type]


def connect(
    endpoint: Endpoint, *, statement_timeout_s: float | None = None, name: str = "btb"
) -> PostgresConnection:
    """Open a connection that commits every statement and finds our tables without a prefix.

    Fairness: statements are never prepared (`prepare_threshold`). The driver would otherwise
    prepare from the fifth execution on, and the server would turn to a generic plan five later:
    the runs of one series would not do the same work. Here each is parsed and planned with its
    own values, as the engines behind HTTP do.

    Raises:
        ServerDied: the server does not accept connections.
        QueryFailed: it refuses this one, for instance for its user.
    """
    options = [f"-c search_path={SCHEMA},public", "-c timezone=UTC"]
    if statement_timeout_s is not None:
        options.append(f"-c statement_timeout={max(1, round(statement_timeout_s * 1000))}")
    with translated("connecting"):
        return PostgresConnection.connect(
            host=endpoint.host,
            port=endpoint.port,
            dbname=endpoint.database or "postgres",
            user=endpoint.user or "postgres",
            password=endpoint.password,
            application_name=name,
            connect_timeout=CONNECT_TIMEOUT_S,
            options=" ".join(options),
            autocommit=True,
            prepare_threshold=None,
        )


def column_names(cursor: psycopg.Cursor[Any]) -> tuple[str, ...]:
    """Give the names of an answer's columns; `cursor.description` takes 12 us, inside the clock."""
    result = cursor.pgresult
    if result is None:
        return ()
    return tuple((result.fname(place) or b"").decode() for place in range(result.nfields))


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn the driver's errors into ours; `doing` says what was under way: ``running Q7``.

    Raises:
        QueryTimeout: the statement ran over the server's `statement_timeout`.
        QueryRefused: the server's memory did not suffice.
        DiskFull: the server's disk did not.
        ServerDied: the server, or the process that served us, went away.
        QueryFailed: anything else, with the server's own words.
    """
    try:
        yield
    except DRIVER_ERRORS as error:
        raise translate(error, doing) from error


def translate(error: psycopg.Error | UnicodeEncodeError, doing: str) -> BenchmarkError:
    """Give our error for one of the driver's."""
    if isinstance(error, UnicodeEncodeError):
        return QueryFailed(
            f"{doing}: a value is not valid Unicode text ({error.reason}); correct the parameter"
        )
    state, said = error.sqlstate, _one_line(error)
    if state == "57014" and "statement timeout" in said:
        return QueryTimeout(f"{doing} ran over its time limit; PostgreSQL ended it")
    if state == "53200":
        return QueryRefused(
            f"{doing} was refused for lack of memory: {said}; raise the RAM of PostgreSQL"
        )
    if state == "53100" or (state is not None and "No space left on device" in said):
        return DiskFull(f"{doing} stopped, PostgreSQL's disk is full: {said}; free some space")
    if _lost_connection(error, state):
        return ServerDied(f"{doing} stopped, PostgreSQL went away: {said}; see the server's log")
    return QueryFailed(f"{doing} failed: {said}")


def _lost_connection(error: psycopg.Error, state: str | None) -> bool:
    if state is None:
        return isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
    return state.startswith("08") or state in ("57P01", "57P02", "57P03", "57P05")


def _one_line(error: psycopg.Error) -> str:
    said = error.diag.message_primary or str(error) or type(error).__name__
    return " ".join(said.split())


def _until(
    at: float, kind: type[DeadlinePassed], gen: Generator[Any, Any, _Result]
) -> Generator[Any, Any, _Result]:
    """Drive `gen`, but give up at `at`; the driver resumes us at least every 0.1 s."""
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if time.monotonic() >= at:
                raise kind(
                    "PostgreSQL neither answered nor ended the statement in time; "
                    "the connection was given up"
                )
            wanted = gen.send(ready)
    except StopIteration as stop:
        result: _Result = stop.value
        return result


def explain_death(error: ServerDied, service: Service) -> ServerDied:
    """Add to `error` how the server's process ended, when it did and says so in time.

    A connection breaks a moment before its server is seen dead; and when only the one backend was
    killed, the server lives.
    """
    cause = await_death(service)
    if cause is None:
        return ServerDied(f"{error} (the server itself runs: one of its processes was killed)")
    return ServerDied(f"{error} ({cause})")
