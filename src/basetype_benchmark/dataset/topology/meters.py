"""The meter tree: one main meter, a branch per end use, and leaves that meter one party each.

A leaf meters one floor, one end use, and one tenant or one group of the landlord's spaces: energy
of a tenant is never behind a meter together with anybody else's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from basetype_benchmark.dataset.catalogue.schema import MeterLevel, MeterType
from basetype_benchmark.dataset.model import EndUse
from basetype_benchmark.dataset.topology.inventory import Device, Inventory
from basetype_benchmark.dataset.topology.places import Building, Room

SPACE_USES = (EndUse.HVAC, EndUse.LIGHTING, EndUse.PLUGS)
"""End uses that every space has; IT only where IT equipment stands."""

COMMON_GROUP = "common"


@dataclass(frozen=True, kw_only=True)
class Meter:
    """One meter; `rooms` are those that a leaf supplies."""

    id: str
    name: str
    level: MeterLevel
    end_use: EndUse
    room: Room
    parent: Meter | None = None
    rooms: tuple[Room, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MeterTree:
    """A building's meters, upstream first."""

    main: Meter
    meters: tuple[Meter, ...]
    _leaves: Mapping[str, Meter]

    def source_of(self, device: Device, end_use: EndUse) -> Meter:
        """Give the meter behind which a device takes energy for an end use."""
        if end_use is EndUse.TOTAL:
            return self.main
        return self._leaves[_leaf_id(device.room, end_use)]


def plan_meters(building: Building, inventory: Inventory, kind: MeterType) -> MeterTree:
    """Plan the meters that the spaces and the equipment of a building need."""
    place = _meter_place(building.rooms, kind)
    main = Meter(
        id=f"{building.id}.meter_main",
        name=f"Main meter of {building.id}",
        level="main",
        end_use=EndUse.TOTAL,
        room=place,
    )
    supplied = _supplied_rooms(building, inventory)
    branches = {use: _branch(building, use, main) for use in sorted({use for use, _ in supplied})}
    leaves = {
        meter_id: _leaf(meter_id, branches[use], building, rooms, kind)
        for (use, meter_id), rooms in sorted(supplied.items())
    }
    meters = (main, *branches.values(), *leaves.values())
    return MeterTree(main=main, meters=meters, _leaves=leaves)


def _supplied_rooms(
    building: Building, inventory: Inventory
) -> dict[tuple[EndUse, str], list[Room]]:
    """Spaces behind each leaf, by end use and the leaf's id."""
    with_it = {device.room.id for device in inventory.devices if device.kind.powered_by == "it"}
    supplied: dict[tuple[EndUse, str], list[Room]] = {}
    for room in building.rooms:
        for use in (*SPACE_USES, EndUse.IT) if room.id in with_it else SPACE_USES:
            supplied.setdefault((use, _leaf_id(room, use)), []).append(room)
    return supplied


def _leaf_id(room: Room, use: EndUse) -> str:
    return f"{room.floor_id}.meter_{_group(room, use)}_{use.value}"


def _group(room: Room, use: EndUse) -> str:
    if room.tenant is not None:
        return f"t{room.tenant + 1:02d}"
    return room.kind.meter_groups.get(use, COMMON_GROUP)


def _branch(building: Building, use: EndUse, main: Meter) -> Meter:
    return Meter(
        id=f"{building.id}.meter_{use.value}",
        name=f"{_title(use)} meter of {building.id}",
        level="branch",
        end_use=use,
        room=main.room,
        parent=main,
    )


def _leaf(
    meter_id: str, branch: Meter, building: Building, rooms: Sequence[Room], kind: MeterType
) -> Meter:
    first = rooms[0]
    party = _group(first, branch.end_use)
    of_floor = building.rooms_of_floor(first.floor)
    return Meter(
        id=meter_id,
        name=f"{_title(branch.end_use)} meter of {party} on floor {first.floor}",
        level="leaf",
        end_use=branch.end_use,
        room=_meter_place(of_floor, kind),
        parent=branch,
        rooms=tuple(rooms),
    )


def _title(use: EndUse) -> str:
    return {EndUse.HVAC: "HVAC", EndUse.IT: "IT"}.get(use, use.value.capitalize())


def _meter_place(rooms: Iterable[Room], kind: MeterType) -> Room:
    ranks = {name: rank for rank, name in enumerate(kind.place)}
    return min(rooms, key=lambda room: (ranks.get(room.kind.type, len(ranks)), room.id))
