"""A week of one well-instrumented space: what people do to it, and what the plant answers."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.dataset.portrait.figure import Figure, Line, Omission, Panel, Sketch, Style
from basetype_benchmark.dataset.portrait.inventory import Inventory, ShownPoint, ShownSpace
from basetype_benchmark.dataset.portrait.lines import line_of
from basetype_benchmark.dataset.portrait.traces import Trace
from basetype_benchmark.dataset.portrait.window import Window

KEY, TITLE = "zone", "A space and its people"
_OFFICES = ("open_office", "office")

_Row = tuple[str, tuple[str, ...], int, Style]
_PANELS: tuple[tuple[str, str, bool, tuple[_Row, ...]], ...] = (
    (
        "Temperature",
        "°C",
        False,
        (
            ("air", ("zone_air_temperature", "air_temperature"), 0, Style.LINE),
            (
                "setpoint",
                ("zone_air_temperature_setpoint", "effective_setpoint"),
                1,
                Style.STEP,
            ),
        ),
    ),
    (
        "People",
        "persons",
        True,
        (("people", ("people_count", "estimated_people_count"), 3, Style.STEP),),
    ),
    ("Carbon dioxide", "ppm", False, (("CO2", ("zone_co2",), 2, Style.LINE),)),
    (
        "Valves",
        "% open",
        True,
        (
            ("heating", ("heating_valve",), 6, Style.LINE),
            ("cooling", ("cooling_valve", "cooling_demand"), 4, Style.LINE),
        ),
    ),
)
"""Title, unit, whether from zero, and the lines: name, types of point (best first), colour, style.

Where a space has no cooling valve of its own, the cooling demand of its terminal is shown.
"""


def sketch(inventory: Inventory, window: Window) -> Sketch | Omission:
    """Choose the space with the most of what is shown, of offices first."""
    found = {space.id: _points_of(inventory, space.id) for space in inventory.spaces}
    fitting = [space for space in inventory.spaces if "air" in found[space.id]]
    if not fitting:
        return Omission(key=KEY, title=TITLE, reason="no space has a sensor of air temperature")
    space = max(
        fitting,
        key=lambda item: (
            len(found[item.id]),
            item.space_type in _OFFICES,
            item.area_m2 or 0.0,
            item.id,
        ),
    )
    chosen = found[space.id]

    def draw(traces: Mapping[str, Trace]) -> Figure:
        return Figure(
            key=KEY,
            title=f"{TITLE}: {space.name}",
            caption=_caption(space, chosen),
            axis=window.axis,
            panels=_panels(chosen, traces),
        )

    points = tuple(point.id for point in chosen.values())
    return Sketch(key=KEY, title=TITLE, points=points, draw=draw)


def _points_of(inventory: Inventory, space_id: str) -> dict[str, ShownPoint]:
    """Best sensor for each line in a space; one without planted fault."""
    found = {}
    for _, _, _, rows in _PANELS:
        for name, types, _, _ in rows:
            here = [p for p in inventory.of_type(*types) if p.space_id == space_id]
            sound = inventory.sound(here)
            if sound:
                found[name] = sound[0]
    return found


def _panels(chosen: Mapping[str, ShownPoint], traces: Mapping[str, Trace]) -> tuple[Panel, ...]:
    panels = []
    for title, unit, from_zero, rows in _PANELS:
        lines: list[Line] = [
            line_of(chosen[name], traces[chosen[name].id], name, colour, style)
            for name, _, colour, style in rows
            if name in chosen
        ]
        if lines:
            panels.append(Panel(title=title, unit=unit, lines=tuple(lines), from_zero=from_zero))
    return tuple(panels)


def _caption(space: ShownSpace, chosen: Mapping[str, ShownPoint]) -> str:
    size = f", {space.area_m2:.0f} m²" if space.area_m2 is not None else ""
    seats = f", {space.seats:.0f} seats" if space.seats else ""
    names = [name for _, _, _, rows in _PANELS for name, _, _, _ in rows]
    lacking = [name for name in names if name not in chosen]
    without = f" It has no sensor for: {', '.join(lacking)}." if lacking else ""
    return (
        f"{space.id} ({space.space_type.replace('_', ' ')}{size}{seats}). People warm the air and "
        f"breathe; the plant warms up before they come and rests when they have gone.{without}"
    )
