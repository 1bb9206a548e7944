"""The connection to FalkorDB, shared by its loader and its runner: one graph of ours.

On the Redis client that FalkorDB's own is built on, without that one: it asks the server what it
is before the first query, sends a query again that timed out, and takes another third of the time
to turn a large answer into Python values. The parser of replies is hiredis, in C: the one in
Python takes five times as long as the server itself, which would be counted as FalkorDB's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import hiredis
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from basetype_benchmark.errors import (
    BenchmarkError,
    DeadlinePassed,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.falkordb_parameters import parameter_header
from basetype_benchmark.infrastructure.death_notice import await_death
from basetype_benchmark.infrastructure.service import Endpoint, Service

GRAPH = "basetype-benchmark"
"""The key of our graph; a server may hold others."""

SOCKET = "falkordb.sock"
"""The server's socket, where `Endpoint.host` is a folder."""

REPLY_PARSER = hiredis.__name__
"""Named so that a missing one is an error at the start, not a slower benchmark."""

INDEX_STATES = "CALL db.indexes() YIELD label, status RETURN label, status"
"""The query for what `why_not_indexed` judges."""

# Its own mark of a store we filled, beside the graph: in no query's reach.
_MARK = f"{GRAPH}:loaded-by-us"
_TIMED_OUT = "Query timed out"
_OVER_CAPACITY = "mem consumption exceeded"
_NO_GRAPH = "Invalid graph operation on empty key"


Reply = Any
"""What hiredis makes of a reply: text, a number, None, or a list of these."""


class GraphAnswer(NamedTuple):
    """The rows of an answer, decoded, with the names of their columns."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class FalkorClient:
    """One kept connection to a running FalkorDB service, opened when first needed.

    `patience_s` is how long it waits for an answer, or for the server to take more of a command.
    """

    def __init__(self, service: Service, *, patience_s: float) -> None:
        self._service = service
        self._patience_s = patience_s
        self._connection: redis.Redis | None = None

    def close(self) -> None:
        """Close the connection; also after a failure, and twice. It does not end a query."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ping(self, doing: str = "connecting") -> None:
        """Ask for a sign of life.

        Raises:
            ServerDied: the server does not answer.
        """
        self._send(doing, "PING")

    def read(
        self,
        text: str,
        parameters: Mapping[str, object] | None = None,
        *,
        timeout_s: float | None = None,
        doing: str = "a query",
    ) -> GraphAnswer:
        """Send a query that only reads and return all its rows, decoded.

        `timeout_s` is when the server is to cancel it; it does so only between two rows of a plan.
        Sent as a read, it is answered also by a server that is over its memory limit.

        Raises:
            DeadlinePassed: no answer within the client's patience. The server may still be at
                work: only `Service.restart` is sure to end it.
            QueryTimeout: the server itself ended the query.
            QueryRefused: it took more memory than the server allows a query.
            ServerDied: the server went away.
            QueryFailed: it refused the query, or holds no graph.
        """
        limit: tuple[str | int, ...] = ()
        if timeout_s is not None:
            limit = ("timeout", max(1, round(timeout_s * 1000)))
        query = parameter_header(parameters or {}) + text.encode()
        reply = self._send(doing, "GRAPH.RO_QUERY", GRAPH, query, "--compact", *limit)
        return decode_reply(reply)

    def explain(self, text: str, parameters: Mapping[str, object]) -> str:
        """Give the plan of a query, which is not executed.

        Raises:
            As `read`.
        """
        query = parameter_header(parameters) + text.encode()
        lines: list[str] = self._send("a plan", "GRAPH.EXPLAIN", GRAPH, query)
        return "\n".join(lines)

    def write(self, text: str, doing: str) -> None:
        """Send a query that changes the graph.

        Raises:
            As `read`; `QueryRefused` also when the server is over its memory limit.
        """
        self._send(doing, "GRAPH.QUERY", GRAPH, text, "--compact")

    def bulk(self, arguments: Sequence[bytes | int], doing: str, *, begin: bool) -> None:
        """Send tables of nodes and relationships in the form of FalkorDB's own bulk loader.

        With `begin`, they are the first of a new graph.

        Raises:
            As `write`; `QueryFailed` if it is to begin and there is a graph.
        """
        beginning = ("BEGIN",) if begin else ()
        self._send(doing, "GRAPH.BULK", GRAPH, *beginning, *arguments)

    def why_not_indexed(self) -> str | None:
        """Give the indexes that are not in use yet; None when all are."""
        return why_not_indexed(self.read(INDEX_STATES, doing="asking for the indexes"))

    def holds_graph(self) -> bool:
        """Whether something is stored under the key of our graph."""
        return bool(self._send("looking for the graph", "EXISTS", GRAPH))

    def describe_foreign(self) -> str | None:
        """Say what others hold under the key of our graph; None when it is free or ours."""
        if not self.holds_graph() or self._send("looking for the mark", "EXISTS", _MARK):
            return None
        return f"a graph or another value under the key {GRAPH!r}"

    def mark(self, doing: str) -> None:
        """Write down that we fill the graph, so that the next load may delete it."""
        self._send(doing, "SET", _MARK, "basetype-benchmark")

    def drop_graph(self) -> None:
        """Delete our graph and its mark, if they are there."""
        if self.holds_graph():
            self._send("deleting the graph", "GRAPH.DELETE", GRAPH)
        self._send("deleting the mark", "DEL", _MARK)

    def save(self, doing: str) -> None:
        """Write all that the server holds to its snapshot, which the next start reads.

        Raises:
            QueryFailed: it could not, for a reason that is in its log alone.
        """
        try:
            self._send(doing, "SAVE")
        except QueryFailed as error:
            if type(error) is not QueryFailed:
                raise
            raise QueryFailed(
                f"{doing} failed: FalkorDB could not write its snapshot, most often for lack of "
                "disk space; free some, or look at its log"
            ) from error

    def memory_bytes(self) -> int:
        """Give what the server has allocated."""
        return int(self._send("asking for the memory", "INFO", "memory")["used_memory"])

    def _send(self, doing: str, *command: str | bytes | int) -> Reply:
        try:
            return send(self._connected(), *command)
        except redis.RedisError as error:
            raise self._translate(error, doing) from error

    def _connected(self) -> redis.Redis:
        if self._connection is None:
            self._connection = connect(self._service.endpoint, patience_s=self._patience_s)
        return self._connection

    def _translate(self, error: redis.RedisError, doing: str) -> BenchmarkError:
        if isinstance(error, redis.TimeoutError):
            return DeadlinePassed(f"{doing} had no answer within {self._patience_s:g} s")
        if isinstance(error, redis.ConnectionError):
            return self._explain_loss(doing, error)
        return refusal(doing, " ".join(str(error).split()), error)

    def _explain_loss(self, doing: str, error: redis.ConnectionError) -> ServerDied:
        """Say how the server ended, when it did and is seen dead in time."""
        cause = await_death(self._service) or "its process still runs"
        said = " ".join(str(error).split()) or type(error).__name__
        return ServerDied(f"{doing} stopped, FalkorDB went away: {said} ({cause})")


def connect(endpoint: Endpoint, *, patience_s: float) -> redis.Redis:
    """Give a client of the server, which connects with its first command and repeats none."""
    place: dict[str, Any] = (
        {"unix_socket_path": f"{endpoint.host}/{SOCKET}"}
        if endpoint.host.startswith("/")
        else {"host": endpoint.host, "port": endpoint.port}
    )
    return redis.Redis(
        **place,
        username=endpoint.user or None,
        password=endpoint.password,
        protocol=2,
        decode_responses=True,
        socket_timeout=patience_s,
        socket_connect_timeout=patience_s,
        retry=Retry(NoBackoff(), 0),
    )


def send(client: redis.Redis, *command: str | bytes | int) -> Reply:
    """Send one command and return its reply.

    Raises:
        redis.RedisError: no answer, or a refusal.
    """
    return client.execute_command(*command)  # type: ignore[no-untyped-call]


def refusal(doing: str, said: str, error: Exception) -> QueryFailed:
    """Turn what the server answers instead of rows into our error."""
    if _TIMED_OUT in said:
        return QueryTimeout(f"{doing} ran over its time limit; FalkorDB cancelled it")
    if isinstance(error, redis.OutOfMemoryError):
        return QueryRefused(
            f"{doing} was refused: FalkorDB is over its maxmemory; give it more memory or take a "
            "smaller profile"
        )
    if _OVER_CAPACITY in said:
        return QueryRefused(
            f"{doing} was ended: it took more memory than FalkorDB's QUERY_MEM_CAPACITY allows; "
            "give it more memory or take a smaller profile"
        )
    if _NO_GRAPH in said:
        return QueryFailed(f"{doing} failed: FalkorDB holds no graph {GRAPH}; load the dataset")
    return QueryFailed(f"{doing} failed: FalkorDB answered: {said[:300]}")


def decode_reply(reply: Reply) -> GraphAnswer:
    """Decode an answer in the compact format: each cell comes as a pair, its type and its value.

    Raises:
        QueryFailed: a cell is of a type that no contract has, for instance a node.
    """
    header, rows, _statistics = reply
    try:
        decoded = [
            tuple([value if kind in _AS_IS else _DECODERS[kind](value) for kind, value in row])
            for row in rows
        ]
    except KeyError as error:
        raise QueryFailed(
            f"FalkorDB answered a value of its type {error}; return texts, numbers and lists only"
        ) from None
    return GraphAnswer(columns=tuple(name for _, name in header), rows=decoded)


def why_not_indexed(states: GraphAnswer) -> str | None:
    """Name the labels whose index is still being built; None when there is none."""
    building = sorted(label for label, status in states.rows if status != "OPERATIONAL")
    return f"indexes are being built: {', '.join(building)}" if building else None


def _decode_list(cells: list[Any]) -> list[Any]:
    return [value if kind in _AS_IS else _DECODERS[kind](value) for kind, value in cells]


# The types of the compact format: 1 null, 2 text, 3 integer, 4 boolean, 5 double, 6 list. Doubles
# come as text with 15 significant digits: 5e-16 of a value may be lost, the contracts compare 1e-6.
_AS_IS = frozenset({1, 2, 3})
_DECODERS: Mapping[int, Callable[[Any], Any]] = {
    4: lambda value: value == "true",
    5: float,
    6: _decode_list,
}
