"""Binds parameters into Cypher: the driver does, times as numbers.

The products agree on no type for an instant. Chunks hold epoch seconds, and so do parameters and
answers: `normalise` turns the seconds of an answer into the contract's times.
"""

from __future__ import annotations

from datetime import datetime

from basetype_benchmark.queries.catalog import Parameters


def cypher_parameters(parameters: Parameters) -> dict[str, str | float]:
    """Give what is bound under ``$name``: texts as they are, times in seconds since 1970."""
    return {name: _plain(value) for name, value in parameters.items()}


def _plain(value: str | datetime) -> str | float:
    if not isinstance(value, datetime):
        return value
    seconds = value.timestamp()
    return int(seconds) if seconds.is_integer() else seconds
