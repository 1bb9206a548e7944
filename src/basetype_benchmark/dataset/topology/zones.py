"""Zones: spaces that share an air handler, and spaces that share a right of entry."""

from __future__ import annotations

import math
from dataclasses import dataclass

from basetype_benchmark.dataset.topology.places import Building, Room


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A zone and the spaces it contains; `floor` is None where it spans floors."""

    id: str
    name: str
    zone_kind: str
    rooms: tuple[Room, ...]
    floor: int | None = None


def zone_building(building: Building) -> list[Zone]:
    """Make all zones of a building; none is empty."""
    floors = range(1, building.plan.floors + 1)
    return [zone for floor in floors for zone in _hvac_zones(building, floor)] + _security_zones(
        building
    )


def _hvac_zones(building: Building, floor: int) -> list[Zone]:
    rooms = [room for room in building.rooms_of_floor(floor) if room.kind.hvac_zone]
    area_m2 = sum(room.area_m2 for room in building.rooms_of_floor(floor))
    count = min(len(rooms), math.ceil(area_m2 / building.kind.hvac_zone_m2))
    return [
        Zone(
            id=f"{building.floor_id(floor)}.hz{number + 1}",
            name=f"HVAC zone {number + 1} of floor {floor}",
            zone_kind="hvac",
            floor=floor,
            rooms=tuple(
                room for index, room in enumerate(rooms) if index * count // len(rooms) == number
            ),
        )
        for number in range(count)
    ]


def _security_zones(building: Building) -> list[Zone]:
    members: dict[str, list[Room]] = {}
    for room in building.rooms:
        key = room.kind.security_zone if room.tenant is None else f"tenant_{room.tenant + 1:02d}"
        if key is not None:
            members.setdefault(key, []).append(room)
    return [
        Zone(
            id=f"{building.id}.sz_{key}",
            name=f"Security zone {key.replace('_', ' ')}",
            zone_kind="security",
            rooms=tuple(rooms),
        )
        for key, rooms in sorted(members.items())
    ]
