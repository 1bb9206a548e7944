"""The figures of a portrait, in order; each module makes one sketch of an inventory."""

from __future__ import annotations

from collections.abc import Callable

from basetype_benchmark.dataset.portrait.figure import Omission, Sketch
from basetype_benchmark.dataset.portrait.figures import (
    badges,
    balance,
    faults,
    plant,
    power,
    racks,
    services,
    surroundings,
    zone,
)
from basetype_benchmark.dataset.portrait.inventory import Inventory
from basetype_benchmark.dataset.portrait.window import Window

SKETCHERS: tuple[Callable[[Inventory, Window], Sketch | Omission], ...] = (
    zone.sketch,
    power.sketch,
    balance.sketch,
    surroundings.sketch,
    plant.sketch,
    racks.sketch,
    badges.sketch,
    services.sketch,
    faults.sketch,
)
"""All but the gaps between samples, which no points are chosen for."""
