"""Domestic water: what people draw, what drips at night, and the tank that keeps it hot."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import Array, Mask

LITRES_PER_PERSON_HOUR = 4.5
"""Of an office without canteen: some 40 litres a person and working day, cleaning included (CIBSE
Guide G)."""

_DRIP_M3_DAY = 0.05
_CENTRAL = ("domestic_pump", "hot_water_tank", "circulation_pump", "water_meter")


def is_central(kind: str) -> bool:
    """Whether a type of equipment serves the taps of the whole building, not of its own room."""
    return kind in _CENTRAL


def draw_m3_h(people: Array) -> Array:
    """Flow in m3/h of what `people` (any shape) draw."""
    return np.asarray(people * LITRES_PER_PERSON_HOUR / 1000)


def drip_m3_h(central: Mask) -> Array:
    """Flow in m3/h of what drips day and night, through what is central only."""
    return np.where(central, _DRIP_M3_DAY / 24, 0.0)


def volume_m3(person_hours: Array, days: Array) -> Array:
    """Volume in m3 drawn since the epoch: the integral of both flows."""
    return np.asarray(person_hours * LITRES_PER_PERSON_HOUR / 1000 + _DRIP_M3_DAY * days)


def tank_temperature(rated_c: Array, occupancy: Array) -> Array:
    """Temperature in °C of a tank that loses up to 6 K while much is drawn from it."""
    return np.asarray(rated_c - 6.0 * np.clip(occupancy, 0.0, 1.0))
