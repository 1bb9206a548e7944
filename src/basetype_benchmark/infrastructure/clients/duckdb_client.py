"""The connection to our DuckDB server, shared by its loader and its runner."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from functools import cache

from basetype_benchmark.errors import (
    BenchmarkError,
    DeadlinePassed,
    DiskFull,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.duckdb_protocol import (
    SOCKET,
    Cause,
    Refusal,
    Request,
    SqlAnswer,
    receive,
    send,
)
from basetype_benchmark.infrastructure.death_notice import await_death
from basetype_benchmark.infrastructure.service import CLIENT_GRACE_S, Endpoint, Service

CONNECT_TIMEOUT_S = 10.0
"""How long a server may take to accept a connection before it counts as stuck."""

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class DuckDBClient:
    """One kept connection to a running DuckDB service, opened when first needed."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._peer: socket.socket | None = None

    def close(self) -> None:
        """Close the connection; also after a failure, and twice. It does not end a statement."""
        if self._peer is not None:
            self._peer.close()
            self._peer = None

    def execute(
        self,
        text: str,
        parameters: Mapping[str, object] | None = None,
        *,
        limit_s: float,
        doing: str = "a query",
    ) -> SqlAnswer:
        """Send one statement and return all its rows, decoded.

        Parameters stand in the text as ``%(name)s``, as psycopg has them. `limit_s` is when the
        server is to interrupt it; the client waits `CLIENT_GRACE_S` longer.

        Raises:
            DeadlinePassed: no answer in that time. The server may still be at work: only
                `Service.restart` is sure to end it.
            QueryTimeout: the server itself ended the statement.
            QueryRefused: it needs more memory than `memory_limit`, on the disk too.
            DiskFull: the disk is full.
            ServerDied: the server went away.
            QueryFailed: DuckDB refused it.
        """
        try:
            return ask(self._connected(), text, parameters, limit_s=limit_s, doing=doing)
        except TimeoutError as error:
            self.close()
            raise DeadlinePassed(
                f"{doing} had no answer within {limit_s:g} s; the connection was given up"
            ) from error
        except (EOFError, OSError) as error:
            self.close()
            raise self._explain_loss(doing, error) from error

    def _connected(self) -> socket.socket:
        if self._peer is None:
            self._peer = connect(self._service.endpoint)
        return self._peer

    def _explain_loss(self, doing: str, error: Exception) -> ServerDied:
        """Say how the server ended, when it did and is seen dead in time."""
        cause = await_death(self._service) or "its process still runs"
        return ServerDied(f"{doing} stopped, DuckDB went away: {error} ({cause})")


def connect(endpoint: Endpoint) -> socket.socket:
    """Open a connection; `ask` says for each statement how long to wait.

    Raises:
        OSError: nobody listens there.
    """
    peer = socket.socket(socket.AF_UNIX)
    try:
        peer.settimeout(CONNECT_TIMEOUT_S)
        peer.connect(f"{endpoint.host}/{SOCKET}")
    except OSError:
        peer.close()
        raise
    return peer


def ask(
    peer: socket.socket,
    text: str,
    parameters: Mapping[str, object] | None = None,
    *,
    limit_s: float,
    doing: str = "a query",
) -> SqlAnswer:
    """Send one statement over a connection and return all its rows; see `DuckDBClient.execute`.

    Raises:
        QueryFailed: DuckDB refused it; or a subclass.
        DiskFull: the disk is full.
        EOFError, OSError: the connection is lost, or was silent for too long.
    """
    peer.settimeout(limit_s + CLIENT_GRACE_S)
    send(
        peer,
        Request(text=translate_placeholders(text), parameters=parameters or {}, limit_s=limit_s),
    )
    reply = receive(peer)
    if isinstance(reply, Refusal):
        raise translate(reply, doing)
    if isinstance(reply, SqlAnswer):
        return reply
    raise EOFError("the server sent something else than an answer")


@cache
def translate_placeholders(text: str) -> str:
    """Write ``%(name)s``, the placeholders of the SQL texts, as DuckDB has them: ``$name``.

    What psycopg does for PostgreSQL; the values stay apart from the text.
    """
    return _PLACEHOLDER.sub(r"$\1", text)


def translate(refusal: Refusal, doing: str) -> BenchmarkError:
    """Give our error for one of DuckDB's."""
    said = refusal.said[:300]
    match refusal.cause:
        case Cause.OVER_LIMIT:
            return QueryTimeout(f"{doing} ran over its time limit; DuckDB ended it")
        case Cause.OUT_OF_MEMORY:
            return QueryRefused(
                f"{doing} was refused for lack of memory: {said}; raise the RAM of DuckDB"
            )
        case Cause.DISK_FULL:
            return DiskFull(f"{doing} stopped, DuckDB's disk is full: {said}; free some space")
        case Cause.REFUSED:
            return QueryFailed(f"{doing} failed: {said}")
