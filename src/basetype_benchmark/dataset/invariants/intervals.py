"""Series that have a value for every interval of the day."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.invariants.day import DaySamples
from basetype_benchmark.dataset.simulation.arrays import DAY_MS, Array


def in_intervals(day: DaySamples, place: int) -> Array:
    """Values of a point for each of its intervals; NaN where none has the interval's time."""
    interval_ms = int(day.building.interval_ms[place])
    rows = day.rows_of(place)
    values = np.full(DAY_MS // interval_ms, np.nan)
    number, rest = np.divmod(day.time_ms[rows], interval_ms)
    fits = (rest == 0) & (number >= 0) & (number < len(values))
    values[number[fits]] = day.value[rows][fits]
    return values
