"""The meter tree: what a parent counts against what its children count and its losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from basetype_benchmark.dataset.portrait.figure import (
    Array,
    Figure,
    Line,
    Omission,
    Panel,
    Sketch,
    Style,
    Table,
)
from basetype_benchmark.dataset.portrait.figures.power import (
    INTERVAL_S,
    interval_starts,
    on_intervals,
)
from basetype_benchmark.dataset.portrait.inventory import Inventory, ShownMeter
from basetype_benchmark.dataset.portrait.traces import Trace
from basetype_benchmark.dataset.portrait.window import Window

KEY, TITLE = "balance", "Balance of the meter tree"
_PER_HOUR = 3600 / INTERVAL_S
_MOST_ROWS = 20


@dataclass(frozen=True, kw_only=True)
class Balance:
    """One parent meter, in kWh of each interval; `expected` is its children's and its losses."""

    meter: ShownMeter
    measured: Array
    expected: Array

    @property
    def residual(self) -> Array:
        """What the parent counts more than expected, in kWh."""
        return np.asarray(self.measured - self.expected)


def sketch(inventory: Inventory, window: Window) -> Sketch | Omission:
    """Take every meter that feeds meters; the curve is that of the one with the most energy."""
    known = {meter.id: meter for meter in inventory.meters}
    parents = [meter for meter in inventory.meters if meter.children]
    if not parents:
        return Omission(key=KEY, title=TITLE, reason="no meter feeds another")
    involved = {child for meter in parents for child in (meter.id, *meter.children)}
    points = {known[name].energy_point for name in involved}
    if None in points:
        return Omission(key=KEY, title=TITLE, reason="a meter of the tree has no interval energy")

    def draw(traces: Mapping[str, Trace]) -> Figure:
        count = window.days * 86_400 // INTERVAL_S
        found = [_balance(meter, known, traces, count) for meter in parents]
        found.sort(key=lambda item: -float(item.measured.sum()))
        return Figure(
            key=KEY,
            title=TITLE,
            caption=_caption(found),
            axis=window.axis,
            panels=_panels(found[0]),
            table=_table(found),
        )

    return Sketch(key=KEY, title=TITLE, points=tuple(sorted(filter(None, points))), draw=draw)


def _balance(
    meter: ShownMeter, known: Mapping[str, ShownMeter], traces: Mapping[str, Trace], count: int
) -> Balance:
    def energy(name: str) -> Array:
        return on_intervals(traces[known[name].energy_point or ""], count)

    below = np.sum([energy(child) for child in meter.children], axis=0)
    return Balance(
        meter=meter, measured=energy(meter.id), expected=below * (1 + meter.loss_fraction)
    )


def _panels(main: Balance) -> tuple[Panel, ...]:
    x = interval_starts(len(main.measured))
    measured = Line(
        name=f"{main.meter.id}, measured",
        x=x,
        y=main.measured * _PER_HOUR,
        colour=0,
        style=Style.STEP,
    )
    expected = Line(
        name="sum of its children and losses",
        x=x,
        y=main.expected * _PER_HOUR,
        colour=1,
        style=Style.DASHED,
    )
    residual = Line(
        name="measured less expected", x=x, y=1000 * main.residual, colour=6, style=Style.STEP
    )
    return (
        Panel(title="Power", unit="kW", lines=(measured, expected), from_zero=True),
        Panel(title="Residual", unit="Wh in 15 min", lines=(residual,), height=90),
    )


def _caption(found: list[Balance]) -> str:
    worst = max(float(np.abs(item.residual).max()) for item in found) * 1000
    return (
        f"{len(found)} meters feed others. At every interval each counts what its children count "
        f"and its losses, but for rounding: the greatest residual of all is {worst:.2f} Wh."
    )


def _table(found: list[Balance]) -> Table:
    rows = [
        (
            item.meter.id,
            str(len(item.meter.children)),
            f"{100 * item.meter.loss_fraction:.1f}",
            f"{item.measured.sum():,.1f}",
            f"{item.expected.sum():,.1f}",
            f"{1000 * float(np.abs(item.residual).max()):.2f}",
        )
        for item in found[:_MOST_ROWS]
    ]
    columns = (
        "parent meter",
        "children",
        "losses %",
        "measured kWh",
        "children and losses kWh",
        "greatest residual Wh",
    )
    return Table(columns=columns, rows=tuple(rows))
