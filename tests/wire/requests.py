"""Reads what was sent to a server, by the rules of each protocol and by none of our code."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Request:
    """One text that a server was sent, and what came with it.

    `kind` is the message's or command's name; `values` are what the protocol says they are, those
    of PostgreSQL still bytes; `extra` is whatever else goes with the text.
    """

    kind: str
    text: str
    values: list[Any] | dict[str, Any] = field(default_factory=list)
    extra: Any = None


def postgres_requests(sent: bytes) -> Iterator[Request]:
    """Read the frontend messages of PostgreSQL's protocol 3."""
    at = 0
    while (
        at < len(sent) and sent[at] == 0
    ):  # without a type: those before and at the start of a session
        at += _int32(sent, at)
    text = ""
    types: list[int] = []
    while at < len(sent):
        kind, size = chr(sent[at]), _int32(sent, at + 1)
        body = sent[at + 5 : at + 1 + size]
        at += 1 + size
        if kind == "Q":
            yield Request("Query", body[:-1].decode())
        elif kind == "P":
            _, query, rest = body.split(b"\0", 2)
            text, types = query.decode(), [n for (n,) in struct.iter_unpack("!I", rest[2:])]
        elif kind == "B":
            values, formats, answer = _read_bind(body)
            forms = [(oid, form) for oid, form in zip(types, formats, strict=True)]
            yield Request("Bind", text, values, {"forms": forms, "answer": answer})
        elif kind == "d":
            yield Request("CopyData", "", [body])


def _read_bind(body: bytes) -> tuple[list[bytes | None], list[int], list[int]]:
    _, _, rest = body.split(b"\0", 2)
    formats, rest = _int16s(rest)
    (count,), rest = struct.unpack("!H", rest[:2]), rest[2:]
    values: list[bytes | None] = []
    for _ in range(count):
        size, rest = _int32(rest, 0), rest[4:]
        values.append(None if size < 0 else rest[:size])
        rest = rest[max(size, 0) :]
    answer, _ = _int16s(rest)
    return values, formats, answer


def _int16s(body: bytes) -> tuple[list[int], bytes]:
    count = struct.unpack("!H", body[:2])[0]
    return list(struct.unpack(f"!{count}H", body[2 : 2 + 2 * count])), body[2 + 2 * count :]


def _int32(body: bytes, at: int) -> int:
    return int(struct.unpack_from("!i", body, at)[0])


def redis_requests(sent: bytes) -> Iterator[Request]:
    """Read commands: arrays of bulk strings; the text is the query of a graph command."""
    at = 0
    while at < len(sent):
        count, at = _redis_number(sent, at)
        words = []
        for _ in range(count):
            size, at = _redis_number(sent, at)
            words.append(sent[at : at + size])
            at += size + 2
        name = words[0].decode()
        if name in ("GRAPH.QUERY", "GRAPH.RO_QUERY"):
            rest = [word.decode() for word in (words[1], *words[3:])]
            yield Request(name, words[2].decode(), extra=rest)
        else:
            yield Request(name, "")


def _redis_number(sent: bytes, at: int) -> tuple[int, int]:
    end = sent.index(b"\r\n", at)
    return int(sent[at + 1 : end]), end + 2


def http_requests(sent: bytes) -> Iterator[Request]:
    """Read requests that give the length of their body."""
    while sent:
        head, _, rest = sent.partition(b"\r\n\r\n")
        line, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        size = int(headers.get("Content-Length", 0))
        yield Request(line, rest[:size].decode(), extra=headers)
        sent = rest[size:]


def bolt_requests(sent: bytes) -> Iterator[Request]:
    """Read the RUN messages of Bolt 4 and 5, each with the PULL that asks for its rows."""
    run = Request("", "")
    for tag, body in _bolt_messages(sent):
        if tag == 0x10:
            text, values, extra = PackStream(body).read_all(3)
            run = Request("RUN", text, values, extra)
        elif tag == 0x3F:
            yield replace(run, extra=(run.extra, *PackStream(body).read_all(1)))


def _bolt_messages(sent: bytes) -> Iterator[tuple[int, bytes]]:
    at = 20  # the magic number and four proposals of a version
    message = b""
    while at < len(sent):
        size = struct.unpack_from("!H", sent, at)[0]
        message += sent[at + 2 : at + 2 + size]
        at += 2 + size
        if size == 0 and message:
            yield message[1], message[2:]
            message = b""


class PackStream:
    """The part of Bolt's encoding of values that our statements use."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def read_all(self, count: int) -> list[Any]:
        return [self._read() for _ in range(count)]

    def _take(self, form: str) -> Any:
        value = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return value[0]

    def _read(self) -> Any:
        mark = self._take("!B")
        if mark < 0x80:
            return mark
        if mark >= 0xF0:
            return mark - 0x100
        if mark in _SCALARS:
            return _SCALARS[mark]
        if mark in _NUMBERS:
            return self._take(_NUMBERS[mark])
        return self._read_sized(mark)

    def _read_sized(self, mark: int) -> Any:
        high, size = mark & 0xF0, mark & 0x0F
        if mark in _SIZES:
            high, form = _SIZES[mark]
            size = self._take(form)
        if high == 0x80:
            return self._take(f"{size}s").decode()
        if high == 0x90:
            return [self._read() for _ in range(size)]
        if high == 0xA0:
            return {self._read(): self._read() for _ in range(size)}
        raise ValueError(f"a value with the mark {mark:#x}")


_SCALARS = {0xC0: None, 0xC2: False, 0xC3: True}
_NUMBERS = {0xC1: "!d", 0xC8: "!b", 0xC9: "!h", 0xCA: "!i", 0xCB: "!q"}
_SIZES = {
    0xD0: (0x80, "!B"),
    0xD1: (0x80, "!H"),
    0xD2: (0x80, "!I"),
    0xD4: (0x90, "!B"),
    0xD5: (0x90, "!H"),
    0xD6: (0x90, "!I"),
    0xD8: (0xA0, "!B"),
    0xD9: (0xA0, "!H"),
    0xDA: (0xA0, "!I"),
}


def duckdb_requests(sent: bytes) -> Iterator[Request]:
    """Read the messages to our own server of DuckDB: lengths and pickles."""
    while sent:
        size = int.from_bytes(sent[:8], "big")
        found = pickle.loads(sent[8 : 8 + size])
        yield Request("Request", found.text, found.parameters, found.limit_s)
        sent = sent[8 + size :]


READERS: Mapping[str, Callable[[bytes], Iterator[Request]]] = {
    "postgresql": postgres_requests,
    "oxigraph": http_requests,
    "falkordb": redis_requests,
    "arcadedb": bolt_requests,
    "memgraph": bolt_requests,
    "duckdb": duckdb_requests,
}
"""By engine: how to read what it is sent."""
