"""The electric power of the building by end use, stacked, and what it comes to in a year."""

from __future__ import annotations

from collections.abc import Mapping

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
from basetype_benchmark.dataset.portrait.inventory import Inventory, ShownMeter
from basetype_benchmark.dataset.portrait.traces import Trace
from basetype_benchmark.dataset.portrait.window import Window

KEY, TITLE = "power", "Electric power by end use"
INTERVAL_S = 900
_PER_HOUR = 3600 / INTERVAL_S
_USES = (("it", "IT", 0), ("plugs", "plugs", 2), ("lighting", "lighting", 5), ("hvac", "HVAC", 1))


def sketch(inventory: Inventory, window: Window) -> Sketch | Omission:
    """Take the meters at the ends of the tree, each of which has one end use."""
    leaves = [
        meter
        for meter in inventory.meters
        if not meter.children and meter.energy_point and meter.end_use != "total"
    ]
    if not leaves:
        return Omission(key=KEY, title=TITLE, reason="no meter of an end use has interval energy")

    def draw(traces: Mapping[str, Trace]) -> Figure:
        energy = energy_by_use(leaves, traces, window.days)
        return Figure(
            key=KEY,
            title=TITLE,
            caption=_caption(inventory, sum(float(kwh.sum()) for kwh in energy.values()), window),
            axis=window.axis,
            panels=(
                Panel(title="Power", unit="kW", lines=_stacked(energy), height=260, from_zero=True),
            ),
            table=_table(energy, inventory, window),
        )

    points = tuple(meter.energy_point for meter in leaves if meter.energy_point)
    return Sketch(key=KEY, title=TITLE, points=points, draw=draw)


def energy_by_use(
    meters: list[ShownMeter], traces: Mapping[str, Trace], days: int
) -> dict[str, Array]:
    """Sum the energy of meters by end use: kWh of each 15 minutes of the window."""
    sums: dict[str, Array] = {}
    for meter in meters:
        if meter.energy_point is None:
            continue
        into = sums.setdefault(meter.end_use, np.zeros(days * 86_400 // INTERVAL_S))
        into += on_intervals(traces[meter.energy_point], len(into))
    return sums


def on_intervals(trace: Trace, count: int) -> Array:
    """Values of a meter at the intervals of the window; 0 where it has none."""
    values = np.zeros(count)
    place = (trace.seconds // INTERVAL_S).astype(np.int64)
    np.add.at(values, place, trace.values)
    return values


def interval_starts(count: int) -> Array:
    """When the intervals of the window begin, in s."""
    return np.arange(count, dtype=np.float64) * INTERVAL_S


def _stacked(energy: Mapping[str, Array]) -> tuple[Line, ...]:
    return tuple(
        Line(
            name=name,
            x=interval_starts(len(energy[use])),
            y=energy[use] * _PER_HOUR,
            colour=colour,
            style=Style.AREA,
        )
        for use, name, colour in _USES
        if use in energy
    )


def _caption(inventory: Inventory, kwh: float, window: Window) -> str:
    text = f"Mean power of each 15 minutes behind the leaf meters; {kwh:,.0f} kWh in the window"
    if inventory.area_m2:
        yearly = kwh / inventory.area_m2 * 365 / window.days
        text += f", at which rate a year has {yearly:.0f} kWh/m²"
    return text + ". What remains at night is servers, standby and the plant's own needs."


def _table(energy: Mapping[str, Array], inventory: Inventory, window: Window) -> Table:
    total = sum(float(kwh.sum()) for kwh in energy.values())
    rows = []
    for use, name, _ in _USES:
        if use not in energy:
            continue
        kwh = float(energy[use].sum())
        yearly = kwh / inventory.area_m2 * 365 / window.days if inventory.area_m2 else None
        share = 100 * kwh / total if total else 0.0
        rows.append(
            (
                name,
                f"{kwh:,.0f}",
                f"{share:.0f}",
                "–" if yearly is None else f"{yearly:.1f}",
                f"{energy[use].min() * _PER_HOUR:,.1f}",
                f"{energy[use].max() * _PER_HOUR:,.1f}",
            )
        )
    columns = ("end use", "kWh", "share %", "kWh/m² at this rate", "least kW", "greatest kW")
    return Table(columns=columns, rows=tuple(rows))
