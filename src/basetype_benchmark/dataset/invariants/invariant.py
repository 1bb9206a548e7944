"""What an invariant is: a name, its meaning, and a check of the graph or of the series."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from basetype_benchmark.dataset.invariants.day import DaySamples
from basetype_benchmark.dataset.invariants.facts import BuildingFacts
from basetype_benchmark.dataset.invariants.finding import NOTHING, Finding
from basetype_benchmark.dataset.invariants.relations import GraphFacts


class SeriesCheck(Protocol):
    """A check of one building, that is shown every day in order; it keeps little between days."""

    def see(self, day: DaySamples) -> Finding:
        """Check a day, also against what is kept of the days before."""
        ...

    def end(self) -> Finding:
        """Check what all days together must fulfil."""
        ...


@dataclass(frozen=True, kw_only=True)
class GraphInvariant:
    """An invariant of nodes and relations."""

    name: str
    meaning: str
    check: Callable[[GraphFacts], Finding]


@dataclass(frozen=True, kw_only=True)
class SeriesInvariant:
    """An invariant of the samples; `begin` starts its check of one building."""

    name: str
    meaning: str
    begin: Callable[[BuildingFacts], SeriesCheck]


Invariant = GraphInvariant | SeriesInvariant


@dataclass(frozen=True)
class _EachDay:
    check: Callable[[DaySamples], Finding]

    def see(self, day: DaySamples) -> Finding:
        return self.check(day)

    def end(self) -> Finding:
        return NOTHING


def each_day(check: Callable[[DaySamples], Finding]) -> Callable[[BuildingFacts], SeriesCheck]:
    """Make a check of days that have nothing to do with each other."""
    return lambda _building: _EachDay(check)
