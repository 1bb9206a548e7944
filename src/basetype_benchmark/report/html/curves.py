"""Memory over time: every reading of a cell, thinned to what can be seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.monitoring.resource_use import is_server
from basetype_benchmark.report.html.look import ANONYMOUS, FILE, KERNEL
from basetype_benchmark.report.html.model import Chart, Column, Json, Table, Value, View
from basetype_benchmark.report.html.wording import mebibytes, ram
from basetype_benchmark.units import MIB, NS_PER_S

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Readings = Callable[[str], pl.DataFrame]
"""Gives the readings of a cell."""

MOST_POINTS = 400
LEAST_POINTS = 16
ALL_POINTS = 16_000
"""Points of a curve, of a short campaign and of a long one; and of all of them together."""

_PARTS = ("anonymous", "file", "kernel")
_TOTAL = "memory_bytes"


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What one server held: MiB of each part that was read, at `t_s` since the cell began.

    Without parts there is the total alone.
    """

    source: str
    t_s: list[float]
    parts: dict[str, list[float]]
    readings: int
    limit_mib: float | None
    peak_mib: float


def curve_chart(
    records: Sequence[CellRecord], readings: Readings, key: str, points: int
) -> Chart | None:
    """Show the memory of each server of each cell; a view is a cell. None without readings.

    `points` is how many a curve may have.
    """
    found = [
        (record, curves)
        for record in records
        if record.result.resources is not None
        and (curves := _curves(record, readings(record.cell), points))
    ]
    if not found:
        return None
    most = max(len(curves) for _, curves in found)
    kept = max(len(curve.t_s) for _, curves in found for curve in curves)
    return Chart(
        key=f"{key}-memory",
        title="Memory over time",
        label="Memory of each server over the time of one cell, in parts, against its limit.",
        caption=(
            "MiB that the kernel counts to a server: anonymous memory (its own), file pages (a "
            "cache that the kernel can drop), kernel memory; dashed: its limit; shaded: phases. "
            "One cell at a time, n = 1, no interval. Where there are more readings than can be "
            f"seen, the least and the highest of each of {max(1, kept // 2)} equal stretches of "
            "time are kept."
        ),
        height=_height(len(found[0][1])),
        layout={
            "xaxis": {"title": {"text": "s since the cell began", "standoff": 8}},
            "hovermode": "x unified",
            "legend": {"orientation": "h", "y": 1.06, "yanchor": "bottom", "x": 0},
            "margin": {"l": 76, "r": 20, "t": 60, "b": 52},
        },
        views=tuple(_view(record, curves) for record, curves in found),
        table=_table(found, key),
        pick="Cell",
        styles=_styles(most),
    )


def points_for(curves: int) -> int:
    """Say how many points each of so many curves may have."""
    return max(LEAST_POINTS, min(MOST_POINTS, ALL_POINTS // max(1, curves)))


def thin(t_ns: Ints, values: Floats, most: int) -> Ints:
    """Give the places of at most about `most` readings: the least and highest of each stretch.

    The first and the last are among them. `t_ns` must not fall.
    """
    if len(t_ns) <= most:
        return np.arange(len(t_ns))
    stretches = max(1, most // 2)
    span = max(1, int(t_ns[-1] - t_ns[0]))
    at = np.minimum((t_ns - t_ns[0]) * stretches // span, stretches - 1)
    order = np.lexsort((values, at))
    begins = np.flatnonzero(np.diff(at[order], prepend=-1))
    ends = np.append(begins[1:], len(order)) - 1
    ends_too = [0, len(t_ns) - 1]
    return np.unique(np.concatenate([order[begins], order[ends], ends_too]))


def _curves(record: CellRecord, readings: pl.DataFrame, points: int) -> list[Curve]:
    use = record.result.resources
    limits = {m.source: m.ram_bytes for m in use.meters} if use is not None else {}
    told = readings.filter(pl.col(_TOTAL).is_not_null()).sort("t_ns")
    sources = [s for s in told["source"].unique(maintain_order=True) if is_server(s)]
    return [
        _curve(source, told.filter(pl.col("source") == source), limits.get(source), points)
        for source in sorted(sources)
    ]


def _curve(source: str, rows: pl.DataFrame, limit: int | None, points: int) -> Curve:
    t_ns = rows["t_ns"].to_numpy()
    total = rows[_TOTAL].to_numpy().astype(np.float64)
    kept = thin(t_ns, total, points)
    names = [part for part in _PARTS if rows[f"{part}_bytes"].null_count() == 0]
    columns = {part: rows[f"{part}_bytes"] for part in names} or {"total": rows[_TOTAL]}
    return Curve(
        source=source,
        t_s=[float(f"{t / NS_PER_S:.4g}") for t in t_ns[kept]],
        parts={n: [_short(v) for v in column.to_numpy()[kept]] for n, column in columns.items()},
        readings=len(t_ns),
        limit_mib=None if limit is None else mebibytes(limit),
        peak_mib=mebibytes(float(total.max())),
    )


def _short(size_bytes: float) -> float:
    """Give MiB with as many digits as can be seen in a chart."""
    size = size_bytes / MIB
    return round(float(size)) if size >= 100 else round(float(size), 1)


def _styles(panels: int) -> dict[str, Json]:
    """Give the look of each part in each panel, by both."""
    looks = {"anonymous": (ANONYMOUS, ""), "file": (FILE, "/"), "kernel": (KERNEL, ".")}
    looks["total"] = (KERNEL, "")
    axes = ["y" if index == 0 else f"y{index + 1}" for index in range(panels)]
    return {
        f"{part} {axis}": _style(part, axis, colour, shape)
        for part, (colour, shape) in looks.items()
        for axis in axes
    }


def _style(part: str, axis: str, colour: str, shape: str) -> Json:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": part,
        "legendgroup": part,
        "showlegend": axis == "y",
        "yaxis": axis,
        "stackgroup": axis,
        "line": {"color": colour, "width": 1},
        "fillcolor": colour,
        "fillpattern": _pattern(shape, colour),
        "hovertemplate": "%{y:,.4~r} MiB",
    }


def _pattern(shape: str, colour: str) -> Json:
    if not shape:
        return {"shape": ""}
    return {"shape": shape, "bgcolor": colour, "fgcolor": "#ffffff", "fgopacity": 0.65, "size": 6}


def _height(panels: int) -> int:
    return 150 + 190 * panels


def _view(record: CellRecord, curves: Sequence[Curve]) -> View:
    """Draw a panel for each server, from above: its axis is ``y``, ``y2`` and so on."""
    axes = ["y" if index == 0 else f"y{index + 1}" for index in range(len(curves))]
    placed = list(zip(axes, curves, strict=True))
    return View(
        name=record.cell,
        traces=tuple(
            {"like": f"{part} {axis}", "x": axis, "y": values}
            for axis, curve in placed
            for part, values in curve.parts.items()
        ),
        layout={"height": _height(len(curves))},
        shared={axis: curve.t_s for axis, curve in placed},
        spans=_spans(record),
        limits={axis: curve.limit_mib for axis, curve in placed if curve.limit_mib is not None},
        panels=tuple(f"{curve.source}, MiB" for curve in curves),
    )


def _spans(record: CellRecord) -> tuple[tuple[str, float, float], ...]:
    use = record.result.resources
    return tuple(
        (
            phase.phase,
            float(f"{phase.begin_ns / NS_PER_S:.4g}"),
            float(f"{(phase.begin_ns + phase.elapsed_ns) / NS_PER_S:.4g}"),
        )
        for phase in (() if use is None else use.phases)
    )


def _table(found: Sequence[tuple[CellRecord, Sequence[Curve]]], key: str) -> Table:
    rows = [
        (
            Value(text=record.cell),
            Value(text=curve.source),
            Value(text=ram(None) if curve.limit_mib is None else f"{curve.limit_mib:g}"),
            Value(text=f"{curve.peak_mib:g}"),
            Value(text=str(curve.readings)),
            Value(text=str(len(curve.t_s))),
        )
        for record, curves in found
        for curve in curves
    ]
    return Table(
        key=f"{key}-memory-table",
        caption="The highest reading of each server, and how many readings there are",
        columns=(
            Column(name="cell"),
            Column(name="server"),
            Column(name="limit", unit="MiB", is_number=True),
            Column(name="highest", unit="MiB", is_number=True),
            Column(name="readings", is_number=True),
            Column(name="drawn", is_number=True),
        ),
        rows=tuple(rows),
        choices=("server",),
    )
