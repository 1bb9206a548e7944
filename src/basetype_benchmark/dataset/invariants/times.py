"""Invariants of timestamps."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.invariants.day import DaySamples
from basetype_benchmark.dataset.invariants.finding import Finding
from basetype_benchmark.dataset.invariants.invariant import SeriesInvariant, each_day
from basetype_benchmark.dataset.simulation.arrays import DAY_MS, Ints, Mask


def not_rising(times: Ints, starts: Ints) -> Mask:
    """Mark the rows that come no later than the one before them in their run."""
    late = np.zeros(len(times), dtype=np.bool_)
    late[1:] = np.diff(times) <= 0
    late[starts] = False
    return late


def out_of_day(time_ms: Ints) -> Mask:
    """Mark times after midnight that are not of the day."""
    return (time_ms < 0) | (time_ms >= DAY_MS)


def _check_times(day: DaySamples) -> Finding:
    wrong = not_rising(day.time_ms, day.starts) | out_of_day(day.time_ms)
    return day.judge_rows(len(wrong), wrong, lambda row: _tell(day, row))


def _tell(day: DaySamples, row: int) -> str:
    if not 0 <= day.time_ms[row] < DAY_MS:
        return f"is not in the day {day.day} of its file"
    return f"comes after a sample of {day.instant(int(day.time_ms[row - 1])):%H:%M:%S.%f}"[:-3]


TIMES_RISE = SeriesInvariant(
    name="times-rise-within-the-day",
    meaning="times of a point rise strictly, to the millisecond, and lie in the day of their file",
    begin=each_day(_check_times),
)
