"""The weather at the site and the carbon intensity of its grid."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.dataset.portrait.figure import Figure, Omission, Panel, Sketch, Style
from basetype_benchmark.dataset.portrait.inventory import Inventory, ShownPoint
from basetype_benchmark.dataset.portrait.lines import line_of
from basetype_benchmark.dataset.portrait.traces import Trace
from basetype_benchmark.dataset.portrait.window import Window

KEY, TITLE = "weather", "Weather and grid"
_Row = tuple[str, str, int, Style]
_PANELS: tuple[tuple[str, str, bool, tuple[_Row, ...]], ...] = (
    (
        "Temperature",
        "°C",
        False,
        (
            ("air", "outdoor_temperature", 0, Style.LINE),
            ("dew point", "outdoor_dew_point", 4, Style.DASHED),
        ),
    ),
    ("Relative humidity", "%", False, (("air", "outdoor_humidity", 2, Style.LINE),)),
    ("Irradiance", "W/m²", True, (("horizontal", "solar_irradiance", 1, Style.LINE),)),
    ("Wind", "m/s", True, (("wind", "wind_speed", 3, Style.LINE),)),
    ("Rain", "mm/h", True, (("rain", "rain_rate", 0, Style.STEP),)),
    (
        "Carbon intensity",
        "gCO2/kWh",
        True,
        (("grid", "carbon_intensity", 7, Style.STEP),),
    ),
)


def sketch(inventory: Inventory, window: Window) -> Sketch | Omission:
    """Take the first point of each kind that the site has."""
    first: dict[str, ShownPoint] = {}
    for point in inventory.points:
        first.setdefault(point.point_type, point)
    wanted = [kind for _, _, _, rows in _PANELS for _, kind, _, _ in rows if kind in first]
    if not wanted:
        return Omission(key=KEY, title=TITLE, reason="the site has no weather station and no grid")

    def draw(traces: Mapping[str, Trace]) -> Figure:
        return Figure(
            key=KEY,
            title=TITLE,
            caption="All buildings share one sky. The dew point follows the mass of air and not "
            "the hour, so that relative humidity falls while the day warms up; cold, calm and "
            "busy hours call on the fossil plants of the grid.",
            axis=window.axis,
            panels=_panels(first, traces),
        )

    return Sketch(key=KEY, title=TITLE, points=tuple(first[kind].id for kind in wanted), draw=draw)


def _panels(first: Mapping[str, ShownPoint], traces: Mapping[str, Trace]) -> tuple[Panel, ...]:
    panels = []
    for title, unit, from_zero, rows in _PANELS:
        lines = tuple(
            line_of(first[kind], traces[first[kind].id], name, colour, style)
            for name, kind, colour, style in rows
            if kind in first
        )
        if lines:
            panels.append(
                Panel(title=title, unit=unit, lines=lines, height=90, from_zero=from_zero)
            )
    return tuple(panels)
