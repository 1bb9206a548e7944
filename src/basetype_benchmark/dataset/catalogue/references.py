"""Checks that what one file of the catalogue names exists in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from basetype_benchmark.dataset.catalogue.reading import Problems
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


@dataclass(frozen=True, kw_only=True)
class Known:
    """The names of all files of a kind, those with mistakes included: they are not missing."""

    what: str  # as in "must be an equipment type"
    names: frozenset[str]


def check_equipment(
    folder: Path, equipment: Mapping[str, EquipmentType], names: Known, problems: Problems
) -> None:
    """Check parts, flows and controllers of all equipment types."""
    for kind in equipment.values():
        path = folder / kind.domain / f"{kind.type}.yaml"
        for key, name in _named_by_equipment(kind):
            _require(path, key, name, names, problems)
        if kind.powered_by not in (None, *_END_USES, *names.names):
            expected = f"must be one of {', '.join(_END_USES)} or an equipment type"
            problems.add(path, "powered_by", f"{expected}, not {kind.powered_by!r}")
    _check_depth(folder, equipment, problems)
    _check_flow(folder, equipment, problems)


def check_space(path: Path, space: SpaceType, names: Known, problems: Problems) -> None:
    """Check the equipment that a space type gets."""
    for key, name in _named_by_allotments("equipment", space.equipment):
        _require(path, key, name, names, problems)


def check_building(
    path: Path,
    building: BuildingType,
    names: Known,
    spaces: Known,
    problems: Problems,
) -> None:
    """Check the spaces and the equipment of an archetype."""
    allotments = {
        "floor_equipment": building.floor_equipment,
        "building_equipment": building.building_equipment,
    }
    for field, items in allotments.items():
        for key, name in _named_by_allotments(field, items):
            _require(path, key, name, names, problems)
        for index, item in enumerate(items):
            for name in item.place:
                _require(path, f"{field}.{index}.place", name, spaces, problems)
    for index, core in enumerate(building.core):
        _require(path, f"core.{index}.type", core.type, spaces, problems)
    for index, name in enumerate(building.fill):
        _require(path, f"fill.{index}", name, spaces, problems)


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


def _require(path: Path, key: str, name: str, known: Known, problems: Problems) -> None:
    if name not in known.names:
        problems.add(path, key, f"must be {known.what} of the catalogue; there is no {name!r}")


def _check_depth(folder: Path, equipment: Mapping[str, EquipmentType], problems: Problems) -> None:
    for kind in equipment.values():
        if _depth(kind, equipment, MAX_PART_DEPTH + 1) > MAX_PART_DEPTH:
            path = folder / kind.domain / f"{kind.type}.yaml"
            problems.add(path, "parts", f"must nest at most {MAX_PART_DEPTH} deep")


def _depth(kind: EquipmentType, equipment: Mapping[str, EquipmentType], limit: int) -> int:
    if limit == 0:
        return 0
    below = [
        1 + _depth(equipment[part.type], equipment, limit - 1)
        for part in kind.parts
        if part.type in equipment
    ]
    return max(below, default=0)


def _check_flow(folder: Path, equipment: Mapping[str, EquipmentType], problems: Problems) -> None:
    upstream = {
        kind.type: {feed.type for feed in kind.fed_by} | {kind.powered_by or ""} & equipment.keys()
        for kind in equipment.values()
    }
    try:
        TopologicalSorter(upstream).prepare()
    except CycleError as error:
        circle = error.args[1]
        path = folder / equipment[circle[0]].domain / f"{circle[0]}.yaml"
        problems.add(path, "fed_by", f"must not flow in a circle: {' > '.join(reversed(circle))}")
