"""Which pieces of equipment a building has, and where they stand; parts follow their whole."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from basetype_benchmark.dataset.catalogue import Catalogue
from basetype_benchmark.dataset.catalogue.schema import Allotment, EquipmentType
from basetype_benchmark.dataset.topology.places import Building, Room


@dataclass(frozen=True, kw_only=True, eq=False)
class Device:
    """One piece of equipment.

    `floor` is the one it works for, which an air handler in the plant room is not on; None: the
    whole building. `ordinal` counts the building's devices of the type from 0.
    """

    id: str
    name: str
    kind: EquipmentType
    room: Room
    floor: int | None
    ordinal: int
    whole: Device | None = None

    def wholes(self) -> Iterator[Device]:
        """What it is part of, from the inside out."""
        outer = self.whole
        while outer is not None:
            yield outer
            outer = outer.whole


@dataclass(kw_only=True)
class Inventory:
    """A building's equipment, in the order of its making."""

    catalogue: Catalogue
    devices: list[Device] = field(default_factory=list)
    _numbers: Counter[str] = field(default_factory=Counter)
    _ordinals: Counter[str] = field(default_factory=Counter)

    def add(self, kind: EquipmentType, room: Room, floor: int | None) -> Device:
        """Add one piece of equipment with all its parts."""
        device = self._make(kind, room, floor, None)
        self._add_parts(device)
        return device

    def of_type(self, name: str) -> list[Device]:
        """All devices of a type."""
        return [device for device in self.devices if device.kind.type == name]

    def next_id(self, kind: EquipmentType, prefix: str) -> str:
        """Take the next free id of a type below a space or a device."""
        stem = f"{prefix}.{kind.type}"
        self._numbers[stem] += 1
        return f"{stem}{self._numbers[stem]}"

    def _make(
        self, kind: EquipmentType, room: Room, floor: int | None, whole: Device | None
    ) -> Device:
        device_id = self.next_id(kind, whole.id if whole else room.id)
        ordinal = self._ordinals[kind.type]
        self._ordinals[kind.type] += 1
        device = Device(
            id=device_id,
            name=device_name(kind, ordinal, room),
            kind=kind,
            room=room,
            floor=floor,
            ordinal=ordinal,
            whole=whole,
        )
        self.devices.append(device)
        return device

    def _add_parts(self, whole: Device) -> None:
        for part in whole.kind.parts:
            kind = self.catalogue.equipment[part.type]
            for _ in range(part.count):
                self._add_parts(self._make(kind, whole.room, whole.floor, whole))


def device_name(kind: EquipmentType, ordinal: int, room: Room) -> str:
    """Name a device as a facility manager would: what, which, where."""
    return f"{kind.title} {ordinal + 1} ({room.kind.title} {room.id.split('.', 1)[1]})"


def take_stock(building: Building, catalogue: Catalogue) -> Inventory:
    """Allot equipment to spaces, floors and building as the catalogue says."""
    inventory = Inventory(catalogue=catalogue)
    seen: Counter[str] = Counter()
    for room in building.rooms:
        _equip_room(room, seen[room.kind.type], inventory)
        seen[room.kind.type] += 1
    for floor in range(1, building.plan.floors + 1):
        rooms = building.rooms_of_floor(floor)
        area_m2 = sum(room.area_m2 for room in rooms)
        for item in building.kind.floor_equipment:
            room = _place(item, [*rooms, *building.rooms])
            _allot(item, area_m2, room, floor, inventory)
    for item in building.kind.building_equipment:
        _allot(item, building.area_m2, _place(item, building.rooms), None, inventory)
    return inventory


def _equip_room(room: Room, index: int, inventory: Inventory) -> None:
    for item in room.kind.equipment:
        if _has_share(index, item.share):
            _allot(item, room.area_m2, room, room.floor, inventory)


def _has_share(index: int, share: float) -> bool:
    """Spread a share evenly over spaces counted from 0: of every two, a half has the second."""
    return math.floor((index + 1) * share) > math.floor(index * share)


def _allot(
    item: Allotment, area_m2: float, room: Room, floor: int | None, inventory: Inventory
) -> None:
    kind = inventory.catalogue.equipment[item.type]
    for _ in range(_quantity(item, area_m2)):
        inventory.add(kind, room, floor)


def _quantity(item: Allotment, area_m2: float) -> int:
    if area_m2 < item.from_m2:
        return 0
    if item.per_m2 is None:
        return item.count or 0
    return max(item.at_least, math.ceil(area_m2 / item.per_m2))


def _place(item: Allotment, rooms: Sequence[Room]) -> Room:
    """Find the best space there is; any space where the building has none that is named."""
    for name in item.place:
        for room in rooms:
            if room.kind.type == name:
                return room
    return rooms[0]
