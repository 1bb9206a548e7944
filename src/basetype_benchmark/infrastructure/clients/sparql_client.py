"""The HTTP connection to Oxigraph, shared by its loader and its runner.

On the standard library's client: it asks with a real deadline (the socket's time limit is set
anew before every read), and it takes a third of the time that a general client takes for a small
query (0.3 ms instead of 1.0 ms), which would otherwise be counted as Oxigraph's.
"""

from __future__ import annotations

import http.client
import time
from typing import NamedTuple

from basetype_benchmark.errors import (
    BenchmarkError,
    DeadlinePassed,
    DiskFull,
    QueryFailed,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.sparql_results import (
    CANCELLED,
    CancelledAnswer,
    MalformedAnswer,
    SelectAnswer,
    parse_tsv,
)
from basetype_benchmark.infrastructure.death_notice import await_death
from basetype_benchmark.infrastructure.service import Service

_READ_BYTES = 1 << 18
_QUERY_HEADERS = {
    "Content-Type": "application/sparql-query",
    "Accept": "text/tab-separated-values",
}
_TRIPLES_HEADERS = {"Content-Type": "application/n-triples"}


class _Request(NamedTuple):
    method: str
    path: str
    body: bytes
    headers: dict[str, str]


class _NothingCameError(ConnectionError):
    """The connection ended before anything of an answer had come."""


class SparqlClient:
    """One kept-alive connection to a running Oxigraph service, opened when first needed."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Close the connection; also after a failure, and twice. It does not end a query."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def select(self, text: str, *, timeout_s: float, doing: str = "a query") -> SelectAnswer:
        """Send a SELECT and return all its solutions, decoded.

        Raises:
            DeadlinePassed: no whole answer within `timeout_s`. The server may still be at work:
                only `Service.restart` is sure to end it.
            QueryTimeout: the server itself ended the query.
            ServerDied: the server went away.
            QueryFailed: it refused the query, or its answer is not whole.
        """
        request = _Request("POST", "/query", text.encode("utf-8"), _QUERY_HEADERS)
        body = self._exchange(request, timeout_s, doing)
        try:
            return parse_tsv(body)
        except CancelledAnswer as error:
            raise QueryTimeout(f"{doing} ran over its time limit; Oxigraph cancelled it") from error
        except MalformedAnswer as error:
            raise QueryFailed(f"{doing} gave no whole answer: {error}") from error

    def add_triples(self, ntriples: bytes, *, timeout_s: float, doing: str) -> None:
        """Add triples to the default graph, without a transaction: durable, not atomic.

        One transaction would hold all it writes in memory, many times the size of the text.

        Raises:
            As `select`, and DiskFull.
        """
        path = "/store?default&no_transaction"
        self._exchange(_Request("POST", path, ntriples, _TRIPLES_HEADERS), timeout_s, doing)

    def clear(self, *, timeout_s: float, doing: str) -> None:
        """Remove all triples of the default graph.

        Raises:
            As `add_triples`.
        """
        self._exchange(_Request("DELETE", "/store?default", b"", {}), timeout_s, doing)

    def _exchange(self, request: _Request, timeout_s: float, doing: str) -> bytes:
        reused, deadline = self._connection is not None, time.monotonic() + timeout_s
        try:
            try:
                status, answer = self._send(request, deadline)
            except _NothingCameError:
                if not reused:
                    raise
                # Oxigraph ends connections that were idle.
                self.close()
                status, answer = self._send(request, deadline)
        except TimeoutError as error:
            self.close()
            raise DeadlinePassed(f"{doing} had no whole answer within {timeout_s:g} s") from error
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise self._explain_loss(doing, error) from error
        if status >= 300:
            raise _refusal(doing, status, answer)
        return answer

    def _send(self, request: _Request, deadline: float) -> tuple[int, bytes]:
        connection = self._open(deadline)
        try:
            connection.request(*request)
            _limit(connection, deadline)
            opened = connection.getresponse()
        except ConnectionError as error:
            raise _NothingCameError(*error.args) from error
        with opened as response:
            parts: list[bytes] = []
            while part := response.read1(_READ_BYTES):
                parts.append(part)
                _limit(connection, deadline)
            if response.length:  # a body of known length, cut
                raise http.client.IncompleteRead(b"", response.length)
            return response.status, b"".join(parts)

    def _open(self, deadline: float) -> http.client.HTTPConnection:
        if self._connection is None:
            endpoint = self._service.endpoint
            self._connection = http.client.HTTPConnection(endpoint.host, endpoint.port)
            self._connection.timeout = _remaining(deadline)
            self._connection.connect()
        _limit(self._connection, deadline)
        return self._connection

    def _explain_loss(self, doing: str, error: Exception) -> ServerDied:
        """Say how the server ended, when it did and is seen dead in time."""
        cause = await_death(self._service) or "its process still runs"
        said = " ".join(str(error).split()) or type(error).__name__
        return ServerDied(f"{doing} stopped, Oxigraph went away: {said} ({cause})")


def _remaining(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the deadline passed")
    return left


def _limit(connection: http.client.HTTPConnection, deadline: float) -> None:
    """Let the next use of the socket wait until the deadline at most."""
    if connection.sock is not None:
        connection.sock.settimeout(_remaining(deadline))


def _refusal(doing: str, status: int, answer: bytes) -> BenchmarkError:
    said = " ".join(answer.decode("utf-8", errors="replace").split())[:300]
    if CANCELLED in said:
        return QueryTimeout(f"{doing} ran over its time limit; Oxigraph cancelled it")
    if "No space left on device" in said:
        return DiskFull(f"{doing} stopped, Oxigraph's disk is full: {said}; free some space")
    return QueryFailed(f"{doing} failed: Oxigraph answered {status}: {said}")
