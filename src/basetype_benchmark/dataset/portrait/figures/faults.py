"""Planted sensor faults, each against a neighbour that tells the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from basetype_benchmark.dataset.manifest import FaultKind, SensorFault
from basetype_benchmark.dataset.portrait.figure import Figure, Omission, Panel, Sketch, Style
from basetype_benchmark.dataset.portrait.inventory import Inventory, ShownPoint
from basetype_benchmark.dataset.portrait.lines import line_of
from basetype_benchmark.dataset.portrait.traces import Trace
from basetype_benchmark.dataset.portrait.window import Window

KEY, TITLE = "faults", "Planted sensor faults"
MOST_SHOWN = 9

_Pair = tuple[SensorFault, ShownPoint, ShownPoint | None]


def sketch(inventory: Inventory, window: Window) -> Sketch | Omission:
    """Take some faults, of every kind in turn, with the nearest sound sensor of each type."""
    if not inventory.faults:
        return Omission(key=KEY, title=TITLE, reason="no faults are planted in this building")
    by_id = {point.id: point for point in inventory.points}
    pairs: list[_Pair] = [
        (fault, by_id[fault.point_id], find_truth(inventory, by_id[fault.point_id]))
        for fault in in_turn(inventory.faults)[:MOST_SHOWN]
        if fault.point_id in by_id
    ]
    if not pairs:
        return Omission(key=KEY, title=TITLE, reason="no faulty sensor is a point of this building")

    def draw(traces: Mapping[str, Trace]) -> Figure:
        count = len(inventory.faults)
        which = "all" if len(pairs) == count else f"{len(pairs)}"
        return Figure(
            key=KEY,
            title=TITLE,
            caption=f"{which.capitalize()} of the {count} faulty sensors of this building, each "
            "with the nearest sound sensor of its kind. A bias is constant, a drift grows from "
            "the epoch on, a floating input swings around zero.",
            axis=window.axis,
            panels=tuple(_panel(pair, traces) for pair in pairs),
        )

    points = {point.id for _, faulty, truth in pairs for point in (faulty, truth) if point}
    return Sketch(key=KEY, title=TITLE, points=tuple(sorted(points)), draw=draw)


def in_turn(faults: Sequence[SensorFault]) -> list[SensorFault]:
    """Order faults so that every kind comes in turn."""
    by_kind = [[fault for fault in faults if fault.kind is kind] for kind in FaultKind]
    longest = max(map(len, by_kind))
    return [group[place] for place in range(longest) for group in by_kind if place < len(group)]


def find_truth(inventory: Inventory, faulty: ShownPoint) -> ShownPoint | None:
    """Find the nearest sound sensor of the same quantity: in the space, on the floor, anywhere.

    One of the same type goes before one of another in the same space.
    """
    others = [
        point
        for point in inventory.sound(inventory.points)
        if point.quantity == faulty.quantity and point.unit == faulty.unit
    ]
    alike = [point for point in others if point.point_type == faulty.point_type]
    here = [point for point in alike if point.space_id == faulty.space_id]
    floor = [point for point in alike if point.floor_id == faulty.floor_id]
    return next(iter((*here, *floor, *alike)), None)


def _title(fault: SensorFault) -> str:
    if fault.kind is FaultKind.FLOATING:
        return f"Floating input, swings of some {fault.amount:g} {fault.unit}"
    return f"{fault.kind.value.capitalize()} of {fault.amount:+g} {fault.unit}"


def _panel(pair: _Pair, traces: Mapping[str, Trace]) -> Panel:
    fault, faulty, truth = pair
    lines = [line_of(faulty, traces[faulty.id], faulty.id, 6)]
    if truth is not None:
        lines.append(line_of(truth, traces[truth.id], truth.id, 0, Style.DASHED))
    return Panel(
        title=_title(fault),
        unit=faulty.unit or "",
        lines=tuple(lines),
        height=90,
    )
