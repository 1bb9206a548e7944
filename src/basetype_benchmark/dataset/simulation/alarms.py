"""Alarms: rare, lasting, and independent of each other."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import STEPS, Array, Mask

_RAISED_PER_DAY = 0.04
_SHORTEST_STEPS = 2
_LONGEST_STEPS = 48


def alarm_states(rng: np.random.Generator, count: int) -> Array:
    """Draw the states of `count` alarms during the steps of a day: 1 raised, 0 not."""
    raised = rng.random(count) < _RAISED_PER_DAY
    start = rng.integers(1, STEPS, count)
    length = rng.integers(_SHORTEST_STEPS, _LONGEST_STEPS + 1, count)
    step = np.arange(STEPS)[:, None]
    active: Mask = raised & (step >= start) & (step < start + length)
    return active.astype(np.float64)
