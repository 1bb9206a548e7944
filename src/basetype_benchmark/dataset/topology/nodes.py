"""What the nodes of places and equipment say of themselves."""

from __future__ import annotations

from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.dataset.topology.draft import Node, properties_json
from basetype_benchmark.dataset.topology.inventory import Device
from basetype_benchmark.dataset.topology.places import Building, Room

_FIRST_INSTALL_YEAR = 2009
_INSTALL_YEARS = 14
_DAYS_OF_ANY_MONTH = 28


def building_node(building: Building) -> Node:
    """Describe a building."""
    number = int(building.id.removeprefix("b"))
    return Node(
        id=building.id,
        type=NodeType.BUILDING,
        name=f"{building.kind.title} {number}",
        brick_class=building.kind.brick_class,
        properties=properties_json(
            {"area_m2": round(building.area_m2, 1), "floors": building.plan.floors}
        ),
    )


def floor_node(building: Building, floor: int) -> Node:
    """Describe a floor."""
    area_m2 = sum(room.area_m2 for room in building.rooms_of_floor(floor))
    return Node(
        id=building.floor_id(floor),
        type=NodeType.FLOOR,
        name=f"Floor {floor}",
        building_id=building.id,
        brick_class=building.kind.floor_brick_class,
        properties=properties_json({"area_m2": round(area_m2, 1), "level": floor - 1}),
    )


def space_node(building: Building, room: Room) -> Node:
    """Describe a space: what the simulation needs of its shape and use."""
    kind = room.kind
    capacity = max(1, round(room.area_m2 / kind.person_m2)) if kind.person_m2 else 0
    properties = {
        "area_m2": room.area_m2,
        "volume_m3": round(room.area_m2 * building.kind.storey_height_m, 1),
        "capacity": capacity,
        "exterior_wall_m2": room.exterior_wall_m2,
        "window_m2": round(room.exterior_wall_m2 * kind.window_share, 1),
        "orientation": room.orientation,
        "schedule": kind.schedule,
    }
    return Node(
        id=room.id,
        type=NodeType.SPACE,
        name=f"{kind.title} {room.floor}{room.id.rpartition('.s')[2]}",
        building_id=building.id,
        floor_id=room.floor_id,
        space_type=kind.type,
        brick_class=kind.brick_class,
        properties=properties_json(properties),
    )


def device_node(building: Building, device: Device) -> Node:
    """Describe a piece of equipment, with a serial number and an age of its own."""
    kind = device.kind
    number, year, month, day = building.stream("inventory", device.id).integers(
        0, [10**8, _INSTALL_YEARS, 12, _DAYS_OF_ANY_MONTH]
    )
    properties = {
        "manufacturer": kind.manufacturer,
        "model": kind.model,
        "serial": f"{kind.manufacturer[:2].upper()}{number:08d}",
        "install_date": f"{_FIRST_INSTALL_YEAR + year}-{month + 1:02d}-{day + 1:02d}",
        "haystack": kind.haystack,
        "nominal_kw": kind.nominal_kw,
    }
    return Node(
        id=device.id,
        type=NodeType.EQUIPMENT,
        name=device.name,
        building_id=building.id,
        floor_id=device.room.floor_id,
        space_id=device.room.id,
        equipment_type=kind.type,
        domain=kind.domain,
        brick_class=kind.brick_class,
        properties=properties_json(properties),
    )
