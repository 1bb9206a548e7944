"""What psycopg sends for a statement: placeholders become numbers, values their binary forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import Format

from basetype_benchmark.infrastructure.clients.messages import Message, SentValue

EXTENDED = "Parse, Bind, Describe, Execute, Sync; the answer in binary"
SIMPLE = "Query"

_PLACEHOLDER = re.compile(r"%\((?P<name>\w+)\)(?P<format>[sbt])|%%")
_FORMATS = {"s": PyFormat.AUTO, "b": PyFormat.BINARY, "t": PyFormat.TEXT}


def extended_message(query: str | sql.Composed, parameters: Mapping[str, Any]) -> Message:
    """Give what a statement with bound values becomes; parameters that it does not name stay away.

    Raises:
        KeyError: it names a parameter that is not given.
    """
    template = query if isinstance(query, str) else query.as_string()
    formats: dict[str, PyFormat] = {}  # in the order in which the text names them

    def place(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return "%"
        formats.setdefault(name, _FORMATS[match["format"]])
        return f"${list(formats).index(name) + 1}"

    text = _PLACEHOLDER.sub(place, template)
    return Message(
        command=EXTENDED,
        text=text,
        values=_values({name: parameters[name] for name in formats}, list(formats.values())),
    )


def simple_message(query: str | sql.Composed) -> Message:
    """Give what a statement without values becomes, when its answer may come as text."""
    return Message(command=SIMPLE, text=query if isinstance(query, str) else query.as_string())


def _values(given: Mapping[str, Any], formats: list[PyFormat]) -> tuple[SentValue, ...]:
    transformer = Transformer()
    transformer.dump_sequence(list(given.values()), formats)
    types, kinds = transformer.types or (), transformer.formats or ()
    return tuple(
        SentValue(place=f"${number}", name=name, type=_type_name(oid, kind), value=value)
        for number, ((name, value), oid, kind) in enumerate(
            zip(given.items(), types, kinds, strict=True), start=1
        )
    )


def _type_name(oid: int, kind: Format) -> str:
    """Name a type as PostgreSQL does; a text is sent without one, and gets it from its place."""
    found = psycopg.adapters.types.get(oid)
    form = "binary" if kind is Format.BINARY else "as text"
    if found is None:
        return f"no type, {form}"
    return f"{found.name}{'[]' if oid == found.array_oid else ''}, {form}"
