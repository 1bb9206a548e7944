"""Floors and spaces of a building: which there are, how big, at which wall, next to which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice, pairwise

import numpy as np

from basetype_benchmark.config.profiles import BuildingPlan
from basetype_benchmark.dataset.catalogue import Catalogue
from basetype_benchmark.dataset.catalogue.schema import BuildingType, CoreSpace, SpaceType
from basetype_benchmark.dataset.streams import stream

_ORIENTATIONS = ("n", "e", "s", "w")
_SIZE_SPREAD = 0.3


@dataclass(frozen=True, kw_only=True)
class Room:
    """One space. `tenant` counts from 0; None: the landlord's."""

    id: str
    floor: int
    kind: SpaceType
    area_m2: float
    exterior_wall_m2: float
    orientation: str | None
    tenant: int | None = None

    @property
    def floor_id(self) -> str:
        """Id of its floor."""
        return self.id.rsplit(".", 1)[0]


@dataclass(frozen=True, kw_only=True)
class Building:
    """A building's places; `rooms` are in order, floor by floor."""

    id: str
    seed: int
    plan: BuildingPlan
    kind: BuildingType
    rooms: tuple[Room, ...]

    @property
    def area_m2(self) -> float:
        """Of all spaces."""
        return sum(room.area_m2 for room in self.rooms)

    def floor_id(self, floor: int) -> str:
        """Id of a floor; floors count from 1."""
        return f"{self.id}.f{floor:02d}"

    def rooms_of_floor(self, floor: int) -> tuple[Room, ...]:
        """Spaces of a floor."""
        return tuple(room for room in self.rooms if room.floor == floor)

    def stream(self, *names: str) -> np.random.Generator:
        """Open a stream of random numbers of this building."""
        return stream(self.seed, self.id, *names)


def lay_out(building_id: str, plan: BuildingPlan, seed: int, catalogue: Catalogue) -> Building:
    """Lay out the spaces of a building and let them to its tenants."""
    kind = catalogue.buildings[plan.archetype]
    empty = Building(id=building_id, seed=seed, plan=plan, kind=kind, rooms=())
    rooms: list[Room] = []
    for floor in range(1, plan.floors + 1):
        kinds = [catalogue.spaces[name] for name in _space_types(kind, plan, floor)]
        rooms += _lay_out_floor(empty, floor, kinds)
    return replace(empty, rooms=_let(rooms, plan.tenants))


def neighbours(rooms: Sequence[Room]) -> list[tuple[Room, Room]]:
    """Pairs of spaces of one floor that share a wall: along the facade, and with the core."""
    outer = [room for room in rooms if room.kind.facade]
    core = [room for room in rooms if not room.kind.facade]
    pairs = [*pairwise(outer), *pairwise(core)]
    if len(outer) > 2:
        pairs.append((outer[0], outer[-1]))
    if core:
        pairs += [(core[0], room) for room in outer]
    return [(a, b) if a.id < b.id else (b, a) for a, b in pairs]


def _space_types(kind: BuildingType, plan: BuildingPlan, floor: int) -> list[str]:
    core = [item.type for item in kind.core if _is_on(item, plan, floor)]
    core = core[: plan.spaces_per_floor]
    rest = plan.spaces_per_floor - len(core)
    return core + list(islice(cycle(kind.fill), rest))


def _is_on(item: CoreSpace, plan: BuildingPlan, floor: int) -> bool:
    fits = plan.spaces_per_floor >= item.from_spaces
    return fits and (item.floor == "all" or (item.floor == "ground") == (floor == 1))


def _lay_out_floor(building: Building, floor: int, kinds: Sequence[SpaceType]) -> list[Room]:
    plan = building.plan
    draws = building.stream("sizes", str(floor)).random(len(kinds))
    weights = np.array([kind.area_weight for kind in kinds]) * (1 + _SIZE_SPREAD * (draws - 0.5))
    areas_m2 = weights / weights.sum() * plan.floor_m2
    facades = iter(_orientations(sum(kind.facade for kind in kinds)))
    return [
        Room(
            id=f"{building.floor_id(floor)}.s{number:02d}",
            floor=floor,
            kind=kind,
            area_m2=round(float(area_m2), 1),
            exterior_wall_m2=_exterior_wall_m2(building, kind, float(area_m2)),
            orientation=next(facades) if kind.facade else None,
        )
        for number, (kind, area_m2) in enumerate(zip(kinds, areas_m2, strict=True), start=1)
    ]


def _exterior_wall_m2(building: Building, kind: SpaceType, area_m2: float) -> float:
    """Of a square room with one side on the facade."""
    return round(math.sqrt(area_m2) * building.kind.storey_height_m, 1) if kind.facade else 0.0


def _orientations(count: int) -> list[str]:
    """Walk around the building once: the spaces along one facade are consecutive."""
    return [_ORIENTATIONS[index * len(_ORIENTATIONS) // count] for index in range(count)]


def _let(rooms: Sequence[Room], tenants: int) -> tuple[Room, ...]:
    """Give each tenant a run of consecutive leasable spaces of about equal number."""
    leasable = [room.id for room in rooms if room.kind.leasable]
    tenants = min(tenants, len(leasable))
    tenant_of = {
        room_id: index * tenants // len(leasable) for index, room_id in enumerate(leasable)
    }
    return tuple(replace(room, tenant=tenant_of.get(room.id)) for room in rooms)
