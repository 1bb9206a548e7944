"""The chart of a comparison: a ratio and its interval for every query, and for all of them."""

from __future__ import annotations

from math import ceil, floor, log10

from basetype_benchmark.analysis.comparison import LevelComparison, Verdict, verdict_of
from basetype_benchmark.analysis.comparison_words import level_name
from basetype_benchmark.benchmark.charts.charts import PALETTE
from basetype_benchmark.benchmark.ratio import Ratio
from basetype_benchmark.benchmark.ratio_words import format_ratio
from basetype_benchmark.report.html.axes import log_axis
from basetype_benchmark.report.html.model import Chart, Json, Table, View

_LINE_HEIGHT_PX = 26
_FEW_DECADES = 4
_FRAME_PX = 110
_UNDECIDED = PALETTE[7]
_COLOURS = {
    Verdict.FASTER: PALETTE[2],
    Verdict.SLOWER: PALETTE[5],
    Verdict.NO_DIFFERENCE: _UNDECIDED,
}
_SYMBOLS = {
    Verdict.FASTER: "triangle-left",
    Verdict.SLOWER: "triangle-right",
    Verdict.NO_DIFFERENCE: "circle-open",
}


def ratio_chart(key: str, level: LevelComparison, table: Table) -> Chart:
    """Draw every ratio of a level on a logarithmic axis, where twice and half are as far from 1."""
    ratios = {query.query: query.ratio for query in level.queries if query.ratio is not None}
    if level.ratio is not None:
        ratios["all"] = level.ratio
    return Chart(
        key=key,
        title="What B took of the time of A",
        label=f"Ratios of B over A by query, {level_name(level)}; the same figures in the table",
        caption=(
            "Medians in B over those in A, with 95 % intervals; left of 1 B is faster. Triangles: "
            "the interval excludes 1. Circles: no difference is shown. all: geometric mean."
        ),
        height=_FRAME_PX + _LINE_HEIGHT_PX * len(ratios),
        layout=_layout(ratios),
        views=(
            View(
                name="ratios",
                traces=tuple(
                    trace for verdict in _SYMBOLS if (trace := _trace(verdict, ratios)) is not None
                ),
            ),
        ),
        table=table,
    )


def _layout(ratios: dict[str, Ratio]) -> Json:
    line = {"width": 1.5, "dash": "dot", "color": _UNDECIDED}
    return {
        "xaxis": log_axis("B / A, logarithmic", _ticks(ratios)),
        "yaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": list(ratios)[::-1],
        },
        "shapes": [
            {"type": "line", "x0": 1, "x1": 1, "y0": 0, "y1": 1, "yref": "paper", "line": line}
        ],
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        "margin": {"l": 60, "t": 40},
    }


def _ticks(ratios: dict[str, Ratio]) -> tuple[list[float], list[str]]:
    """Give few enough ticks to be read, 1 among them."""
    ends = [
        end
        for ratio in ratios.values()
        for end in (ratio.value - _down(ratio), ratio.value + _up(ratio))
    ]
    low, high = min(ends), max(ends)
    decades = range(floor(log10(low)), ceil(log10(high)) + 1)
    steps = (1, 2, 5) if len(decades) <= _FEW_DECADES else (1,)
    values = [float(f"{step}e{decade}") for decade in decades for step in steps]
    return values, [f"{value:g}" for value in values]


def _up(ratio: Ratio) -> float:
    """How far the upper end of the interval is drawn from the ratio."""
    return ratio.high - ratio.value if ratio.is_telling else 0


def _down(ratio: Ratio) -> float:
    """How far the lower end is."""
    return ratio.value - ratio.low if ratio.is_telling else 0


def _trace(verdict: Verdict, ratios: dict[str, Ratio]) -> Json | None:
    """Draw the ratios that say the same; None where there is none."""
    found = {name: ratio for name, ratio in ratios.items() if verdict_of(ratio) is verdict}
    if not found:
        return None
    colour = _COLOURS[verdict]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": verdict.value,
        "x": [ratio.value for ratio in found.values()],
        "y": list(found),
        "text": [format_ratio(ratio) for ratio in found.values()],
        "hovertemplate": "%{y}: %{text}<extra></extra>",
        "marker": {"symbol": _SYMBOLS[verdict], "size": 11, "color": colour},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [_up(ratio) for ratio in found.values()],
            "arrayminus": [_down(ratio) for ratio in found.values()],
            "color": colour,
            "thickness": 1.6,
            "width": 4,
        },
    }
