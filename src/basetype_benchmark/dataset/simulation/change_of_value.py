"""What a controller sends of what it reads: change of value with a deadband, and a heartbeat.

BACnet calls it COV reporting (ANSI/ASHRAE 135, clause 13.1). One loop over all samples, compiled:
it is whole-number arithmetic but for one product and one quotient per sample, which IEEE 754
defines to the last bit, so every processor gives the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from basetype_benchmark.dataset.simulation.arrays import DAY_MS, Array, Ints
from basetype_benchmark.dataset.simulation.compilation import compiled

Floats: TypeAlias = npt.NDArray[np.float32]

_JITTER_MS = 2_000  # a controller reads its points in turn, not all at once
_STRIDE = np.uint64(0x9E3779B97F4A7C15)  # SplitMix64 (Steele, Lea, Flood 2014), one round
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, kw_only=True)
class Reports:
    """How points report, one array element each.

    A change below `deadband` is sent after `heartbeat_ms` only; a deadband of 0 sends every
    sample. Samples from `lost_from_ms` to `lost_to_ms` (times of day) get lost on the way and
    nobody knows of them, but for the first of the day.
    """

    interval_ms: int
    phase_ms: Ints
    resolution: Array
    deadband: Array
    heartbeat_ms: Ints
    lost_from_ms: Ints
    lost_to_ms: Ints


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What arrived: `counts[i]` samples of point i, in turn; times of day in ms, values."""

    counts: Ints
    time_ms: Ints
    value: Array


def report(values: Floats, points: Reports, jitter_key: int) -> Stored:
    """Report the values that points read (points x samples), rounded to their resolution.

    The first sample of the day is reported; then each that differs from the last reported by the
    deadband or more, or comes a heartbeat or more after it. Each is up to two seconds late, by a
    number drawn with `jitter_key`.
    """
    per_unit, factor = decimal_writing(points.resolution)
    counts = np.zeros(len(values), dtype=np.int64)
    time_ms = np.empty(values.size, dtype=np.int64)
    value = np.empty(values.size)
    total = _run(
        values,
        (1 / points.resolution).astype(np.float32),
        per_unit,
        factor,
        deadband_in_ticks(points.deadband, points.resolution),
        heartbeat_in_samples(points.heartbeat_ms, points.interval_ms),
        points.interval_ms,
        points.phase_ms,
        points.lost_from_ms,
        points.lost_to_ms,
        np.uint64(jitter_key),
        counts,
        time_ms,
        value,
    )
    return Stored(counts=counts, time_ms=time_ms[:total], value=value[:total])


def decimal_writing(resolution: Array) -> tuple[Array, Array]:
    """Divisor and factor that turn ticks of a resolution into the double closest to its decimal.

    The value of t ticks is t * factor / divisor: 3 ticks of 0.1 are 0.3, not 0.30000000000000004.
    """
    per_unit = np.rint(1 / resolution)
    decimal = (resolution < 1) & (np.abs(per_unit * resolution - 1) < 1e-9)
    return np.where(decimal, per_unit, 1.0), np.where(decimal, 1.0, resolution)


def deadband_in_ticks(deadband: Array, resolution: Array) -> Ints:
    """Least number of ticks that is at least the deadband."""
    return np.ceil(deadband / resolution - 1e-6).astype(np.int64)


def heartbeat_in_samples(heartbeat_ms: Ints, interval_ms: int) -> Ints:
    """Least number of samples that spans the heartbeat."""
    return np.maximum(-(-heartbeat_ms // interval_ms), 1)


def follow(  # noqa: PLR0917 - compiled code takes plain arrays, in order
    values: Floats,
    per_resolution: Floats,
    per_unit: Array,
    factor: Array,
    deadband: Ints,
    heartbeat: Ints,
    interval_ms: int,
    phase_ms: Ints,
    lost_from_ms: Ints,
    lost_to_ms: Ints,
    jitter_key: np.uint64,
    counts: Ints,
    time_ms: Ints,
    value: Array,
) -> int:
    """Follow each point through the day; fills the last three arrays and says how far."""
    done = 0
    for point in range(values.shape[0]):
        begin = done
        last, due = 0, 0
        for sample in range(values.shape[1]):
            tick = int(np.rint(values[point, sample] * per_resolution[point]))
            if sample < due and abs(tick - last) < deadband[point]:
                continue
            read_ms = phase_ms[point] + sample * interval_ms
            if sample > 0 and lost_from_ms[point] <= read_ms < lost_to_ms[point]:
                continue
            last, due = tick, sample + heartbeat[point]
            number = point * values.shape[1] + sample  # whatever else is stored
            drawn = (jitter_key + np.uint64(number)) * _STRIDE
            drawn = (drawn ^ (drawn >> np.uint64(30))) * _MIX
            late_ms = int(((drawn >> np.uint64(48)) * np.uint64(_JITTER_MS)) >> np.uint64(16))
            time_ms[done] = min(read_ms + late_ms, DAY_MS - 1)
            value[done] = tick * factor[point] / per_unit[point] + 0.0
            done += 1
        counts[point] = done - begin
    return done


_run = compiled(follow)
