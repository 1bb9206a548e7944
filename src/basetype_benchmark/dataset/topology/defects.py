"""Defects planted in the inventory, as real ones have: data-quality queries have a true answer."""

from __future__ import annotations

from dataclasses import replace

from basetype_benchmark.dataset.topology.inventory import Device, Inventory
from basetype_benchmark.dataset.topology.places import Building

GHOST_RATE = 0.003
MIN_GHOSTS = 2


def plant_ghosts(building: Building, inventory: Inventory) -> list[Device]:
    """Make equipment that is only LOCATED_IN a space.

    A ghost looks like any other device of its space: an ordinary type, the next number. It is not
    in the inventory, so that nothing else relates to it.
    """
    count = max(MIN_GHOSTS, round(GHOST_RATE * len(inventory.devices)))
    draws = building.stream("ghosts").random(count)
    alive = [device for device in inventory.devices if device.whole is None]
    models = [alive[int(draw * len(alive))] for draw in draws]
    return [replace(model, id=inventory.next_id(model.kind, model.room.id)) for model in models]
