"""Daylight in the spaces, and the electric light that complements it.

Illuminance in lx, irradiance on the facade in W/m2. A uniform share of the light through the
windows reaches the desks, at 110 lm/W, a usual luminous efficacy of daylight; the lamps dim on what
is left of 500 lx (EN 12464-1, offices). The share is our own.
"""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import Array, Ints

TARGET_LX = 500.0
_LM_W = 110.0
_DAYLIGHT_USE = 0.05


def daylight(facade_w_m2: Array, facade: Ints, window_m2: Array, area_m2: Array) -> Array:
    """Illuminance by daylight at desk height in lx, a uniform share of what windows let in."""
    falling = np.where(facade >= 0, facade_w_m2[:, facade], 0.0)
    return np.asarray(_LM_W * _DAYLIGHT_USE * falling * window_m2 / np.maximum(area_m2, 1.0) * 2)


def light_level(lit: Array, daylight_lx: Array) -> Array:
    """Dimming level from 0 to 1: off where not `lit`, else what daylight leaves to the target."""
    return np.asarray(lit * np.clip(1 - daylight_lx / TARGET_LX, 0.2, 1.0))


def lit_spaces(people: Array, passing: Array, open_hours: Array) -> Array:
    """Whether the light is on: where people are, and in passages (`passing` 1) while open."""
    return np.maximum(people > 0, passing[None, :] * open_hours).astype(np.float64)
