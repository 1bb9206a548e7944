"""Badge readers: one event per person who passes, and the round of the night watch.

Events are a Poisson process whose rate follows the movements, in counts a step of five minutes. Not
every movement passes a reader, and a few in a hundred are denied: both shares are our own, as no
published figure was found.
"""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import DAY_MS, STEP_MS, Array, Ints

_DENIED = 0.03
_BADGES_PER_MOVEMENT = 0.7
_STRAY_PER_STEP = 0.004
_FIRST_WATCH_H = 2.0
_LAST_WATCH_H = 4.5


def badge_events(rng: np.random.Generator, movements: Array) -> tuple[Ints, Ints, Array]:
    """Draw the events of one day of readers that see `movements` (steps x readers) pass.

    Gives reader, time of day in ms, and value (1 granted, 0 denied), sorted by reader and time, no
    two events of a reader at the same time. The watch passes every reader once a night.
    """
    expected = _BADGES_PER_MOVEMENT * movements + _STRAY_PER_STEP * (movements.sum(axis=0) > 0)
    counts = rng.poisson(expected)
    readers = movements.shape[1]
    reader = np.repeat(np.tile(np.arange(readers), len(counts)), counts.ravel())
    step = np.repeat(np.repeat(np.arange(len(counts)), readers), counts.ravel())
    time = step * STEP_MS + rng.integers(0, STEP_MS, len(step))
    granted = np.where(rng.random(len(step)) >= _DENIED, 1.0, 0.0)
    hours = rng.uniform(_FIRST_WATCH_H, _LAST_WATCH_H, size=(readers,))
    watch = (hours * 3_600_000).astype(np.int64)
    reader = np.concatenate([reader, np.arange(readers)])
    time = np.concatenate([time, watch])
    granted = np.concatenate([granted, np.ones(readers)])
    first = np.unique(reader * DAY_MS + time, return_index=True)[1]
    return reader[first], time[first], granted[first]
