"""What an answer is computed from: graph, series and the values of the parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from basetype_benchmark.errors import UsageError
from basetype_benchmark.queries.answer import Answer
from basetype_benchmark.queries.catalog import Parameters
from basetype_benchmark.queries.oracle.building_graph import BuildingGraph
from basetype_benchmark.queries.oracle.series import SeriesReader
from basetype_benchmark.queries.window import Window


@dataclass(frozen=True, kw_only=True)
class World:
    """One dataset, opened for the oracle."""

    graph: BuildingGraph
    series: SeriesReader


Answering = Callable[[World, Parameters], Answer]
"""Computes the answer of one question."""


def text_of(parameters: Parameters, name: str) -> str:
    """Take a text or id parameter.

    Raises:
        UsageError: it is missing or no text.
    """
    value = parameters.get(name)
    if not isinstance(value, str):
        raise UsageError(f"parameter {name} must be a text, not {value!r}")
    return value


def window_of(parameters: Parameters) -> Window:
    """Take the window from `start` and `end`.

    Raises:
        UsageError: one is missing or has no time zone.
    """
    return Window(start=_instant(parameters, "start"), end=_instant(parameters, "end"))


def _instant(parameters: Parameters, name: str) -> datetime:
    value = parameters.get(name)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise UsageError(f"parameter {name} must be a time with a time zone, not {value!r}")
    return value
