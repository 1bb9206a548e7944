"""How places, equipment, meters and zones relate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from basetype_benchmark.dataset.model import EndUse, Medium, Relation
from basetype_benchmark.dataset.topology.draft import Draft
from basetype_benchmark.dataset.topology.inventory import Device, Inventory
from basetype_benchmark.dataset.topology.meters import MeterTree
from basetype_benchmark.dataset.topology.nearness import Reach, find_nearest
from basetype_benchmark.dataset.topology.places import Building
from basetype_benchmark.dataset.topology.zones import Zone
from basetype_benchmark.errors import ConfigError

METERED_FROM_KW = 0.5
"""Consumers of at least this power right behind a meter are metered equipment."""

_END_USES = frozenset(EndUse)


@dataclass(frozen=True, kw_only=True)
class Service:
    """Something a device serves: a space or a zone, and the spaces that this comes to."""

    device: Device
    target_id: str
    room_ids: tuple[str, ...]


def find_services(building: Building, inventory: Inventory, zones: Sequence[Zone]) -> list[Service]:
    """What each device serves."""
    numbers: Counter[tuple[str, int | None]] = Counter()
    found: list[Service] = []
    for device in inventory.devices:
        group = (device.kind.type, device.floor)
        found += _services_of(device, numbers[group], building, inventory, zones)
        numbers[group] += 1
    return found


def reach_of(services: Sequence[Service]) -> Reach:
    """Collect the spaces that each device reaches."""
    reach: dict[str, set[str]] = {}
    for service in services:
        reach.setdefault(service.device.id, set()).update(service.room_ids)
    return reach


def relate_services(services: Sequence[Service], draft: Draft) -> None:
    """Add SERVES."""
    for service in services:
        draft.relate(Relation.SERVES, service.device.id, service.target_id)


def relate_flows(inventory: Inventory, tree: MeterTree, reach: Reach, draft: Draft) -> None:
    """Add FEEDS: electricity down the meter tree and on to the equipment, then the other media.

    Raises:
        ConfigError: a type is powered by a type that the building has none of.
    """
    for meter in tree.meters:
        if meter.parent is not None:
            draft.relate(Relation.FEEDS, meter.parent.id, meter.id, Medium.ELECTRICITY)
    by_type = _by_type(inventory)
    for device in inventory.devices:
        _relate_power(device, tree, by_type, reach, draft)
        for feed in device.kind.fed_by:
            source = find_nearest(device, by_type.get(feed.type, ()), reach)
            if source is not None:
                draft.relate(Relation.FEEDS, source.id, device.id, feed.medium)


def relate_control(inventory: Inventory, reach: Reach, draft: Draft) -> None:
    """Add CONTROLS and MONITORS."""
    by_type = _by_type(inventory)
    for device in inventory.devices:
        for name in device.kind.controlled_by:
            controller = find_nearest(device, by_type.get(name, ()), reach)
            if controller is not None:
                draft.relate(Relation.CONTROLS, controller.id, device.id)
        if device.kind.monitors == "space":
            draft.relate(Relation.MONITORS, device.id, device.room.id)
        elif device.kind.monitors is not None:
            watched = find_nearest(device, by_type.get(device.kind.monitors, ()), reach)
            if watched is not None:
                draft.relate(Relation.MONITORS, device.id, watched.id)


def relate_metering(tree: MeterTree, draft: Draft) -> None:
    """Add IS_METERED_BY of spaces."""
    for meter in tree.meters:
        for room in meter.rooms:
            draft.relate(Relation.IS_METERED_BY, room.id, meter.id)


def _services_of(
    device: Device, number: int, building: Building, inventory: Inventory, zones: Sequence[Zone]
) -> list[Service]:
    service = device.kind.serves
    if service is None:
        return []
    if service.scope == "hvac_zone":
        here = [
            zone
            for zone in zones
            if zone.zone_kind == "hvac" and device.floor in (None, zone.floor)
        ]
        peers = sum(
            peer.floor == device.floor and peer.kind.type == device.kind.type
            for peer in inventory.devices
        )
        return [_zone_service(device, zone) for zone in _shared_out(here, number, peers)]
    rooms = [device.room] if service.scope == "space" else building.rooms
    return [
        Service(device=device, target_id=room.id, room_ids=(room.id,))
        for room in rooms
        if not service.space_types or room.kind.type in service.space_types
    ]


def _shared_out(zones: Sequence[Zone], number: int, peers: int) -> list[Zone]:
    """Share zones among peers: in turn, and one each when there are fewer zones than peers."""
    if len(zones) < peers:
        return [zones[number % len(zones)]] if zones else []
    return list(zones[number::peers])


def _zone_service(device: Device, zone: Zone) -> Service:
    return Service(device=device, target_id=zone.id, room_ids=tuple(room.id for room in zone.rooms))


def _relate_power(
    device: Device,
    tree: MeterTree,
    by_type: Mapping[str, Sequence[Device]],
    reach: Reach,
    draft: Draft,
) -> None:
    supply = device.kind.powered_by
    if supply is None:
        return
    if supply in _END_USES:
        meter = tree.source_of(device, EndUse(supply))
        draft.relate(Relation.FEEDS, meter.id, device.id, Medium.ELECTRICITY)
        if device.kind.nominal_kw >= METERED_FROM_KW:
            draft.relate(Relation.IS_METERED_BY, device.id, meter.id)
        return
    source = find_nearest(device, by_type.get(supply, ()), reach)
    if source is None:
        raise ConfigError(
            f"{device.id} has no supply: its type {device.kind.type} is powered by {supply}, of "
            f"which the building has none; allot one to the archetype or mend powered_by"
        )
    draft.relate(Relation.FEEDS, source.id, device.id, Medium.ELECTRICITY)


def _by_type(inventory: Inventory) -> dict[str, list[Device]]:
    found: dict[str, list[Device]] = {}
    for device in inventory.devices:
        found.setdefault(device.kind.type, []).append(device)
    return found
