"""RAM as a variable: the levels, where each scenario begins, and how two servers share a budget."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.units import GIB

SMALL_LEVELS_GIB = (0.25, 0.5, 1.0, 2.0)
LEVELS_GIB = (4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
"""The levels of a gradient; the small ones are for data that fits into them."""

GRAPH_SHARE = 0.5
"""The graph server's share of the budget of a scenario with two servers."""


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
    """Write a level as in the ids of cells: ``0.25g``, ``8g``."""
    return f"{ram_bytes / GIB:g}g"
