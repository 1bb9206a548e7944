"""Invariants of counters."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.invariants.day import DaySamples
from basetype_benchmark.dataset.invariants.facts import BuildingFacts
from basetype_benchmark.dataset.invariants.finding import Finding
from basetype_benchmark.dataset.invariants.intervals import in_intervals
from basetype_benchmark.dataset.invariants.invariant import SeriesInvariant
from basetype_benchmark.dataset.model import Behaviour, Role, Signal

_ROUNDING = 0.01  # of a tick: doubles of many ticks


class _NeverFall:
    """Keeps the last value of each counter over midnight."""

    def __init__(self, building: BuildingFacts) -> None:
        self.is_counter = building.of_signal(Signal.COUNTER)
        self.last = np.full(len(building.ids), -np.inf)

    def see(self, day: DaySamples) -> Finding:
        """Compare each value with the one before it."""
        before = np.empty(len(day.value))
        before[1:] = day.value[:-1]
        before[day.starts] = self.last[day.point]
        rows = day.spread(self.is_counter)
        wrong = rows & (day.value < before)
        ends = day.starts + day.counts - 1
        self.last[day.point] = day.value[ends]
        return day.judge_rows(
            int(rows.sum()), wrong, lambda row: f"{day.value[row]:.12g} after {before[row]:.12g}"
        )

    def end(self) -> Finding:
        """Have nothing to add."""
        return Finding()


class _Agree:
    """Keeps, for each pair of counter and interval, what the counter must show at midnight."""

    def __init__(self, building: BuildingFacts) -> None:
        totals = building.by_owner(Behaviour.ENERGY_TOTAL, Role.METER)
        sums = building.by_owner(Behaviour.ENERGY_INTERVAL, Role.METER)
        self.pairs = [
            (totals[owner], sums[owner])
            for owner in sorted(totals.keys() & sums.keys())
            if building.interval_ms[totals[owner]] == building.interval_ms[sums[owner]]
        ]
        self.next = np.full(len(self.pairs), np.nan)

    def see(self, day: DaySamples) -> Finding:
        """Compare each step of a counter with the energy of the interval."""
        result = Finding()
        for number, pair in enumerate(self.pairs):
            result += self._see_pair(day, number, *pair)
        return result

    def _see_pair(self, day: DaySamples, number: int, total: int, part: int) -> Finding:
        counter, energy = in_intervals(day, total), in_intervals(day, part)
        expected = np.append(self.next[number], counter[:-1] + energy[:-1])
        self.next[number] = counter[-1] + energy[-1]
        building = day.building
        allowed = (building.resolution[total] + building.resolution[part]) / 2
        wrong = np.abs(counter - expected) > allowed * (1 + _ROUNDING)
        return day.judge_intervals(
            total,
            np.isfinite(counter - expected),
            wrong,
            lambda i: (
                f"{counter[i]:.12g} where counter and interval before give {expected[i]:.12g}"
            ),
        )

    def end(self) -> Finding:
        """Have nothing to add."""
        return Finding()


COUNTERS_NEVER_FALL = SeriesInvariant(
    name="counters-never-fall",
    meaning="no counter shows less than it did before, on the same day or the one before",
    begin=_NeverFall,
)
COUNTERS_AGREE = SeriesInvariant(
    name="counters-agree-with-intervals",
    meaning="an energy counter rises from interval to interval, also over midnight, by the energy "
    "of the interval",
    begin=_Agree,
)
