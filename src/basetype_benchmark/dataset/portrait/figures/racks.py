"""What the racks breathe in, against what their makers recommend."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.dataset.portrait.figure import Band, Figure, Omission, Panel, Sketch
from basetype_benchmark.dataset.portrait.inventory import Inventory
from basetype_benchmark.dataset.portrait.lines import line_of
from basetype_benchmark.dataset.portrait.traces import Trace
from basetype_benchmark.dataset.portrait.window import Window

KEY, TITLE = "racks", "Server racks"
_MOST_RACKS = 4
_RECOMMENDED = Band(name="recommended by ASHRAE TC 9.9", low=18.0, high=27.0)


def sketch(inventory: Inventory, window: Window) -> Sketch | Omission:
    """Take the first racks."""
    inlets = inventory.of_type("rack_inlet_temperature")
    shown = inlets[:_MOST_RACKS]
    if not shown:
        return Omission(key=KEY, title=TITLE, reason="the building has no racks")

    def draw(traces: Mapping[str, Trace]) -> Figure:
        lines = tuple(
            line_of(point, traces[point.id], point.owner_id.rsplit(".", 1)[-1], colour)
            for colour, point in zip((0, 1, 2, 3), shown, strict=False)
        )
        panel = Panel(title="Inlet air", unit="°C", lines=lines, band=_RECOMMENDED, height=150)
        return Figure(
            key=KEY,
            title=TITLE,
            caption=f"Inlet temperature of {len(shown)} of {len(inlets)} racks: that of the room "
            "and some of their own exhaust, more while they are busy (also at 2 h, the nightly "
            "batch).",
            axis=window.axis,
            panels=(panel,),
        )

    return Sketch(key=KEY, title=TITLE, points=tuple(point.id for point in shown), draw=draw)
