"""What a scenario looks like in every chart: never by colour alone."""

from __future__ import annotations

from collections.abc import Iterable

from basetype_benchmark.benchmark.charts.charts import PALETTE
from basetype_benchmark.config.ram import keeps_graph_in_memory
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.report.html.model import Json

_COLOURS = {"P": 0, "O": 1, "F": 2, "M": 3, "A": 6, "D": 5}
_SYMBOLS = {
    "P": "circle",
    "O": "square",
    "F": "diamond",
    "M": "triangle-up",
    "A": "cross",
    "D": "star",
}
ANONYMOUS, FILE, KERNEL = PALETTE[0], PALETTE[1], PALETTE[7]
"""Parts of memory."""

FAILED = {"symbol": "x-thin", "size": 10, "line": {"width": 2}}
"""A level that was not enough."""


def colour_of(scenario: str) -> str:
    """Give the colour of a scenario: one for each store."""
    return PALETTE[_COLOURS.get(scenario[:1], 7)]


def style_of(scenario: str) -> Json:
    """Draw a scenario: colour and symbol by its store, open and dashed where it is the second."""
    symbol = _SYMBOLS.get(scenario[:1], "hexagon")
    is_second = scenario[1:] != "1"
    colour = colour_of(scenario)
    return {
        "type": "scatter",
        "name": scenario,
        "hovertemplate": f"{scenario}, {title_of(scenario)}<br>%{{text}}<extra></extra>",
        "marker": {
            "symbol": f"{symbol}-open" if is_second else symbol,
            "size": 10,
            "color": colour,
            "line": {"width": 2, "color": colour},
        },
        "line": {"color": colour, "width": 1.8, "dash": "6px,4px" if is_second else "solid"},
        "error_y": {"color": colour, "thickness": 1.4, "width": 4},
        "error_x": {"color": colour, "thickness": 1.4, "width": 4},
    }


def styles_of(scenarios: Iterable[str]) -> dict[str, Json]:
    """Give the styles of scenarios by their ids."""
    return {scenario: style_of(scenario) for scenario in scenarios}


def is_in_memory(scenario: str) -> bool:
    """Whether a scenario holds its graph in memory."""
    known = SCENARIOS.get(scenario)
    return known is not None and keeps_graph_in_memory(known)


def title_of(scenario: str) -> str:
    """Name a scenario for people: ``PostgreSQL, relational``."""
    known = SCENARIOS.get(scenario)
    return scenario if known is None else known.title
