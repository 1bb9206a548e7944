"""What a client sends for one statement: the texts and values as they go over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from basetype_benchmark.infrastructure.clients.falkordb_client import GRAPH
from basetype_benchmark.infrastructure.clients.falkordb_parameters import parameter_header


@dataclass(frozen=True, kw_only=True)
class SentValue:
    """One value that travels beside the text.

    `place` is what stands for it in the text (``$1``), `type` the protocol's word for how it is
    written; `value` is the value itself.
    """

    place: str
    name: str
    type: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class Message:
    """One request to a server; `command` is what carries the text, with all that goes beside it."""

    command: str
    text: str
    values: tuple[SentValue, ...] = ()


def sparql_message(text: str) -> Message:
    """Give what `SparqlClient.select` sends: parameters are part of the text."""
    command = (
        "POST /query, Content-Type: application/sparql-query, Accept: text/tab-separated-values"
    )
    return Message(command=command, text=text)


def falkordb_message(text: str, parameters: Mapping[str, Any], timeout_s: float) -> Message:
    """Give what `FalkorClient.read` sends: parameters are a header of the text."""
    timeout_ms = max(1, round(timeout_s * 1000))
    return Message(
        command=f"GRAPH.RO_QUERY {GRAPH} <text> --compact timeout {timeout_ms}",
        text=(parameter_header(parameters) + text.encode()).decode(),
    )


def bolt_message(
    text: str, parameters: Mapping[str, Any], timeout_s: float, *, database: str
) -> Message:
    """Give what `BoltClient.run` sends: a text that stays as it is, and typed values."""
    values = tuple(
        SentValue(place=f"${name}", name=name, type=_BOLT_TYPES[type(value)], value=value)
        for name, value in parameters.items()
    )
    timeout_ms = round(timeout_s * 1000)
    return Message(
        command=(
            f"RUN <text> <values> {{db: {database}, tx_timeout: {timeout_ms}}}, PULL {{n: -1}}"
        ),
        text=text,
        values=values,
    )


_BOLT_TYPES: Mapping[type, str] = {str: "String", int: "Integer", float: "Float"}
