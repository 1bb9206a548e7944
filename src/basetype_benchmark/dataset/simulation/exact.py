"""Values that are exact at full intervals: energy counters and the carbon of the grid."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation.arrays import DAY_MS, Array, Ints
from basetype_benchmark.dataset.simulation.day import Day
from basetype_benchmark.dataset.simulation.points import Points
from basetype_benchmark.dataset.simulation.power import INTERVAL_S

EXACT = frozenset({Behaviour.ENERGY_INTERVAL, Behaviour.ENERGY_TOTAL, Behaviour.CARBON_INTENSITY})
_HOUR_MS = 3_600_000


def exact_values(
    day: Day, points: Points, group: Ints, *, times_ms: Ints, interval_ms: int
) -> Array:
    """Values of points of one behaviour in `EXACT`, unrounded (points x samples)."""
    behaviour = points.behaviours[int(group[0])]
    if behaviour is Behaviour.CARBON_INTENSITY:
        return np.repeat(day.carbon[None, times_ms // _HOUR_MS], len(group), axis=0)
    node = points.node[group]
    before = _counter(day, node, times_ms)
    if behaviour is Behaviour.ENERGY_TOTAL:
        return np.asarray((day.start.energy_kwh[node] + before).T)
    return np.asarray((_counter(day, node, times_ms + interval_ms) - before).T)


def _counter(day: Day, node: Ints, times_ms: Ints) -> Array:
    """Energy since midnight at times of the day in kWh, linear within 15 minutes."""
    energy = np.where(node >= 0, day.energy_kwh[:, np.maximum(node, 0)], 0.0)
    count = np.vstack([np.zeros(len(node)), np.cumsum(energy, axis=0)])
    position = np.minimum(times_ms, DAY_MS) / (INTERVAL_S * 1000)
    row = np.minimum(position.astype(np.int64), len(count) - 2)
    share = (position - row)[:, None]
    return np.asarray(count[row] * (1 - share) + count[row + 1] * share)
