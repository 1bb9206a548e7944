"""Figures as Plotly draws them: panels above each other over one axis, each with its legend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import plotly.graph_objects as go

from basetype_benchmark.benchmark.charts.charts import GOOD, PALETTE, SHADE, plain, template
from basetype_benchmark.dataset.portrait.figure import (
    DAY_S,
    Array,
    Figure,
    Line,
    NumberAxis,
    Panel,
    Style,
    TimeAxis,
)

_HEAD = 34  # px above a panel, for its title and legend
_BUTTONS = 16  # px above all, for the buttons of the chart
_FOOT = 60  # px below the last panel, for the axis
_LEFT, _RIGHT = 58, 16  # px beside the panels
_DAY_MS = DAY_S * 1000
_WIDE_S = 600.0  # about a column of pixels in a week
_NEAR_PX = 40  # of the pointer, how far a value may be to be told
_TIME_FORMATS = (
    {"dtickrange": [None, _DAY_MS - 1], "value": "%H:%M\n%a %-d %b"},
    {"dtickrange": [_DAY_MS, None], "value": "%a %-d %b"},
)
_EMPTY = "no samples in these days"

_Json = dict[str, Any]


def draw(figure: Figure) -> go.Figure:
    """Draw a figure.

    A panel's values are those of one axis `y`, `y2` and so on from above; all panels have the axis
    `x`. On a `TimeAxis` that is milliseconds since 1970, as Plotly counts time.
    """
    placed = list(zip(figure.panels, map(_place, range(len(figure.panels))), strict=True))
    traces = [_trace(line, panel, figure.axis, at) for panel, at in placed for line in panel.lines]
    layout = _frame(figure) | {
        "shapes": [
            shape
            for panel, at in placed
            for shape in (*_days_off(figure.axis, at), *_band(panel, at))
        ],
        "annotations": [text for panel, at in placed for text in _texts(panel, at)],
    }
    for (panel, at), domain in zip(placed, _domains(figure.panels), strict=True):
        layout[f"yaxis{at}"] = _up(panel) | {"domain": domain, "anchor": "x"}
        layout[f"legend{at}"] = _legend(domain[1])
    layout["xaxis"] = _across(figure.axis) | {"anchor": f"y{placed[-1][1]}"}
    return go.Figure(data=traces, layout=layout)


def _frame(figure: Figure) -> _Json:
    """Say how large it is, and that pointing at one panel tells the values of all."""
    return {
        "template": template(),
        "height": _inner_height(figure.panels) + _BUTTONS + _HEAD + _FOOT,
        "margin": {"l": _LEFT, "r": _RIGHT, "t": _BUTTONS + _HEAD, "b": _FOOT},
        "barmode": "stack",
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "hoverdistance": _NEAR_PX,
    }


def _domains(panels: Sequence[Panel]) -> Iterator[tuple[float, float]]:
    """Give the lower and upper end of each panel, as a share of the height of all."""
    inner = _inner_height(panels)
    top = 0
    for panel in panels:
        bottom = top + panel.height
        yield 1 - bottom / inner, 1 - top / inner
        top = bottom + _HEAD


def _inner_height(panels: Sequence[Panel]) -> int:
    return sum(panel.height for panel in panels) + _HEAD * (len(panels) - 1)


def _place(index: int) -> str:
    """Say which of its kind an axis or legend is, in Plotly's way: the first has no number."""
    return str(index + 1) if index else ""


def _across(axis: TimeAxis | NumberAxis) -> _Json:
    spike = {"showspikes": True, "spikemode": "across", "spikesnap": "cursor"}
    look: _Json = spike | {"spikethickness": 1, "spikedash": "solid", "spikecolor": PALETTE[-1]}
    if isinstance(axis, TimeAxis):
        return look | {
            "type": "date",
            "range": (np.array([axis.low, axis.high]) * 1000 + _start_ms(axis)).tolist(),
            "title": _title("time (UTC)"),
            "tickformatstops": _TIME_FORMATS,
            "ticklabelmode": "period",
            "unifiedhovertitle": {"text": "%{x|%a %-d %b %Y, %H:%M} UTC"},
        }
    ends = [axis.low, axis.high]
    return look | {
        "type": "log" if axis.log else "linear",
        "range": np.log10(ends).tolist() if axis.log else ends,
        "title": _title(plain(axis.title)),
        "tickvals": [value for value, _ in axis.ticks],
        "ticktext": [plain(text) for _, text in axis.ticks],
        "unifiedhovertitle": {"text": f"%{{x:,.3~r}} {plain(axis.unit)}"},
    }


def _title(text: str) -> _Json:
    return {"text": text, "standoff": 6, "font": {"size": 12}}


def _up(panel: Panel) -> _Json:
    axis: _Json = {"fixedrange": True, "nticks": 1 + panel.height // 24}
    if not any(np.isfinite(line.y).any() for line in panel.lines):
        return axis | {"range": [0, 1], "showticklabels": False}
    if panel.log:
        return axis | {"type": "log", "dtick": 1, "tickformat": "~r"}
    return axis | {"rangemode": "tozero" if panel.from_zero else "normal", "tickformat": ",~r"}


def _legend(top: float) -> _Json:
    """Put the names of a panel's lines above it at the right."""
    where = {"x": 1, "xanchor": "right", "y": top, "yanchor": "bottom", "yref": "paper"}
    return where | {"orientation": "h", "bgcolor": "rgba(0, 0, 0, 0)", "traceorder": "normal"}


def _days_off(axis: TimeAxis | NumberAxis, place: str) -> Iterator[_Json]:
    if isinstance(axis, TimeAxis):
        for day in axis.days_off:
            start = _start_ms(axis) + day * _DAY_MS
            yield _range(SHADE) | {
                "x0": start,
                "x1": start + _DAY_MS,
                "y0": 0,
                "y1": 1,
                "yref": f"y{place} domain",
            }


def _band(panel: Panel, place: str) -> Iterator[_Json]:
    if panel.band is not None:
        ends = {"y0": panel.band.low, "y1": panel.band.high, "x0": 0, "x1": 1}
        name = {"name": plain(panel.band.name), "showlegend": True, "legend": f"legend{place}"}
        yield _range(GOOD) | ends | name | {"xref": "x domain", "yref": f"y{place}"}


def _range(colour: str) -> _Json:
    return {"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": colour}


def _texts(panel: Panel, place: str) -> Iterator[_Json]:
    """Write a panel's title and unit above it, and in it that it has no values."""
    where = {"xref": "x domain", "yref": f"y{place} domain", "showarrow": False, "xanchor": "left"}
    title = f"<b>{plain(panel.title)}</b> ({plain(panel.unit)})"
    yield (
        where
        | {"text": title, "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 13}}
        | {"yshift": 2}
    )
    if not any(np.isfinite(line.y).any() for line in panel.lines):
        yield where | {"text": _EMPTY, "x": 0.01, "y": 0.5, "yanchor": "middle"}


def _trace(line: Line, panel: Panel, axis: TimeAxis | NumberAxis, place: str) -> _Json:
    x, y = line.x, line.y
    if isinstance(axis, TimeAxis):
        if line.style is Style.STEP:
            x, y = _told_at_ends(x, y)
        if line.style in (Style.STEP, Style.AREA):
            x, y = _held(x, y, axis.high)
        x = x * 1000 + _start_ms(axis)
    label = f"{plain(panel.title)}, {plain(line.name)}" if line.name else plain(panel.title)
    common: _Json = {
        "name": plain(line.name),
        "x": x,
        "y": y.astype(np.float32),  # more digits than can be seen, in half the page
        "xaxis": "x",
        "yaxis": f"y{place}",
        "legend": f"legend{place}",
        "showlegend": True,
        "hovertemplate": f"{label}: %{{y:,.4~r}} {plain(panel.unit)}<extra></extra>",
    }
    return common | _look(line)


def _look(line: Line) -> _Json:
    colour = PALETTE[line.colour]
    if line.style is Style.BAR:
        return {"type": "bar", "offset": 0.1, "width": 0.8, "marker": {"color": colour}}
    look: _Json = {"type": "scatter", "mode": "lines", "line": {"color": colour, "width": 1.4}}
    if line.style is Style.DASHED:
        look["line"]["dash"] = "5px,3px"
    if line.style in (Style.STEP, Style.AREA):
        look["line"]["shape"] = "hv"
    if line.style is Style.AREA:
        look["line"]["width"] = 0
        look |= {"stackgroup": "areas", "fillcolor": colour}
    return look


def _told_at_ends(x: Array, y: Array) -> tuple[Array, Array]:
    """Give long steps their value also 1 s before they end.

    Plotly tells the value nearest to the pointer, which should be the one that is drawn there.
    """
    after = np.flatnonzero((np.diff(x) > _WIDE_S) & (np.diff(y) != 0)) + 1
    return np.insert(x, after, x[after] - 1), np.insert(y, after, y[after - 1])


def _held(x: Array, y: Array, end: float) -> tuple[Array, Array]:
    """Hold the last value to the end of the axis, if there is one."""
    if not len(x) or np.isnan(y[-1]) or x[-1] >= end:
        return x, y
    return np.append(x, end), np.append(y, y[-1])


def _start_ms(axis: TimeAxis) -> int:
    start = datetime.combine(axis.first_day, datetime.min.time(), UTC)
    return int(start.timestamp() * 1000)
