"""The samples that a building's points store in one day."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from basetype_benchmark.dataset.manifest import SensorFault
from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.parts import SeriesPart
from basetype_benchmark.dataset.simulation import sampling
from basetype_benchmark.dataset.simulation.access import badge_events
from basetype_benchmark.dataset.simulation.arrays import STEPS, Array, Ints
from basetype_benchmark.dataset.simulation.assembly import Samples, assemble
from basetype_benchmark.dataset.simulation.building import Building
from basetype_benchmark.dataset.simulation.change_of_value import (
    Reports,
    decimal_writing,
    report,
)
from basetype_benchmark.dataset.simulation.day import Day
from basetype_benchmark.dataset.simulation.exact import EXACT, exact_values
from basetype_benchmark.dataset.simulation.faults import (
    CommunicationGaps,
    communication_gaps,
    float_inputs,
    plant_sensor_faults,
    shifted,
)
from basetype_benchmark.dataset.simulation.points import Points
from basetype_benchmark.dataset.simulation.signals import (
    SIGNALS,
    Course,
    Reading,
    View,
    view_points,
)
from basetype_benchmark.dataset.streams import single_number, stream

_PIECE_SAMPLES = 200_000
_NOISE_OF_DEADBAND = 0.3  # a deadband is set to some three deviations of the noise


class Reporter:
    """The controllers of a building: what is the same on every day is worked out once."""

    def __init__(self, seed: int, building: Building) -> None:
        """Group the points, and draw when in its interval each one is read."""
        self._seed = seed
        self._building = building
        points = building.points
        is_badge = np.array(points.behaviours) == Behaviour.ACCESS_EVENT
        self._badges = np.flatnonzero(is_badge)
        self._aligned = list(_by_behaviour(points, np.flatnonzero(points.aligned & ~is_badge)))
        self._polled = np.flatnonzero(~points.aligned & ~is_badge)
        self._pieces = list(_pieces(points, self._polled))
        self._phase_ms = sampling.phases(stream(seed, building.id, "phase"), points.interval_ms)
        position = {point_id: place for place, point_id in enumerate(points.ids)}
        self.faults: tuple[SensorFault, ...] = plant_sensor_faults(
            seed, building.id, points.ids, points.behaviours, points.units
        )
        self._fault_at = {position[fault.point_id]: fault for fault in self.faults}

    def report_day(self, day: Day) -> SeriesPart:
        """Sample all points of the building on a simulated day."""
        gaps = communication_gaps(self._seed, self._building.id, day.index, self._polled)
        found = [
            *self._read_badges(day),
            *(self._read_aligned(day, group) for group in self._aligned),
            *(self._poll(day, piece, gaps) for piece in self._pieces),
        ]
        return assemble(self._building, day.index, found)

    def _poll(self, day: Day, group: Ints, gaps: CommunicationGaps) -> Samples:
        """Read points of one behaviour and interval, and report what changed."""
        points = self._building.points
        lost_from_ms, lost_to_ms = gaps.lost(group)
        stored = report(
            self._measure(day, group),
            Reports(
                interval_ms=int(points.interval_ms[group[0]]),
                phase_ms=self._phase_ms[group],
                resolution=points.resolution[group],
                deadband=points.deadband[group],
                heartbeat_ms=points.heartbeat_ms[group],
                lost_from_ms=lost_from_ms,
                lost_to_ms=lost_to_ms,
            ),
            single_number(
                self._seed, self._building.id, "jitter", points.ids[int(group[0])], day.index
            ),
        )
        return Samples(
            point=group, counts=stored.counts, time_ms=stored.time_ms, value=stored.value
        )

    def _measure(self, day: Day, group: Ints) -> sampling.Floats:
        """What the points of one behaviour read (points x samples)."""
        points = self._building.points
        view = view_points(self._seed, self._building.id, day, points, group)
        reading = SIGNALS[view.behaviour]
        interval_ms = int(points.interval_ms[group[0]])
        phase_ms = self._phase_ms[group]
        grid = reading.model(view)
        if reading.course is Course.STEP:
            return sampling.hold(grid, phase_ms, interval_ms)
        if reading.course is Course.CHANCE:
            chance = sampling.hold(grid, phase_ms, interval_ms)
            drawn = view.rng.random(chance.shape, dtype=np.float32)
            return (drawn < chance).astype(np.float32)
        if reading.course is Course.SMOOTH:
            return sampling.interpolate(grid, phase_ms, interval_ms)
        faults = self._faults_in(group)
        grid = shifted(self._calibrated(reading, group, grid), faults, day.index)
        values = _noisy(
            sampling.interpolate(grid, phase_ms, interval_ms), reading, view, _noise(points, group)
        )
        float_inputs(values, faults, view.rng)
        return values

    def _faults_in(self, group: Ints) -> dict[int, SensorFault]:
        return {
            row: self._fault_at[place]
            for row, place in enumerate(group.tolist())
            if place in self._fault_at
        }

    def _calibrated(self, reading: Reading, group: Ints, grid: Array) -> Array:
        """Add each sensor's own lasting error, within what its maker allows."""
        if not reading.offset:
            return grid
        name = self._building.points.ids[int(group[0])]
        rng = stream(self._seed, self._building.id, "calibration", name)
        return grid + reading.offset * np.clip(rng.standard_normal(len(group)), -2, 2)

    def _read_aligned(self, day: Day, group: Ints) -> Samples:
        """Read points that report at every full interval: meters and the grid."""
        points = self._building.points
        interval_ms = int(points.interval_ms[group[0]])
        times = sampling.sample_times(np.zeros(1, dtype=np.int64), interval_ms)[0]
        resolution = points.resolution[group]
        if points.behaviours[int(group[0])] in EXACT:
            values = exact_values(day, points, group, times_ms=times, interval_ms=interval_ms)
        else:
            view = view_points(self._seed, self._building.id, day, points, group)
            values = _aligned_values(view, resolution, interval_ms)
        per_unit, factor = decimal_writing(resolution)
        ticks = np.rint(values / resolution[:, None])
        return Samples(
            point=group,
            counts=np.full(len(group), len(times)),
            time_ms=np.tile(times, len(group)),
            value=(ticks * factor[:, None] / per_unit[:, None]).ravel(),
        )

    def _read_badges(self, day: Day) -> list[Samples]:
        badges = self._badges
        if not len(badges):
            return []
        rng = stream(self._seed, self._building.id, "badges", day.index)
        context = self._building.points.context[badges]
        reader, time_ms, value = badge_events(rng, day.movements[:STEPS, context])
        counts = np.bincount(reader, minlength=len(badges))
        return [Samples(point=badges, counts=counts, time_ms=time_ms, value=value)]


def _by_behaviour(points: Points, chosen: Ints) -> Iterator[Ints]:
    """Cut points into groups of one interval and behaviour, in a fixed order."""
    groups: dict[tuple[int, str], list[int]] = {}
    intervals = points.interval_ms[chosen].tolist()
    for position, interval_ms in zip(chosen.tolist(), intervals, strict=True):
        groups.setdefault((interval_ms, points.behaviours[position]), []).append(position)
    for key in sorted(groups):
        yield np.array(groups[key], dtype=np.int64)


def _pieces(points: Points, chosen: Ints) -> Iterator[Ints]:
    """Cut groups into pieces whose samples fit into the processor's cache."""
    for group in _by_behaviour(points, chosen):
        most = max(_PIECE_SAMPLES // sampling.sample_count(int(points.interval_ms[group[0]])), 1)
        yield from np.split(group, range(most, len(group), most))


def _noise(points: Points, group: Ints) -> Array:
    """Deviation of the noise of each sensor."""
    deadband, resolution = points.deadband[group], points.resolution[group]
    return np.where(deadband > resolution, _NOISE_OF_DEADBAND * deadband, 0.5 * resolution)


def _noisy(
    values: sampling.Floats, reading: Reading, view: View, deviation: Array
) -> sampling.Floats:
    noise = view.rng.standard_normal(values.shape, dtype=np.float32)
    noise *= deviation.astype(np.float32)[:, None]
    noise += values
    return np.clip(noise, reading.least, reading.most, out=noise)


def _aligned_values(view: View, resolution: Array, interval_ms: int) -> Array:
    """Values of a model at full intervals, unrounded (points x samples)."""
    reading = SIGNALS[view.behaviour]
    zero = np.zeros(view.count, dtype=np.int64)
    values = sampling.hold(reading.model(view), zero, interval_ms).astype(np.float64)
    if view.behaviour is Behaviour.ACTIVE_POWER or reading.course is not Course.LINE:
        return values
    noise = view.rng.standard_normal(values.shape) * resolution[:, None]
    return np.clip(values + noise, reading.least, reading.most)
