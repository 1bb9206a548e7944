"""What travels between our client and our server of DuckDB, which has none of its own.

Each message is its length in eight bytes and then itself, pickled: of the ways tried the one that
adds least to an answer of the usual size, 10 us, where Arrow adds 250. Pickle is safe between two
ends of ours; only this user can reach the socket.
"""

from __future__ import annotations

import pickle
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SOCKET = "duckdb.sock"
"""The server's socket, in the folder that `Endpoint.host` is."""

LENGTH_BYTES = 8


@dataclass(frozen=True, kw_only=True)
class Request:
    """One statement, to be interrupted after `limit_s`; DuckDB binds `parameters` to ``$name``."""

    text: str
    parameters: Mapping[str, object]
    limit_s: float


@dataclass(frozen=True, kw_only=True)
class SqlAnswer:
    """All rows of a statement, in the types that DuckDB gives to Python."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


class Cause(StrEnum):
    """Why a statement has no answer."""

    OVER_LIMIT = "over its time limit"
    OUT_OF_MEMORY = "out of memory"
    DISK_FULL = "disk full"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """No answer. `said` are DuckDB's own words, in one line."""

    cause: Cause
    said: str


Message = Request | SqlAnswer | Refusal


def send(peer: socket.socket, message: Message) -> None:
    """Send one message whole; a timeout of the socket holds for all of it.

    Raises:
        OSError: the other end is gone, or takes nothing.
    """
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    peer.sendall(len(body).to_bytes(LENGTH_BYTES, "big") + body)


def receive(peer: socket.socket) -> Message:
    """Wait for one message; a timeout of the socket holds for each part of it.

    Raises:
        EOFError: the other end closed the connection.
        OSError: it is gone, or sends nothing.
    """
    length = int.from_bytes(_read(peer, LENGTH_BYTES), "big")
    message: Message = pickle.loads(_read(peer, length))
    return message


def _read(peer: socket.socket, length: int) -> bytearray:
    buffer = bytearray(length)
    rest = memoryview(buffer)
    while rest:
        count = peer.recv_into(rest)
        if count == 0:
            raise EOFError("the connection was closed")
        rest = rest[count:]
    return buffer
