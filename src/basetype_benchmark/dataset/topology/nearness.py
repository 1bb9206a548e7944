"""Which of several devices supplies or controls another: the nearest, and in turn among equals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from basetype_benchmark.dataset.topology.inventory import Device

Reach = Mapping[str, Collection[str]]
"""Ids of the spaces that a device serves, directly or through a zone, by the device's id."""


def find_nearest(device: Device, candidates: Sequence[Device], reach: Reach) -> Device | None:
    """Choose the candidate for a device: what it is part of, else of its own space, else one
    that serves its space, else of its floor, else any of the building; None without candidates.

    Among equals the device's ordinal decides, so that load spreads evenly.
    """
    wholes = set(device.wholes())
    floor = device.floor or device.room.floor
    nearer = (
        [item for item in candidates if item in wholes],
        [item for item in candidates if item.room.id == device.room.id],
        [item for item in candidates if device.room.id in reach.get(item.id, ())],
        [item for item in candidates if (item.floor or item.room.floor) == floor],
        list(candidates),
    )
    for group in nearer:
        if group:
            return group[device.ordinal % len(group)]
    return None
