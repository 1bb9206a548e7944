"""IT: how busy each device is, and what racks breathe in.

Load is a share of the device's full work. Idle devices take about half of their rated power
(Barroso and Hoelzle 2007, The case for energy-proportional computing); inlets stay within 18 to 27
degrees C (ASHRAE TC 9.9). The shape of the day is our own.
"""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import Array, between_knots, instant_hours
from basetype_benchmark.dataset.streams import stream


def device_load(seed: int, building_id: str, day_index: int, count: int, working: bool) -> Array:
    """Load of `count` devices from 0 to 1 at the instants of a day.

    A level of its own, business hours, a nightly batch, and a random walk with hourly knots.
    """
    level = stream(seed, building_id, "it level").uniform(0.18, 0.55, count)
    hours = instant_hours()
    business = np.exp(-(((hours - 13.5) / 4.0) ** 4)) * (0.28 if working else 0.04)
    batch = 0.18 * np.exp(-(((hours - 2.5) / 0.6) ** 2))
    knots = np.vstack(
        [
            stream(seed, building_id, "it", day_index).standard_normal((24, count)),
            stream(seed, building_id, "it", day_index + 1).standard_normal((1, count)),
        ]
    )
    walk = 0.06 * between_knots(knots, 1.0)
    return np.clip(level + (business + batch)[:, None] + walk, 0.02, 1.0)


def power_share(load: Array) -> Array:
    """Part of its rated power that a device takes: idle servers take close to half."""
    return np.asarray(0.45 + 0.55 * load)


def rack_inlet(room_c: Array, load: Array) -> Array:
    """Air temperature in front of a rack: that of the room and some recirculated exhaust."""
    return np.asarray(room_c - 0.5 + 3.0 * load)


def casing_temperature(room_c: Array, nominal_c: Array, load: Array) -> Array:
    """Temperature inside a device that shows `nominal_c` at half load in a room of 22 °C."""
    rise = np.maximum(nominal_c - 22.0, 0.0)
    return np.asarray(room_c + rise * (0.7 + 0.6 * load))
