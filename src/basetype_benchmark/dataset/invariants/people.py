"""Invariants of people: they come on working days, and badge when they do."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.invariants.day import GRID, DaySamples
from basetype_benchmark.dataset.invariants.facts import BuildingFacts
from basetype_benchmark.dataset.invariants.finding import Finding, Violation, found
from basetype_benchmark.dataset.invariants.invariant import SeriesInvariant
from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation.calendar import is_working_day

_HOUR = GRID // 24
_HOUR_MS = 3_600_000
_BUSY = slice(7 * _HOUR, 19 * _HOUR)
_BUSY_MS = (7 * _HOUR_MS, 19 * _HOUR_MS)
_BUSIER = 3.0
_BADGED_WHEN_BUSY = 0.8
_NIGHTLY = 2  # of a reader: the round of the watch, and somebody late
_MOST_DENIED = 0.15
_LEAST_PEOPLE = 4000  # fewer is a building of a few desks, where one who stays late is many
_LEAST_BADGES = 60  # of fewer, so many are denied by chance


class _Come:
    """Keeps how many people were counted on working days, and on others."""

    def __init__(self, building: BuildingFacts) -> None:
        self.id = building.id
        self.counters = np.flatnonzero(building.having(Behaviour.PEOPLE_COUNT)).tolist()
        self.people = {True: 0.0, False: 0.0}
        self.days = {True: 0, False: 0}

    def see(self, day: DaySamples) -> Finding:
        """Count the people of a day."""
        if self.counters:
            kind = is_working_day(day.day)
            shown = [float(np.nansum(day.held(place)[_BUSY])) for place in self.counters]
            self.people[kind] += sum(shown)
            self.days[kind] += 1
        return Finding()

    def end(self) -> Finding:
        """Compare the two kinds of day, where there are both and enough people."""
        if not all(self.days.values()) or sum(self.people.values()) < _LEAST_PEOPLE:
            return Finding()
        worked, rested = (self.people[kind] / self.days[kind] for kind in (True, False))
        if worked > _BUSIER * rested:
            return found(2, [])
        what = f"{worked:.0f} people on a working day and {rested:.0f} on others, summed over "
        return found(2, [Violation(subject=self.id, what=what + "five-minute counts")])


class _Badge:
    """Counts the badge events of working days: when they are, and how many are denied."""

    def __init__(self, building: BuildingFacts) -> None:
        self.building = building
        self.nightly = 0
        self.events = 0
        self.busy = 0
        self.denied = 0

    def see(self, day: DaySamples) -> Finding:
        """Count the events of a day."""
        if is_working_day(day.day):
            rows = day.spread(self.building.is_badge)
            times, values = day.time_ms[rows], day.value[rows]
            self.nightly += _NIGHTLY * int(self.building.is_badge.sum())
            self.events += len(times)
            self.busy += int(((times >= _BUSY_MS[0]) & (times < _BUSY_MS[1])).sum())
            self.denied += int((values == 0).sum())
        return Finding()

    def end(self) -> Finding:
        """Find events out of hours, and doors that let nobody in, where there are enough events."""
        if self.events < _LEAST_BADGES:
            return Finding()
        wrong = []
        if self.busy < _BADGED_WHEN_BUSY * self.events - self.nightly:
            what = f"{self.busy} of {self.events} badge events are between 7 and 19 h"
            wrong.append(Violation(subject=self.building.id, what=what))
        if self.denied > _MOST_DENIED * self.events:
            what = f"{self.denied} of {self.events} badges are denied"
            wrong.append(Violation(subject=self.building.id, what=what))
        return found(self.events, wrong)


PEOPLE_COME = SeriesInvariant(
    name="people-come-on-working-days",
    meaning=f"more than {_BUSIER:g} times as many people are there on working days as on others, "
    f"of {_LEAST_PEOPLE} five-minute counts and more",
    begin=_Come,
)
BADGES_FOLLOW = SeriesInvariant(
    name="badges-follow-the-people",
    meaning=f"{_BADGED_WHEN_BUSY:.0%} of the badge events of working days are between 7 and 19 h, "
    f"but for {_NIGHTLY} a night of each reader, and {_MOST_DENIED:.0%} are denied at most, "
    f"of {_LEAST_BADGES} events and more",
    begin=_Badge,
)
