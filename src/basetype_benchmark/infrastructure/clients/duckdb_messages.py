"""What our DuckDB client sends for a statement: values beside the text, each under its name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from basetype_benchmark.infrastructure.clients.duckdb_client import translate_placeholders
from basetype_benchmark.infrastructure.clients.messages import Message, SentValue

_TYPES: Mapping[type, str] = {str: "VARCHAR", datetime: "TIMESTAMP WITH TIME ZONE"}


def duckdb_message(text: str, parameters: Mapping[str, object], timeout_s: float) -> Message:
    """Give what `DuckDBClient.execute` sends."""
    values = tuple(
        SentValue(place=f"${name}", name=name, type=_TYPES[type(value)], value=value)
        for name, value in parameters.items()
    )
    return Message(
        command=f"Request <text> <values> limit_s={timeout_s:g}",
        text=translate_placeholders(text),
        values=values,
    )
