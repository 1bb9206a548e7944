"""RAM as a variable: the levels, where each scenario begins, and how two servers share a budget."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.units import GIB, MIB

SMALL_LEVELS_GIB = (0.25, 0.5, 1.0, 2.0)
LEVELS_GIB = (4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
"""The levels of a gradient; the small ones are for data that fits into them."""

LEAST_BYTES = 32 * MIB
"""No level below is tried: less than any of the servers needs to start."""

PAGE_BYTES = 4096
"""The kernel holds limits in whole pages."""

PLATEAU_IMPROVEMENT = 0.10
"""A level that takes at most so much off the time of the one below shows a plateau."""

BRACKET_RATIO = 1.25
"""How far apart the ends of the least viable RAM may be when bisection is content."""

GRAPH_SHARE = 0.5
"""The graph server's share of the budget of a scenario with two servers."""


class Strategy(StrEnum):
    """How a gradient goes up.

    `ITERATE_UP` measures level after level to the plateau, whatever fails on the way: a store on
    disk is expected to work with little memory. `ESCALATE_ON_OOM` goes up while memory may be what
    is missing (out of memory, refused, stalled, too slow), then on to the plateau; any other
    failure ends it.
    """

    ITERATE_UP = "iterate_up"
    ESCALATE_ON_OOM = "escalate_on_oom"


_READS_FROM_DISK = frozenset({"postgresql", "duckdb"})


def strategy_of(scenario: Scenario) -> Strategy:
    """Give the strategy of a scenario, by what holds its graph."""
    is_disk_based = scenario.graph.engine in _READS_FROM_DISK
    return Strategy.ITERATE_UP if is_disk_based else Strategy.ESCALATE_ON_OOM


def split_budget(
    scenario: Scenario, ram_bytes: int, *, graph_share: float = GRAPH_SHARE
) -> Mapping[str, int]:
    """Divide a budget over the servers of a scenario, by engine id."""
    if scenario.series is None:
        return {scenario.graph.engine: ram_bytes}
    graph_bytes = round(ram_bytes * graph_share)
    return {
        scenario.graph.engine: graph_bytes,
        scenario.series.engine: ram_bytes - graph_bytes,
    }


def format_level(ram_bytes: int) -> str:
    """Write a level as in the ids of cells: ``0.25g``, ``8g``, and ``362m`` between such."""
    gib = round(ram_bytes / GIB, 2)
    if abs(gib * GIB - ram_bytes) < PAGE_BYTES:
        return f"{gib:g}g"
    return f"{ram_bytes / MIB:g}m"
