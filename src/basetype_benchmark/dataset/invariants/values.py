"""Invariants of single values: what can be written, and what can be."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.invariants.bounds import bounds_of
from basetype_benchmark.dataset.invariants.day import DaySamples
from basetype_benchmark.dataset.invariants.facts import BuildingFacts
from basetype_benchmark.dataset.invariants.finding import Finding
from basetype_benchmark.dataset.invariants.invariant import SeriesInvariant, each_day
from basetype_benchmark.dataset.simulation.arrays import Mask

_PART_OF_TICK = 1e-3  # a counter of 1e9 ticks is a double with 1e-7 of a tick


def _check_resolution(day: DaySamples) -> Finding:
    ticks = day.value / day.spread(day.building.resolution)
    wrong = ~(np.abs(ticks - np.rint(ticks)) < _PART_OF_TICK)
    resolution = day.spread(day.building.resolution)
    return day.judge_rows(
        len(wrong),
        wrong,
        lambda row: f"{float(day.value[row])!r} is no multiple of {resolution[row]:g}",
    )


class _Bounds:
    """Compares the least and the greatest value of each point and day with its bounds."""

    def __init__(self, building: BuildingFacts) -> None:
        self.least, self.most = bounds_of(building)
        self.is_free = building.is_planted  # no physics binds what is wrong on purpose

    def see(self, day: DaySamples) -> Finding:
        """Compare a day."""
        if not len(day.starts):
            return Finding()
        wrong = self._outside(day) & ~self.is_free[day.point]
        return day.judge_points(
            day.point, wrong, lambda index: self._tell(day, int(day.point[index]))
        )

    def end(self) -> Finding:
        """Have nothing to add."""
        return Finding()

    def _outside(self, day: DaySamples) -> Mask:
        low = np.minimum.reduceat(day.value, day.starts)
        high = np.maximum.reduceat(day.value, day.starts)
        return ~((low >= self.least[day.point]) & (high <= self.most[day.point]))

    def _tell(self, day: DaySamples, place: int) -> str:
        values = day.series(place)
        least, most = self.least[place], self.most[place]
        wrong = values[~((values >= least) & (values <= most))][0]
        return f"{wrong:g} is not between {least:g} and {most:g}"


RESOLUTION = SeriesInvariant(
    name="values-are-multiples-of-the-resolution",
    meaning="every value is a whole number of times the resolution of its point",
    begin=each_day(_check_resolution),
)
BOUNDS = SeriesInvariant(
    name="values-are-within-physical-bounds",
    meaning="every value is finite and one that its quantity can have, but for planted faults",
    begin=_Bounds,
)
