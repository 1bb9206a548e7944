"""When sensors are read, and what they read between the instants of the grid.

A *block* is a group of points with one interval, as arrays of shape (points, samples).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from basetype_benchmark.dataset.simulation.arrays import DAY_MS, STEP_MS, STEPS, Array, Ints

Floats: TypeAlias = npt.NDArray[np.float32]


def sample_count(interval_ms: int) -> int:
    """Samples a day of a point that samples at an interval, whatever its phase."""
    return max(DAY_MS // interval_ms, 1)


def phases(rng: np.random.Generator, interval_ms: Ints) -> Ints:
    """Draw when in its interval each point samples, in ms after midnight."""
    return (rng.random(len(interval_ms)) * np.minimum(interval_ms, DAY_MS)).astype(np.int64)


def sample_times(phase_ms: Ints, interval_ms: int) -> Ints:
    """Times of day of the samples of a block, in ms."""
    return np.arange(sample_count(interval_ms)) * interval_ms + phase_ms[:, None]


def interpolate(grid: Array, phase_ms: Ints, interval_ms: int) -> Floats:
    """Sample values known at the instants of the grid (instants x points), linear in between."""
    fine = np.ascontiguousarray(grid.T, dtype=np.float32)
    if STEP_MS % interval_ms == 0:
        share = _shares(phase_ms, interval_ms)[:, None, :]
        before = fine[:, :-1, None]
        rise = fine[:, 1:, None] - before
        return np.asarray((before + rise * share).reshape(len(fine), -1))
    step, rest = np.divmod(sample_times(phase_ms, interval_ms), STEP_MS)
    row = np.arange(len(fine))[:, None]
    before = fine[row, step]
    share = (rest / STEP_MS).astype(np.float32)
    return np.asarray(before + (fine[row, step + 1] - before) * share)


def hold(grid: Array, phase_ms: Ints, interval_ms: int) -> Floats:
    """Sample values that hold during the steps of the grid (steps x points)."""
    fine = np.ascontiguousarray(grid[:STEPS].T, dtype=np.float32)
    if STEP_MS % interval_ms == 0:
        return np.repeat(fine, STEP_MS // interval_ms, axis=1)
    step = sample_times(phase_ms, interval_ms) // STEP_MS
    return np.asarray(fine[np.arange(len(fine))[:, None], step])


def _shares(phase_ms: Ints, interval_ms: int) -> Floats:
    """Where in its step each sample lies, from 0 to 1 (points x samples of a step)."""
    within = np.arange(STEP_MS // interval_ms) * interval_ms + phase_ms[:, None]
    return np.asarray(within / STEP_MS).astype(np.float32)
