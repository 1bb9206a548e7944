"""Sensors and their controllers: sampled at an interval, rounded, reported on change of value.

A *block* is a group of points with one interval, as arrays of shape (samples, points).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from basetype_benchmark.dataset.simulation.arrays import (
    DAY_MS,
    STEP_MS,
    STEPS,
    AnyArray,
    Array,
    Ints,
    Mask,
)

Ticks: TypeAlias = npt.NDArray[np.int32]
Floats: TypeAlias = npt.NDArray[np.float32]


def sample_count(interval_ms: int) -> int:
    """Samples a day of a point that samples at an interval, whatever its phase."""
    return max(DAY_MS // interval_ms, 1)


def phases(rng: np.random.Generator, interval_ms: Ints) -> Ints:
    """Draw when in its interval each point samples, in ms after midnight."""
    return (rng.random(len(interval_ms)) * np.minimum(interval_ms, DAY_MS)).astype(np.int64)


def sample_times(phase_ms: Ints, interval_ms: int) -> Ints:
    """Times of day of the samples of a block, in ms (samples x points)."""
    return np.arange(sample_count(interval_ms))[:, None] * interval_ms + phase_ms


def interpolate(grid: Array, phase_ms: Ints, interval_ms: int) -> Floats:
    """Sample values known at the instants of the grid, linear in between."""
    fine = grid.astype(np.float32)
    if STEP_MS % interval_ms == 0:
        per_step = STEP_MS // interval_ms
        share = (np.arange(per_step)[:, None] * interval_ms + phase_ms) / STEP_MS
        rise = np.diff(fine, axis=0)
        between = fine[:-1, None, :] + rise[:, None, :] * share.astype(np.float32)[None]
        return np.asarray(between.reshape(STEPS * per_step, -1))
    step, rest = np.divmod(sample_times(phase_ms, interval_ms), STEP_MS)
    column = np.arange(grid.shape[1])
    before = fine[step, column]
    share = (rest / STEP_MS).astype(np.float32)
    return np.asarray(before + (fine[step + 1, column] - before) * share)


def hold(grid: Array, phase_ms: Ints, interval_ms: int) -> Floats:
    """Sample values that hold during the steps of the grid."""
    fine = grid[:STEPS].astype(np.float32)
    if STEP_MS % interval_ms == 0:
        return np.repeat(fine, STEP_MS // interval_ms, axis=0)
    step = sample_times(phase_ms, interval_ms) // STEP_MS
    return np.asarray(fine[step, np.arange(grid.shape[1])])


def to_ticks(values: Floats, resolution: Array) -> Ticks:
    """Round values to whole multiples of each point's resolution."""
    return np.rint(values * (1 / resolution).astype(np.float32)).astype(np.int32)


def from_ticks(ticks: AnyArray, resolution: Array, point: Ints | None = None) -> Array:
    """Value of whole multiples of a resolution, the closest double to its decimal writing.

    `point` says which element of `resolution` each tick has; without it the last axis does.
    """
    per_unit = np.rint(1 / resolution)
    decimal = (resolution < 1) & (np.abs(per_unit * resolution - 1) < 1e-9)
    factor = np.where(decimal, 1.0, resolution)
    divisor = np.where(decimal, per_unit, 1.0)
    if point is not None:
        factor, divisor = factor[point], divisor[point]
    return np.asarray(ticks * factor / divisor)


def report(ticks: Ticks, deadband_ticks: Ticks, heartbeat_samples: Ticks) -> Mask:
    """Choose the samples that are reported, by change of value.

    The first one of the day is; then each that differs from the last reported by the deadband or
    more, or comes a heartbeat after it. A deadband of 0 reports all.
    """
    kept = np.empty(ticks.shape, dtype=np.bool_)
    kept[0] = True
    last = ticks[0].copy()
    age = np.zeros(len(last), dtype=np.int32)
    change = np.empty_like(last)
    due = np.empty(len(last), dtype=np.bool_)
    for now, keep in zip(ticks[1:], kept[1:], strict=True):
        np.subtract(now, last, out=change)
        np.abs(change, out=change)
        np.greater_equal(change, deadband_ticks, out=keep)
        np.add(age, 1, out=age)
        np.greater_equal(age, heartbeat_samples, out=due)
        np.logical_or(keep, due, out=keep)
        np.copyto(last, now, where=keep)
        np.copyto(age, 0, where=keep)
    return kept


def deadband_in_ticks(deadband: Array, resolution: Array) -> Ticks:
    """Least number of ticks that is at least the deadband."""
    return np.ceil(deadband / resolution - 1e-6).astype(np.int32)


def heartbeat_in_samples(heartbeat_ms: Ints, interval_ms: int) -> Ticks:
    """Least number of samples that spans the heartbeat."""
    return np.maximum(-(-heartbeat_ms // interval_ms), 1).astype(np.int32)
