"""Axes of charts, and how far along them a time is."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.benchmark.charts.charts import GRID
from basetype_benchmark.report.html.model import Json
from basetype_benchmark.units import NS_PER_MS

_BESIDE_ROWS = 0.6


def log_axis(title: str, ticks: tuple[list[float], list[str]] | None = None) -> Json:
    """Draw an axis of logarithms, which no failure is on."""
    axis: Json = {"type": "log", "title": {"text": title, "standoff": 8}, "gridcolor": GRID}
    if ticks is None:
        return axis | {"tickformat": "~r", "dtick": "D1", "nticks": 8}
    return axis | {"tickvals": ticks[0], "ticktext": ticks[1]}


def row_axis(names: Sequence[str]) -> Json:
    """Draw an axis up with a row for each name, the first of them on top."""
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(reversed(names)),
        "range": [-_BESIDE_ROWS, len(names) - 1 + _BESIDE_ROWS],
        "tickmode": "array",
        "tickvals": list(names),
        "fixedrange": True,
    }


def place_ms(elapsed_ns: float) -> float:
    """Give a time in ms, with as many digits as can be seen in a chart."""
    return float(f"{elapsed_ns / NS_PER_MS:.4g}")
