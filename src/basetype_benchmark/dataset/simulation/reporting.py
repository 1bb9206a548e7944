"""The samples that a building's points store in one day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

import numpy as np
import pyarrow as pa

from basetype_benchmark.dataset.model import SERIES_SCHEMA, TIME_TYPE, Behaviour
from basetype_benchmark.dataset.parts import SeriesPart
from basetype_benchmark.dataset.simulation import sampling
from basetype_benchmark.dataset.simulation.access import badge_events
from basetype_benchmark.dataset.simulation.arrays import DAY_MS, STEPS, Array, Ints
from basetype_benchmark.dataset.simulation.building import Building
from basetype_benchmark.dataset.simulation.day import Day, date_of
from basetype_benchmark.dataset.simulation.points import Points
from basetype_benchmark.dataset.simulation.power import INTERVAL_S
from basetype_benchmark.dataset.simulation.signals import (
    SIGNALS,
    Course,
    Signal,
    view_points,
)
from basetype_benchmark.dataset.streams import stream

_BLOCK_SAMPLES = 3_000_000
_NOISE_OF_DEADBAND = 0.3  # a deadband is set to some three deviations of the noise
_COUNTED = (Behaviour.ENERGY_INTERVAL, Behaviour.ENERGY_TOTAL)


@dataclass(frozen=True, kw_only=True)
class Samples:
    """Stored samples of some points: positions of points, times of day, values.

    Those of one point are together and in order of time.
    """

    point: Ints
    time_ms: Ints
    value: Array


def report_day(seed: int, building: Building, day: Day) -> SeriesPart:
    """Sample all points of a building on a simulated day."""
    points = building.points
    phase_ms = sampling.phases(stream(seed, building.id, "phase"), points.interval_ms)
    is_badge = np.array(points.behaviours) == Behaviour.ACCESS_EVENT
    badges = np.flatnonzero(is_badge)
    aligned = np.flatnonzero(points.aligned & ~is_badge)
    others = np.flatnonzero(~points.aligned & ~is_badge)
    found = [
        *_badges(seed, building, day, badges),
        *(_aligned(seed, building, day, group) for group in _by_behaviour(points, aligned)),
        *(_block(seed, building, day, block, phase_ms) for block in _blocks(points, others)),
    ]
    return _merge(building, day, found)


def _by_behaviour(points: Points, chosen: Ints) -> Iterator[Ints]:
    """Cut points into groups of one interval and behaviour, in a fixed order."""
    groups: dict[tuple[int, str], list[int]] = {}
    intervals = points.interval_ms[chosen].tolist()
    for position, interval_ms in zip(chosen.tolist(), intervals, strict=True):
        groups.setdefault((interval_ms, points.behaviours[position]), []).append(position)
    for key in sorted(groups):
        yield np.array(groups[key], dtype=np.int64)


def _blocks(points: Points, chosen: Ints) -> Iterator[list[Ints]]:
    """Gather groups of one interval into blocks that fit into little memory."""
    for interval_ms, groups in groupby(
        _by_behaviour(points, chosen), lambda group: int(points.interval_ms[group[0]])
    ):
        most = max(_BLOCK_SAMPLES // sampling.sample_count(interval_ms), 1)
        block: list[Ints] = []
        for group in groups:
            for piece in np.split(group, range(most, len(group), most)):
                if sum(map(len, block)) + len(piece) > most:
                    yield block
                    block = []
                block.append(piece)
        yield block


def _block(seed: int, building: Building, day: Day, block: list[Ints], phase_ms: Ints) -> Samples:
    points = building.points
    chosen = np.concatenate(block)
    interval_ms = int(points.interval_ms[chosen[0]])
    resolution = points.resolution[chosen]
    ticks = np.hstack(
        [
            sampling.to_ticks(
                _measure(seed, building, day, group, phase_ms[group]), points.resolution[group]
            )
            for group in block
        ]
    )
    kept = sampling.report(
        ticks,
        sampling.deadband_in_ticks(points.deadband[chosen], resolution),
        sampling.heartbeat_in_samples(points.heartbeat_ms[chosen], interval_ms),
    )
    column, row = np.nonzero(np.ascontiguousarray(kept.T))
    return Samples(
        point=chosen[column],
        time_ms=row * interval_ms + phase_ms[chosen][column],
        value=sampling.from_ticks(ticks[row, column], resolution, column),
    )


def _measure(
    seed: int, building: Building, day: Day, group: Ints, phase_ms: Ints
) -> sampling.Floats:
    """Sample the points of one behaviour, unrounded (samples x points)."""
    points = building.points
    signal = SIGNALS[points.behaviours[int(group[0])]]
    interval_ms = int(points.interval_ms[group[0]])
    view = view_points(seed, building.id, day, points, group)
    grid = signal.model(view)
    if signal.course is Course.STEP:
        return sampling.hold(grid, phase_ms, interval_ms)
    if signal.course is Course.CHANCE:
        chance = sampling.hold(grid, phase_ms, interval_ms)
        drawn = view.rng.random(chance.shape, dtype=np.float32)
        return (drawn < chance).astype(np.float32)
    if signal.course is Course.SMOOTH:
        return sampling.interpolate(grid, phase_ms, interval_ms)
    values = sampling.interpolate(
        _calibrated(seed, building, signal, group, grid), phase_ms, interval_ms
    )
    return _noisy(values, signal, view.rng, _noise(points, group))


def _calibrated(seed: int, building: Building, signal: Signal, group: Ints, grid: Array) -> Array:
    """Add each sensor's own lasting error."""
    if not signal.offset:
        return grid
    name = building.points.ids[int(group[0])]
    drawn = stream(seed, building.id, "calibration", name).standard_normal(len(group))
    return grid + signal.offset * np.clip(drawn, -2, 2)


def _noise(points: Points, group: Ints) -> Array:
    """Deviation of the noise of each sensor."""
    deadband, resolution = points.deadband[group], points.resolution[group]
    return np.where(deadband > resolution, _NOISE_OF_DEADBAND * deadband, 0.5 * resolution)


def _noisy(
    values: sampling.Floats, signal: Signal, rng: np.random.Generator, deviation: Array
) -> sampling.Floats:
    noise = rng.standard_normal(values.shape, dtype=np.float32)
    noise *= deviation.astype(np.float32)
    noise += values
    return np.clip(noise, signal.least, signal.most, out=noise)


def _aligned(seed: int, building: Building, day: Day, group: Ints) -> Samples:
    """Sample points that report at every full interval: meters and the grid."""
    points = building.points
    interval_ms = int(points.interval_ms[group[0]])
    times = sampling.sample_times(np.zeros(1, dtype=np.int64), interval_ms)[:, 0]
    values = _exact(seed, building, day, group, times=times, interval_ms=interval_ms)
    resolution = points.resolution[group]
    rounded = sampling.from_ticks(np.rint(values / resolution), resolution)
    return Samples(
        point=np.repeat(group, len(times)),
        time_ms=np.tile(times, len(group)),
        value=rounded.T.ravel(),
    )


def _exact(
    seed: int, building: Building, day: Day, group: Ints, *, times: Ints, interval_ms: int
) -> Array:
    """Values at full intervals, unrounded (samples x points)."""
    points = building.points
    behaviour = points.behaviours[int(group[0])]
    if behaviour in _COUNTED:
        before = _counter(day, points.node[group], times)
        if behaviour is Behaviour.ENERGY_TOTAL:
            return day.start.energy_kwh[points.node[group]] + before
        return _counter(day, points.node[group], times + interval_ms) - before
    if behaviour is Behaviour.CARBON_INTENSITY:
        return np.repeat(day.carbon[times // 3_600_000, None], len(group), axis=1)
    view = view_points(seed, building.id, day, points, group)
    signal = SIGNALS[behaviour]
    grid = signal.model(view)
    zero = np.zeros(len(group), dtype=np.int64)
    values = sampling.hold(grid, zero, interval_ms).astype(np.float64)
    if behaviour is Behaviour.ACTIVE_POWER or signal.course is not Course.LINE:
        return values
    noise = view.rng.standard_normal(values.shape) * points.resolution[group]
    return np.clip(values + noise, signal.least, signal.most)


def _counter(day: Day, node: Ints, times: Ints) -> Array:
    """Energy since midnight at times of the day in kWh, linear within 15 minutes."""
    energy = np.where(node >= 0, day.energy_kwh[:, np.maximum(node, 0)], 0.0)
    count = np.vstack([np.zeros(len(node)), np.cumsum(energy, axis=0)])
    position = np.minimum(times, DAY_MS) / (INTERVAL_S * 1000)
    row = np.minimum(position.astype(np.int64), len(count) - 2)
    share = (position - row)[:, None]
    return np.asarray(count[row] * (1 - share) + count[row + 1] * share)


def _badges(seed: int, building: Building, day: Day, badges: Ints) -> list[Samples]:
    if not len(badges):
        return []
    points = building.points
    rng = stream(seed, building.id, "badges", day.index)
    reader, time_ms, value = badge_events(rng, day.movements[:STEPS, points.context[badges]])
    return [Samples(point=badges[reader], time_ms=time_ms, value=value)]


def _merge(building: Building, day: Day, found: list[Samples]) -> SeriesPart:
    """Put the samples of all points in order of point and time."""
    point = np.concatenate([samples.point for samples in found])
    counts = np.bincount(point, minlength=len(building.points.ids))
    starts = np.cumsum(counts) - counts
    place = np.empty(len(point), dtype=np.int64)
    done = 0
    for samples in found:
        size = len(samples.point)
        run = np.flatnonzero(np.diff(samples.point, prepend=-1))
        length = np.diff(np.append(run, size))
        shift = np.repeat(starts[samples.point[run]] - run, length)
        place[done : done + size] = np.arange(size) + shift
        done += size
    midnight = int(datetime.combine(date_of(day.index), datetime.min.time(), UTC).timestamp())
    time_ms = np.empty(len(point), dtype=np.int64)
    time_ms[place] = np.concatenate([samples.time_ms for samples in found])
    value = np.empty(len(point))
    value[place] = np.concatenate([samples.value for samples in found])
    index = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return SeriesPart(
        building_id=building.id,
        day=day.date,
        table=pa.Table.from_arrays(
            [
                pa.array(time_ms + midnight * 1000).cast(TIME_TYPE),
                pa.DictionaryArray.from_arrays(index, pa.array(building.points.ids)),
                pa.array(value + 0.0),
            ],
            schema=SERIES_SCHEMA,
        ),
    )
