"""RAM as a variable: the levels, where each scenario begins, and how two servers share a budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.units import GIB, MIB, format_number

SMALL_LEVELS_GIB = (0.25, 0.5, 1.0, 2.0)
LEVELS_GIB = (4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
"""The levels of a gradient; the small ones are for data that fits into them."""

_MINIMUM_GIB: Mapping[str, tuple[float, float]] = {
    # scale: with the graph read from disk, with the graph in memory; for two days of data
    "tiny": (0.125, 0.125),
    "small": (0.25, 0.25),
    "medium": (0.25, 0.5),
    "large": (0.5, 1.0),
    "xlarge": (1.0, 4.0),
}
_IN_MEMORY = frozenset({"falkordb", "memgraph"})

NO_LIMIT = "no limit"
"""Written for the RAM of servers that nothing holds to a limit."""

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
    """Every level from the lowest up to the plateau, whatever fails on the way."""
    ESCALATE_ON_OOM = "escalate_on_oom"
    """Up while memory may be what is missing, then on to the plateau."""


_READS_FROM_DISK = frozenset({"postgresql", "duckdb"})


def strategy_of(scenario: Scenario) -> Strategy:
    """Give the strategy of a scenario, by what holds its graph."""
    is_disk_based = scenario.graph.engine in _READS_FROM_DISK
    return Strategy.ITERATE_UP if is_disk_based else Strategy.ESCALATE_ON_OOM


def minimum_bytes(scenario: Scenario, scale_name: str) -> int:
    """Give the level at which a gradient of a scenario begins; a scale of one's own is `small`."""
    on_disk, in_memory = _MINIMUM_GIB.get(scale_name, _MINIMUM_GIB["small"])
    return round((in_memory if keeps_graph_in_memory(scenario) else on_disk) * GIB)


def keeps_graph_in_memory(scenario: Scenario) -> bool:
    """Whether a scenario holds its whole graph in memory."""
    return scenario.graph.engine in _IN_MEMORY


def levels_from(least_bytes: int, most_bytes: int) -> tuple[int, ...]:
    """Give the levels there are between two sizes, which may be levels themselves."""
    every = (round(gib * GIB) for gib in (0.125, *SMALL_LEVELS_GIB, *LEVELS_GIB))
    return tuple(level for level in every if least_bytes <= level <= most_bytes)


def levels_around(need_bytes: int, least_bytes: int, most_bytes: int) -> tuple[int, ...]:
    """Give doubling levels from a quarter of what is needed to the first with twice as much."""
    level = 1 << max(least_bytes, need_bytes // 4).bit_length() - 1
    levels = [max(level, least_bytes)]
    while levels[-1] < 2 * need_bytes:
        levels.append(levels[-1] * 2)
    return tuple(level for level in levels if level <= most_bytes) or (most_bytes,)


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


def format_rams(levels: Sequence[int]) -> list[str]:
    """Write levels to be compared with each other: below 1 GiB in MiB, unless all are round."""
    texts = [format_ram(level) for level in levels]
    if all(text.endswith("GiB") for text in texts):
        return texts
    return [
        f"{format_number(n / MIB, 4)} MiB" if n < GIB else t
        for n, t in zip(levels, texts, strict=True)
    ]


def format_limits(limits: Sequence[int | None]) -> list[str]:
    """Write limits to be compared with each other, of which some may be none."""
    known = iter(format_rams([limit for limit in limits if limit is not None]))
    return [NO_LIMIT if limit is None else next(known) for limit in limits]


def format_limit(ram_bytes: int | None) -> str:
    """Write a level, or that there is no limit."""
    return NO_LIMIT if ram_bytes is None else format_ram(ram_bytes)


def format_ram(ram_bytes: int) -> str:
    """Write a level as people do: ``0.25 GiB``, ``8 GiB``, and ``362 MiB`` between such."""
    gib = round(ram_bytes / GIB, 2)
    if abs(gib * GIB - ram_bytes) < PAGE_BYTES:
        return f"{gib:g} GiB"
    return f"{format_number(ram_bytes / MIB, 4)} MiB"
