"""Alarms: rare, lasting, and independent of each other.

Each is raised at a constant rate a day and lasts for a uniform number of steps. The rate is our
own: EEMUA 191 gives 150 alarms a day as what one operator can handle, which it stays under for a
building of 10 000 m2.
"""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import STEPS, Array, Mask

_RAISED_PER_DAY = 0.04
_SHORTEST_STEPS = 2
_LONGEST_STEPS = 48


def alarm_states(before: np.random.Generator, today: np.random.Generator, count: int) -> Array:
    """Draw the states of `count` alarms during the steps of a day: 1 raised, 0 not.

    An alarm of the day before (drawn again from the stream it had) may last past midnight.
    """
    yesterday = _raised(before, count, np.arange(STEPS, 2 * STEPS))
    return np.asarray((yesterday | _raised(today, count, np.arange(STEPS))).astype(np.float64))


def _raised(rng: np.random.Generator, count: int, steps: np.ndarray) -> Mask:
    """Whether each alarm is up at some steps after the midnight before it was drawn."""
    raised = rng.random(count) < _RAISED_PER_DAY
    start = rng.integers(1, STEPS, count)
    end = start + rng.integers(_SHORTEST_STEPS, _LONGEST_STEPS + 1, count)
    step = steps[:, None]
    return np.asarray(raised & (step >= start) & (step < end))
