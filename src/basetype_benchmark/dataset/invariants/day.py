"""The samples of one building on one day, as arrays that checks compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa

from basetype_benchmark.dataset.fingerprint import point_runs
from basetype_benchmark.dataset.invariants.facts import BuildingFacts
from basetype_benchmark.dataset.invariants.finding import KEPT, Finding, Violation
from basetype_benchmark.dataset.invariants.peers import deviations
from basetype_benchmark.dataset.partitions import Partition
from basetype_benchmark.dataset.simulation.arrays import DAY_MS, AnyArray, Array, Ints, Mask
from basetype_benchmark.errors import DatasetError

_GRID_MS = 300_000
GRID = DAY_MS // _GRID_MS
"""Instants of a day at which series are laid side by side: every five minutes from midnight."""


@dataclass(frozen=True, kw_only=True)
class DaySamples:
    """Samples in the order of the file. A *run* is the rows of one point.

    `point` is the position of each run's point among those of the building, `starts` the row
    where it begins; `time_ms` is after midnight, `index` the day counted from the dataset's first.
    """

    building: BuildingFacts
    day: date
    index: int
    point: Ints
    starts: Ints
    time_ms: Ints
    value: Array

    @cached_property
    def counts(self) -> Ints:
        """Samples of each run."""
        return np.diff(np.append(self.starts, len(self.value)))

    @cached_property
    def run(self) -> Mapping[int, int]:
        """Number of the run of each point, by its position."""
        return {place: number for number, place in enumerate(self.point.tolist())}

    @cached_property
    def follows(self) -> Mask:
        """Marks the rows that follow another of the same point, but for the first row of all."""
        inside = np.ones(max(len(self.value) - 1, 0), dtype=np.bool_)
        inside[self.starts[1:] - 1] = False
        return inside

    @cached_property
    def change(self) -> Array:
        """How far each value is from that of the row before."""
        return np.abs(np.diff(self.value, prepend=self.value[:1]))

    @cached_property
    def gap_ms(self) -> Ints:
        """Time of each row since that of the row before."""
        return np.diff(self.time_ms, prepend=self.time_ms[:1])

    def spread(self, of_points: AnyArray) -> AnyArray:
        """Give every row what belongs to its point."""
        return np.repeat(of_points[self.point], self.counts)

    def rows_of(self, place: int) -> slice:
        """Rows of a point; none where it has no sample."""
        number = self.run.get(place)
        if number is None:
            return slice(0, 0)
        return slice(int(self.starts[number]), int(self.starts[number] + self.counts[number]))

    def series(self, place: int) -> Array:
        """Values of a point."""
        return self.value[self.rows_of(place)]

    def held(self, place: int) -> Array:
        """What was last known of a point at the instants of the grid (`GRID`).

        Before its first sample that one counts; NaN where nothing was heard of it for longer than
        it is silent while it is connected.
        """
        rows = self.rows_of(place)
        if rows.start == rows.stop:
            return np.full(GRID, np.nan)
        instants = np.arange(GRID) * _GRID_MS
        at = np.maximum(np.searchsorted(self.time_ms[rows], instants, side="right") - 1, 0)
        is_known = instants - self.time_ms[rows][at] <= self.building.longest_silence_ms[place]
        return np.where(is_known, self.value[rows][at], np.nan)

    @cached_property
    def deviations(self) -> Mapping[int, float]:
        """What each sensor that has peers deviates from them, see `peers`."""
        return deviations(self.building, self.held)

    def instant(self, time_ms: int) -> datetime:
        """Give the time that is so many milliseconds after the day's midnight."""
        midnight = datetime.combine(self.day, datetime.min.time(), UTC)
        return midnight + timedelta(milliseconds=time_ms)

    def judge_rows(self, checked: int, wrong: Mask, tell: Callable[[int], str]) -> Finding:
        """Give the finding of a check of rows; `tell` says what is wrong with one."""
        rows = np.flatnonzero(wrong)
        return Finding(
            checked=checked,
            failed=len(rows),
            violations=tuple(
                Violation(
                    subject=self.building.ids[self._point_at(row)],
                    time=self.instant(int(self.time_ms[row])),
                    what=tell(row),
                )
                for row in rows[:KEPT].tolist()
            ),
        )

    def judge_points(self, places: Ints, wrong: Mask, tell: Callable[[int], str]) -> Finding:
        """Give the finding of a check of points at `places`; `tell` takes an index of it."""
        hit = np.flatnonzero(wrong)
        return Finding(
            checked=len(places),
            failed=len(hit),
            violations=tuple(
                Violation(
                    subject=self.building.ids[int(places[index])],
                    time=self.instant(0),
                    what=tell(index),
                )
                for index in hit[:KEPT].tolist()
            ),
        )

    def judge_intervals(
        self, place: int, known: Mask, wrong: Mask, tell: Callable[[int], str]
    ) -> Finding:
        """Give the finding of a check of a point's intervals, of which some are `known`."""
        hit = np.flatnonzero(wrong & known)
        interval_ms = int(self.building.interval_ms[place])
        return Finding(
            checked=int(known.sum()),
            failed=len(hit),
            violations=tuple(
                Violation(
                    subject=self.building.ids[place],
                    time=self.instant(index * interval_ms),
                    what=tell(index),
                )
                for index in hit[:KEPT].tolist()
            ),
        )

    def _point_at(self, row: int) -> int:
        return int(self.point[np.searchsorted(self.starts, row, side="right") - 1])


def read_day(building: BuildingFacts, partition: Partition, table: pa.Table) -> DaySamples:
    """Turn the samples of a partition into arrays.

    Raises:
        DatasetError: there are samples of no point of the building.
    """
    ids, starts = point_runs(table)
    strangers = [point_id for point_id in ids if point_id not in building.position]
    if strangers:
        raise DatasetError(
            f"{partition.files[0]} has samples of {strangers[0]!r}, which is no point of "
            f"{building.id}; generate the dataset again"
        )
    midnight = datetime.combine(partition.day, datetime.min.time(), UTC)
    time_ms = table.column("time").cast(pa.int64()).to_numpy()
    return DaySamples(
        building=building,
        day=partition.day,
        index=(partition.day - building.start).days,
        point=np.array([building.position[point_id] for point_id in ids], dtype=np.int64),
        starts=starts,
        time_ms=time_ms - int(midnight.timestamp()) * 1000,
        value=table.column("value").to_numpy(),
    )
