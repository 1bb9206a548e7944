"""Sensors that look at the same thing, and how far each is from the others.

Peers are sensors of one behaviour and rating whose state is that of one space or zone, or of one
water circuit. What a sensor *deviates* is its difference from the median of its sound peers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from basetype_benchmark.dataset.invariants.facts import BuildingFacts
from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation.arrays import Array

TOLERANCE: Mapping[Behaviour, float] = {
    Behaviour.ZONE_TEMPERATURE: 1.0,
    Behaviour.ZONE_HUMIDITY: 5.0,
    Behaviour.ZONE_CO2: 75.0,
    Behaviour.SUPPLY_AIR_TEMPERATURE: 1.0,
    Behaviour.RETURN_AIR_TEMPERATURE: 1.0,
    Behaviour.CHILLED_WATER_TEMPERATURE: 0.5,
    Behaviour.HOT_WATER_TEMPERATURE: 1.5,
}
"""What a sound sensor deviates at most, in its unit: two makers' tolerances and a deadband."""

_CIRCUITS = (Behaviour.CHILLED_WATER_TEMPERATURE, Behaviour.HOT_WATER_TEMPERATURE)


def group_peers(building: BuildingFacts) -> list[list[int]]:
    """Put the positions of peers together; sensors that are alone are left out."""
    groups: dict[tuple[Behaviour, str, str], list[int]] = {}
    for place in np.flatnonzero(building.having(*TOLERANCE)).tolist():
        behaviour = building.behaviours[place]
        where = building.id if behaviour in _CIRCUITS else building.places[place]
        key = (behaviour, where, f"{building.nominal[place]:g}")
        groups.setdefault(key, []).append(place)
    return [group for _, group in sorted(groups.items()) if len(group) > 1]


def deviations(building: BuildingFacts, held: Callable[[int], Array]) -> dict[int, float]:
    """Mean deviation over a day of each sensor that has sound peers, by position.

    `held` gives what a point shows on the grid of the day, NaN where it is unknown; sensors of
    which nothing can be compared are left out.
    """
    found: dict[int, float] = {}
    for group in group_peers(building):
        shown = np.array([held(place) for place in group])
        sound = [row for row, place in enumerate(group) if not building.is_planted[place]]
        for row, place in enumerate(group):
            others = [other for other in sound if other != row]
            if others:
                apart = shown[row] - np.median(shown[others], axis=0)
                known = apart[np.isfinite(apart)]
                if len(known):
                    found[place] = float(known.mean())
    return found
