"""Invariants of reporting: change of value, heartbeat, and gaps of communication."""

from __future__ import annotations

import math

import numpy as np

from basetype_benchmark.dataset.invariants.day import DaySamples
from basetype_benchmark.dataset.invariants.facts import LATEST_MS, BuildingFacts
from basetype_benchmark.dataset.invariants.finding import Finding, Violation, found
from basetype_benchmark.dataset.invariants.invariant import SeriesInvariant, each_day
from basetype_benchmark.dataset.simulation.arrays import DAY_MS, Array, Ints, Mask
from basetype_benchmark.dataset.simulation.faults import LONGEST_GAP_MS, SHORTEST_GAP_MS

_PART_OF_TICK = 1e-3
_DEVIATIONS = 5.0  # a fair draw is further off once in two million datasets


def _deadband(building: BuildingFacts) -> Array:
    """Least change that a point reports before its heartbeat; on event, any."""
    return np.where(building.interval_ms == 0, building.resolution, building.deadband)


def _heartbeat_ms(building: BuildingFacts) -> Ints:
    return np.where(building.heartbeat_ms == 0, DAY_MS, building.heartbeat_ms)


def _check_changes(day: DaySamples) -> Finding:
    building = day.building
    has_rule = building.is_polled & (_deadband(building) > 0)
    rows = np.zeros(len(day.value), dtype=np.bool_)
    rows[1:] = day.follows & day.spread(has_rule)[1:]
    change, gap_ms = day.change, day.gap_ms
    least = _deadband(building) - _PART_OF_TICK * building.resolution
    soonest = _heartbeat_ms(building) - LATEST_MS
    wrong = rows & (change < day.spread(least)) & (gap_ms < day.spread(soonest))
    return day.judge_rows(
        int(rows.sum()),
        wrong,
        lambda row: (
            f"{day.value[row]:g} only {change[row]:g} from {day.value[row - 1]:g}, "
            f"{gap_ms[row] / 1000:g} s before"
        ),
    )


def _is_silent(day: DaySamples) -> Mask:
    """Marks the rows that end a silence which only a gap of communication explains."""
    silent = np.zeros(len(day.value), dtype=np.bool_)
    polled = np.where(day.building.is_polled, day.building.longest_silence_ms, DAY_MS)
    silent[1:] = day.follows & (day.gap_ms > day.spread(polled))[1:]
    return silent


def _check_silences(day: DaySamples) -> Finding:
    building = day.building
    polled = day.spread(building.is_polled)
    gap_ms = day.gap_ms
    longest = day.spread(building.longest_silence_ms + LONGEST_GAP_MS)
    is_gap = (gap_ms >= SHORTEST_GAP_MS) & (gap_ms <= longest)
    wrong = _is_silent(day) & ~is_gap
    finding = day.judge_rows(
        int(polled.sum()), wrong, lambda row: f"nothing for {gap_ms[row] / 1000:g} s before"
    )
    return finding + _check_ends(day)


def _check_ends(day: DaySamples) -> Finding:
    """See that points are heard of to the end of the day."""
    building = day.building
    rest_ms = DAY_MS - day.time_ms[day.starts + day.counts - 1]
    longest = building.longest_silence_ms[day.point]
    is_gap = (rest_ms >= SHORTEST_GAP_MS) & (rest_ms <= longest + LONGEST_GAP_MS)
    wrong = building.is_polled[day.point] & (rest_ms > longest) & ~is_gap
    return day.judge_points(
        day.point, wrong, lambda i: f"nothing for {rest_ms[i] / 1000:g} s before midnight"
    )


def _check_first(day: DaySamples) -> Finding:
    building = day.building
    first_ms = np.full(len(building.ids), DAY_MS, dtype=np.int64)
    first_ms[day.point] = day.time_ms[day.starts]
    soon_ms = np.where(building.is_polled, building.read_every_ms + LATEST_MS, DAY_MS)
    wrong = first_ms >= soon_ms
    return day.judge_points(
        np.arange(len(building.ids)),
        wrong,
        lambda i: (
            "no sample all day"
            if first_ms[i] == DAY_MS
            else f"first sample {first_ms[i] / 1000:g} s after midnight, read every "
            f"{building.read_every_ms[i] / 1000:g} s"
        ),
    )


def _check_phase(day: DaySamples) -> Finding:
    """Compare each sample with the first of its point, as they lie in the interval."""
    building = day.building
    polled = day.spread(building.is_polled)
    every_ms = day.spread(building.read_every_ms)
    first_ms = np.repeat(day.time_ms[day.starts], day.counts)
    later_ms = (day.time_ms - first_ms) % every_ms
    wrong = polled & (later_ms >= LATEST_MS) & (later_ms <= every_ms - LATEST_MS)
    return day.judge_rows(
        int(polled.sum()),
        wrong,
        lambda row: (
            f"{later_ms[row] / 1000:g} s off the times at which it is read, "
            f"every {every_ms[row] / 1000:g} s"
        ),
    )


class _GapRate:
    """Counts the days on which points that would show any gap had one."""

    def __init__(self, building: BuildingFacts) -> None:
        shows = building.longest_silence_ms - LATEST_MS <= SHORTEST_GAP_MS
        self.shows = building.is_polled & shows
        self.building = building
        self.days = 0
        self.cut_off = 0

    def see(self, day: DaySamples) -> Finding:
        """Count the points with a gap."""
        silent = _is_silent(day) & day.spread(self.shows)
        if len(day.starts):
            self.cut_off += int(np.logical_or.reduceat(silent, day.starts).sum())
        self.days += int(self.shows[day.point].sum())
        return Finding()

    def end(self) -> Finding:
        """Compare with what a fair draw at the stated rate gives."""
        rate = self.building.gap_rate
        expected = rate * self.days
        allowed = _DEVIATIONS * math.sqrt(expected * (1 - rate)) + 1
        if abs(self.cut_off - expected) <= allowed:
            return Finding(checked=self.days)
        what = f"{self.cut_off} days of a point with a gap, {expected:.0f} expected of {self.days}"
        return found(self.days, [Violation(subject=self.building.id, what=what)])


NEIGHBOURS_DIFFER = SeriesInvariant(
    name="neighbours-differ-or-are-a-heartbeat-apart",
    meaning="two samples that follow each other differ by the deadband, or the second is a "
    "heartbeat late",
    begin=each_day(_check_changes),
)
SILENCES = SeriesInvariant(
    name="silences-are-communication-gaps",
    meaning="a point is silent for a heartbeat and an interval at most, or for as long as a gap "
    "of communication explains",
    begin=each_day(_check_silences),
)
GAP_RATE = SeriesInvariant(
    name="communication-gaps-are-at-the-stated-rate",
    meaning="as many points lose the connection as the manifest states, within chance",
    begin=_GapRate,
)
ON_TIME = SeriesInvariant(
    name="samples-come-when-the-point-is-read",
    meaning=f"samples of a point that is read in turn are whole intervals apart, up to "
    f"{LATEST_MS / 1000:g} s late",
    begin=each_day(_check_phase),
)
FIRST_SAMPLE = SeriesInvariant(
    name="every-point-reports-every-day",
    meaning="every point has a sample a day, and those that are read in turn one in their first "
    "interval",
    begin=each_day(_check_first),
)
