"""The water plant: a chiller and a boiler that answer the building."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.dataset.portrait.figure import Figure, Omission, Panel, Sketch, Style
from basetype_benchmark.dataset.portrait.inventory import Inventory, ShownPoint
from basetype_benchmark.dataset.portrait.lines import line_of
from basetype_benchmark.dataset.portrait.traces import Trace
from basetype_benchmark.dataset.portrait.window import Window

KEY, TITLE = "plant", "Chilled and hot water plant"
_Row = tuple[str, str, int, Style]
_PANELS: tuple[tuple[str, str, tuple[_Row, ...]], ...] = (
    (
        "Chilled water",
        "°C",
        (
            ("supply", "leaving_chilled_water_temperature", 0, Style.LINE),
            ("return", "entering_chilled_water_temperature", 4, Style.DASHED),
        ),
    ),
    (
        "Hot water",
        "°C",
        (
            ("supply", "leaving_hot_water_temperature", 6, Style.LINE),
            ("return", "entering_hot_water_temperature", 1, Style.DASHED),
        ),
    ),
    (
        "Load",
        "% of capacity",
        (
            ("chiller", "compressor_load", 0, Style.LINE),
            ("boiler", "firing_rate", 6, Style.LINE),
        ),
    ),
    (
        "Coefficient of performance",
        "kW cold per kW",
        (("chiller", "coefficient_of_performance", 2, Style.LINE),),
    ),
)


_CHILLER = (
    "leaving_chilled_water_temperature",
    "entering_chilled_water_temperature",
    "compressor_load",
    "coefficient_of_performance",
)
_BOILER = ("leaving_hot_water_temperature", "entering_hot_water_temperature", "firing_rate")


def sketch(inventory: Inventory, window: Window) -> Sketch | Omission:
    """Take one chiller and one boiler, those with the most of what is shown and no fault."""
    first = _points_of_best(inventory, _CHILLER) | _points_of_best(inventory, _BOILER)
    if not first:
        return Omission(key=KEY, title=TITLE, reason="the building has neither chiller nor boiler")

    def draw(traces: Mapping[str, Trace]) -> Figure:
        return Figure(
            key=KEY,
            title=TITLE,
            caption="Boilers warm the building up before people come; people, light and sun then "
            "heat it, and the chiller cools even in winter. While little cold is asked for, by "
            "server rooms at night, the water is reset to 12 °C.",
            axis=window.axis,
            panels=_panels(first, traces),
        )

    return Sketch(
        key=KEY, title=TITLE, points=tuple(point.id for point in first.values()), draw=draw
    )


def _points_of_best(inventory: Inventory, kinds: tuple[str, ...]) -> dict[str, ShownPoint]:
    """Points by type of the equipment that has the most of some types; the first is needed."""
    by_owner: dict[str, dict[str, ShownPoint]] = {}
    for point in inventory.sound(inventory.of_type(*kinds)):
        by_owner.setdefault(point.owner_id, {}).setdefault(point.point_type, point)
    whole = [found for found in by_owner.values() if kinds[0] in found]
    return max(whole, key=len, default={})


def _panels(first: Mapping[str, ShownPoint], traces: Mapping[str, Trace]) -> tuple[Panel, ...]:
    panels = []
    for title, unit, rows in _PANELS:
        lines = tuple(
            line_of(first[kind], traces[first[kind].id], name, colour, style)
            for name, kind, colour, style in rows
            if kind in first
        )
        if lines:
            panels.append(
                Panel(
                    title=title,
                    unit=unit,
                    lines=lines,
                    from_zero=title not in ("Chilled water", "Hot water"),
                )
            )
    return tuple(panels)
