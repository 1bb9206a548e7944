"""Checks that what one file of the catalogue names exists in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from basetype_benchmark.config.yaml_files import Problems
from basetype_benchmark.dataset.catalogue.reading import Entries
from basetype_benchmark.dataset.catalogue.schema import (
    Allotment,
    BuildingType,
    EquipmentType,
    SpaceType,
)
from basetype_benchmark.dataset.model import EndUse

MAX_PART_DEPTH = 3

_END_USES = tuple(use.value for use in EndUse)

_Reference = tuple[str, str]  # key, name


def check_equipment(equipment: Entries[EquipmentType], problems: Problems) -> None:
    """Check folders, parts, flows and controllers of all equipment types."""
    for path, kind in equipment:
        if path.parent.name != kind.domain:
            problems.add(path, "domain", f"must be the name of the folder, {path.parent.name!r}")
        for key, name in _named_by_equipment(kind):
            _require(path, key, name, equipment, problems)
        if kind.powered_by not in (None, *_END_USES, *equipment.names):
            expected = f"must be one of {', '.join(_END_USES)} or an equipment type"
            problems.add(path, "powered_by", f"{expected}, not {kind.powered_by!r}")
        if _depth(kind, equipment.entries, MAX_PART_DEPTH + 1) > MAX_PART_DEPTH:
            problems.add(path, "parts", f"must nest at most {MAX_PART_DEPTH} deep")
    _check_flow(equipment, problems)


def check_spaces(
    spaces: Entries[SpaceType], equipment: Entries[EquipmentType], problems: Problems
) -> None:
    """Check the equipment that each space type gets."""
    for path, space in spaces:
        for key, name in _named_by_allotments("equipment", space.equipment):
            _require(path, key, name, equipment, problems)


def check_buildings(
    buildings: Entries[BuildingType],
    spaces: Entries[SpaceType],
    equipment: Entries[EquipmentType],
    problems: Problems,
) -> None:
    """Check the spaces and the equipment of each archetype."""
    for path, building in buildings:
        for key, name in _equipment_of(building):
            _require(path, key, name, equipment, problems)
        for key, name in _spaces_of(building):
            _require(path, key, name, spaces, problems)


def _equipment_of(building: BuildingType) -> Iterator[_Reference]:
    yield from _named_by_allotments("floor_equipment", building.floor_equipment)
    yield from _named_by_allotments("building_equipment", building.building_equipment)


def _spaces_of(building: BuildingType) -> Iterator[_Reference]:
    for index, core in enumerate(building.core):
        yield f"core.{index}.type", core.type
    for index, name in enumerate(building.fill):
        yield f"fill.{index}", name
    for field in ("floor_equipment", "building_equipment"):
        for index, item in enumerate(getattr(building, field)):
            for name in item.place:
                yield f"{field}.{index}.place", name


def _named_by_equipment(kind: EquipmentType) -> Iterator[_Reference]:
    for index, part in enumerate(kind.parts):
        yield f"parts.{index}.type", part.type
    for index, feed in enumerate(kind.fed_by):
        yield f"fed_by.{index}.type", feed.type
    for index, controller in enumerate(kind.controlled_by):
        yield f"controlled_by.{index}", controller
    if kind.monitors not in (None, "space"):
        yield "monitors", str(kind.monitors)


def _named_by_allotments(field: str, items: tuple[Allotment, ...]) -> Iterator[_Reference]:
    for index, item in enumerate(items):
        yield f"{field}.{index}.type", item.type


def _require(path: Path, key: str, name: str, known: Entries[Any], problems: Problems) -> None:
    if name not in known.names:
        problems.add(path, key, f"must name a file in {known.folder.name}/; there is no {name!r}")


def _depth(kind: EquipmentType, equipment: Mapping[str, EquipmentType], limit: int) -> int:
    if limit == 0:
        return 0
    below = [
        1 + _depth(equipment[part.type], equipment, limit - 1)
        for part in kind.parts
        if part.type in equipment
    ]
    return max(below, default=0)


def _check_flow(equipment: Entries[EquipmentType], problems: Problems) -> None:
    upstream = {
        name: {feed.type for feed in kind.fed_by} | ({kind.powered_by or ""} & equipment.names)
        for name, kind in equipment.entries.items()
    }
    try:
        TopologicalSorter(upstream).prepare()
    except CycleError as error:
        circle = error.args[1]
        text = " > ".join(reversed(circle))
        problems.add(equipment.paths[circle[0]], "fed_by", f"must not flow in a circle: {text}")
