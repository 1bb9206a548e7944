"""Badge events by hour of the day."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from basetype_benchmark.dataset.portrait.figure import (
    Array,
    Figure,
    Line,
    NumberAxis,
    Omission,
    Panel,
    Sketch,
    Style,
)
from basetype_benchmark.dataset.portrait.inventory import Inventory
from basetype_benchmark.dataset.portrait.traces import Trace
from basetype_benchmark.dataset.portrait.window import Window

KEY, TITLE = "badges", "Badge events by hour"
_HOURS = NumberAxis(
    title="hour of the day (UTC)",
    unit="h",
    low=0.0,
    high=24.0,
    ticks=tuple((float(hour), f"{hour}") for hour in range(0, 25, 3)),
)


def sketch(inventory: Inventory, window: Window) -> Sketch | Omission:
    """Take every badge reader of the building."""
    readers = inventory.of_type("access_event")
    if not readers:
        return Omission(key=KEY, title=TITLE, reason="the building has no badge readers")

    def draw(traces: Mapping[str, Trace]) -> Figure:
        days_off = set(window.axis.days_off)
        at_work = [day for day in range(window.days) if day not in days_off]
        events = [traces[point.id] for point in readers]
        panels = [
            _panel(title, events, days)
            for title, days in (("Working days", at_work), ("Days off", sorted(days_off)))
            if days
        ]
        return Figure(
            key=KEY,
            title=TITLE,
            caption=f"Mean of {len(readers)} readers together: people arrive, go to lunch and come "
            "back, leave; the watch makes its round between 2 and 5 h; some badges are refused.",
            axis=_HOURS,
            panels=tuple(panels),
        )

    return Sketch(key=KEY, title=TITLE, points=tuple(point.id for point in readers), draw=draw)


def events_by_hour(traces: list[Trace], days: list[int], value: float) -> Array:
    """Mean number of events with a value (1 granted, 0 denied) in each hour of some days."""
    counts = np.zeros(24)
    for trace in traces:
        day = (trace.seconds // 86_400).astype(np.int64)
        chosen = trace.seconds[(trace.values == value) & np.isin(day, days)]
        counts += np.bincount((chosen % 86_400 // 3600).astype(np.int64), minlength=24)
    return np.asarray(counts / len(days))


def _panel(title: str, traces: list[Trace], days: list[int]) -> Panel:
    lines = tuple(
        Line(
            name=name,
            x=np.arange(24.0),
            y=events_by_hour(traces, days, value),
            colour=colour,
            style=Style.BAR,
        )
        for name, value, colour in (("granted", 1.0, 2), ("denied", 0.0, 6))
    )
    count = f"mean of {len(days)}" if len(days) > 1 else "one day"
    return Panel(title=f"{title}, {count}", unit="events an hour", lines=lines, from_zero=True)
