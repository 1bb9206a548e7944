"""Water, lifts and the car park."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from basetype_benchmark.dataset.portrait.figure import (
    Figure,
    Line,
    Omission,
    Panel,
    Sketch,
    Style,
)
from basetype_benchmark.dataset.portrait.inventory import Inventory, ShownPoint
from basetype_benchmark.dataset.portrait.lines import line_of
from basetype_benchmark.dataset.portrait.traces import Trace
from basetype_benchmark.dataset.portrait.window import Window

KEY, TITLE = "services", "Water, lifts and car park"
_HOUR_S = 3600.0


def sketch(inventory: Inventory, window: Window) -> Sketch | Omission:
    """Take the first point of each service."""
    makers: list[tuple[ShownPoint, Callable[[ShownPoint, Trace], Panel]]] = [
        (found[0], maker)
        for point_type, maker in (
            ("domestic_water_flow", _water),
            ("trip_count", _lift),
            ("parking_occupied", _parking),
            ("carbon_monoxide", _exhaust),
        )
        if (found := inventory.of_type(point_type))
    ]
    if not makers:
        reason = "the building has no water meter, lift or car park"
        return Omission(key=KEY, title=TITLE, reason=reason)

    def draw(traces: Mapping[str, Trace]) -> Figure:
        return Figure(
            key=KEY,
            title=TITLE,
            caption="All of it follows the people: water while they are there, lifts when they "
            "move, cars when they come.",
            axis=window.axis,
            panels=tuple(maker(point, traces[point.id]) for point, maker in makers),
        )

    return Sketch(key=KEY, title=TITLE, points=tuple(point.id for point, _ in makers), draw=draw)


def per_hour(trace: Trace) -> tuple[list[float], list[float]]:
    """Rise of a counter in each hour between its first and last sample: start in s, and count."""
    if not len(trace):
        return [], []
    edges = np.arange(trace.seconds[0] // _HOUR_S, trace.seconds[-1] // _HOUR_S + 1) * _HOUR_S
    place = np.searchsorted(trace.seconds, edges, side="right") - 1
    counted = trace.values[np.maximum(place, 0)]
    return edges[:-1].tolist(), np.diff(counted).tolist()


def _water(point: ShownPoint, trace: Trace) -> Panel:
    lines = (line_of(point, trace, "draw", 0),)
    return Panel(title="Domestic water", unit="m³/h", lines=lines, height=90, from_zero=True)


def _lift(point: ShownPoint, trace: Trace) -> Panel:
    start, trips = per_hour(trace)
    name = point.owner_id.rsplit(".", 1)[-1]
    lines = (Line(name=name, x=np.array(start), y=np.array(trips), colour=3, style=Style.STEP),)
    return Panel(title="Lift", unit="trips an hour", lines=lines, height=90, from_zero=True)


def _parking(point: ShownPoint, trace: Trace) -> Panel:
    lines = (line_of(point, trace, "taken", 2, Style.STEP),)
    return Panel(title="Car park", unit="cars", lines=lines, height=90, from_zero=True)


def _exhaust(point: ShownPoint, trace: Trace) -> Panel:
    lines = (line_of(point, trace, "carbon monoxide", 6),)
    return Panel(title="Exhaust", unit="ppm CO", lines=lines, height=90, from_zero=True)
