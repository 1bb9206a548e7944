"""Horizontal bars: one row for each thing, of one part or several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from basetype_benchmark.benchmark.charts.charts import PALETTE
from basetype_benchmark.report.html.axes import row_axis
from basetype_benchmark.report.html.model import Chart, Json, Table, View
from basetype_benchmark.report.html.wording import NOT_MEASURED

ROW_HEIGHT = 30
_ABOVE_AND_BELOW = 100
_PATTERNS = ("", "/", ".", "x")
_LIMIT = {"symbol": "line-ns", "size": 20, "line": {"width": 3, "color": PALETTE[6]}}


@dataclass(frozen=True, kw_only=True)
class BarPart:
    """A part of a bar; `told` is more to say of it where one points."""

    name: str
    length: float
    colour: str
    told: str = ""


@dataclass(frozen=True, kw_only=True)
class BarRow:
    """A row and its parts from the left, or `why_empty` it has none. `limit` is a mark."""

    name: str
    parts: tuple[BarPart, ...] = ()
    limit: float | None = None
    why_empty: str = NOT_MEASURED


@dataclass(frozen=True, kw_only=True)
class BarView:
    """Rows to choose, and of the same names those of a second panel beside them, if any."""

    name: str
    rows: tuple[BarRow, ...]
    right: tuple[BarRow, ...] = ()


def bar_chart(
    *,
    key: str,
    title: str,
    caption: str,
    units: Sequence[str],
    views: Sequence[BarView],
    table: Table,
    tell: str,
    pick: str = "",
) -> Chart:
    """Draw bars; `units` are those of the panels, one or two.

    Where one points, `tell` says of a part what ``%{x}`` is, and ``%{text}`` what is told more.
    """
    longest = max(len(row.name) for view in views for row in view.rows)
    return Chart(
        key=key,
        title=title,
        label=f"{title}: bars, the figures of which are in the table below.",
        caption=caption,
        height=_height(views[0]),
        layout=_layout(units, has_parts=_has_parts(views), left=34 + 7 * longest),
        views=tuple(_view(view) for view in views),
        table=table,
        pick=pick,
        styles=_styles(views, tell),
    )


def _has_parts(views: Sequence[BarView]) -> bool:
    rows = [row for view in views for row in (*view.rows, *view.right)]
    return any(len(row.parts) > 1 or row.limit is not None for row in rows)


def _layout(units: Sequence[str], *, has_parts: bool, left: int) -> Json:
    layout: Json = {
        "xaxis": _axis(units[0]),
        "barmode": "stack",
        "bargap": 0.35,
        "showlegend": has_parts,
        "legend": {
            "orientation": "h",
            "y": 1.0,
            "yanchor": "bottom",
            "x": 0,
            "traceorder": "normal",
        },
        "margin": {"l": left, "r": 20, "t": 36 if has_parts else 12, "b": 52},
    }
    if len(units) > 1:
        layout["xaxis"]["domain"] = [0, 0.46]
        layout["xaxis2"] = _axis(units[1]) | {"domain": [0.54, 1]}
    return layout


def _view(view: BarView) -> View:
    names = [row.name for row in view.rows]
    return View(
        name=view.name,
        traces=(
            *_traces(view.rows, "x", known=()),
            *_limits(view.rows),
            *_traces(view.right, "x2", known=_names(view.rows)),
        ),
        layout={
            "yaxis": row_axis(names),
            "height": _height(view),
            "annotations": [*_empty(view.rows, "x"), *_empty(view.right, "x2")],
        },
    )


def _empty(rows: Sequence[BarRow], axis: str) -> list[Json]:
    """Write where a bar would be that there is none, so that nobody takes it for a zero."""
    return [
        {
            "xref": axis,
            "x": 0,
            "xanchor": "left",
            "y": row.name,
            "text": row.why_empty,
            "showarrow": False,
            "font": {"size": 11},
        }
        for row in rows
        if not row.parts
    ]


def _height(view: BarView) -> int:
    return _ABOVE_AND_BELOW + ROW_HEIGHT * max(1, len(view.rows))


def _axis(unit: str) -> Json:
    return {"title": {"text": unit, "standoff": 8}, "rangemode": "tozero", "tickformat": ",~r"}


def _names(rows: Iterable[BarRow]) -> list[str]:
    """Name the parts in their order, as the row with the most of them has it."""
    longest = sorted((row.parts for row in rows), key=len, reverse=True)
    return list(dict.fromkeys(part.name for parts in longest for part in parts))


def _traces(rows: Sequence[BarRow], axis: str, *, known: Sequence[str]) -> list[Json]:
    """Make a trace for each part; those `known` have their place in the legend."""
    traces = []
    for name in _names(rows):
        found = [(row.name, part) for row in rows for part in row.parts if part.name == name]
        trace: Json = {
            "like": name,
            "x": [part.length for _, part in found],
            "y": [row for row, _ in found],
        }
        if any(part.told for _, part in found):
            trace["text"] = [part.told for _, part in found]
        if axis != "x":
            trace["xaxis"] = axis
        traces.append(trace | ({"showlegend": False} if name in known else {}))
    return traces


def _styles(views: Sequence[BarView], tell: str) -> dict[str, Json]:
    """Give the look of each part: by colour and pattern one tells them apart."""
    rows = [row for view in views for row in (*view.rows, *view.right)]
    return {name: _style(name, index, rows, tell) for index, name in enumerate(_names(rows))}


def _style(name: str, index: int, rows: Sequence[BarRow], tell: str) -> Json:
    colours = dict.fromkeys(p.colour for row in rows for p in row.parts if p.name == name)
    is_stacked = any(len(row.parts) > 1 for row in rows)
    pattern = {
        "shape": _PATTERNS[index % len(_PATTERNS)] if is_stacked else "",
        "fillmode": "overlay",
        "fgcolor": "#ffffff",
        "fgopacity": 0.65,
        "size": 6,
    }
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "legendgroup": name,
        "marker": {"color": next(iter(colours)), "pattern": pattern},
        "textposition": "none",
        "hovertemplate": f"%{{y}}<br>{name}: {tell}<extra></extra>",
    }


def _limits(rows: Sequence[BarRow]) -> list[Json]:
    """Mark the limits there are."""
    limited = [row for row in rows if row.limit is not None]
    if not limited:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "limit",
            "x": [row.limit for row in limited],
            "y": [row.name for row in limited],
            "marker": _LIMIT,
            "hovertemplate": "%{y}<br>limit %{x:,.4~r} MiB<extra></extra>",
        }
    ]
