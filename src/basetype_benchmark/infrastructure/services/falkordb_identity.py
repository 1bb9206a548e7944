"""What a FalkorDB server says of itself, whoever started it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import redis

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.clients.falkordb_client import (
    GRAPH,
    INDEX_STATES,
    connect,
    decode_reply,
    send,
    why_not_indexed,
)
from basetype_benchmark.infrastructure.service import Endpoint

ANSWER_DEADLINE_S = 10.0
MODULE = "graph"


def why_not_ready(endpoint: Endpoint) -> str | None:
    """Give the reason why a query fails now; None when the server answers.

    With a graph of ours, its indexes are in use: after a start they are built anew. Without one
    there is nothing to query; that the server lists its graphs must do.
    """
    try:
        with _connected(endpoint) as client:
            if GRAPH in send(client, "GRAPH.LIST"):
                reply = send(client, "GRAPH.RO_QUERY", GRAPH, INDEX_STATES, "--compact")
                return why_not_indexed(decode_reply(reply))
    except redis.RedisError as error:
        return " ".join(str(error).split()) or type(error).__name__
    return None


def read_version(endpoint: Endpoint) -> str:
    """Read ``FalkorDB 4.16.3 (Redis 8.2.3)``.

    Raises:
        ServiceUnavailable: nobody answers there, or a Redis without FalkorDB.
    """
    try:
        with _connected(endpoint) as client:
            modules = send(client, "MODULE", "LIST")
            server = send(client, "INFO", "server")["redis_version"]
    except redis.RedisError as error:
        raise ServiceUnavailable(f"FalkorDB did not tell its version: {error}") from None
    return version_label(modules, str(server))


def version_label(modules: Sequence[Any], server: str) -> str:
    """Name the server in results from the reply of MODULE LIST and the version of Redis.

    Raises:
        ServiceUnavailable: the module is not among them.
    """
    for module in modules:
        facts = dict(zip(module[::2], module[1::2], strict=True))
        if facts["name"] == MODULE:
            major, rest = divmod(int(facts["ver"]), 10_000)
            return f"FalkorDB {major}.{rest // 100}.{rest % 100} (Redis {server})"
    raise ServiceUnavailable(
        f"the server is a Redis {server} without FalkorDB's module; check the address"
    )


@contextmanager
def _connected(endpoint: Endpoint) -> Iterator[redis.Redis]:
    client = connect(endpoint, patience_s=ANSWER_DEADLINE_S)
    try:
        yield client
    finally:
        client.close()
