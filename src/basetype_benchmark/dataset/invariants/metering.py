"""Invariants of the meters."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.invariants.day import DaySamples
from basetype_benchmark.dataset.invariants.facts import BuildingFacts, Meter
from basetype_benchmark.dataset.invariants.finding import Finding, Violation, found
from basetype_benchmark.dataset.invariants.intervals import in_intervals
from basetype_benchmark.dataset.invariants.invariant import SeriesInvariant, each_day
from basetype_benchmark.dataset.model import Behaviour, Role
from basetype_benchmark.dataset.simulation.arrays import DAY_MS, Array

_HOUR_MS = 3_600_000
_ROUNDING = 0.01  # of a tick


def _check_tree(day: DaySamples) -> Finding:
    energy = day.building.by_owner(Behaviour.ENERGY_INTERVAL, Role.METER)
    result = Finding()
    for meter in day.building.meters:
        if all(node in energy for node in (meter.id, *meter.children)):
            result += _check_node(day, meter, energy)
    return result


def _check_node(day: DaySamples, meter: Meter, energy: dict[str, int]) -> Finding:
    """Compare a meter with its children, which are rounded to ticks as it is itself."""
    own = energy[meter.id]
    shown = in_intervals(day, own)
    below: Array = np.sum([in_intervals(day, energy[child]) for child in meter.children], axis=0)
    expected = below * (1 + meter.loss_fraction)
    wrong = np.abs(shown - expected) > day.building.resolution[own] * (0.5 + _ROUNDING)
    return day.judge_intervals(
        own,
        np.isfinite(shown - expected),
        wrong,
        lambda i: f"{shown[i]:.10g} kWh where sub-meters and losses give {expected[i]:.10g}",
    )


def _check_power(day: DaySamples) -> Finding:
    building = day.building
    energy = building.by_owner(Behaviour.ENERGY_INTERVAL, Role.METER)
    power = building.by_owner(Behaviour.ACTIVE_POWER, Role.METER)
    result = Finding()
    for owner in sorted(energy.keys() & power.keys()):
        if building.interval_ms[energy[owner]] == building.interval_ms[power[owner]]:
            result += _check_meter_power(day, energy[owner], power[owner])
    return result


def _check_meter_power(day: DaySamples, energy: int, power: int) -> Finding:
    building = day.building
    hours = float(building.interval_ms[energy]) / _HOUR_MS
    shown, taken = in_intervals(day, power), in_intervals(day, energy)
    allowed = (building.resolution[power] * hours + building.resolution[energy]) / 2
    wrong = np.abs(shown * hours - taken) > allowed * (1 + _ROUNDING)
    return day.judge_intervals(
        power,
        np.isfinite(shown - taken),
        wrong,
        lambda i: f"{shown[i]:.10g} kW on a quarter of an hour that took {taken[i]:.10g} kWh",
    )


class _Measure:
    """Keeps the energy that each meter has shown."""

    def __init__(self, building: BuildingFacts) -> None:
        self.energy = building.by_owner(Behaviour.ENERGY_INTERVAL, Role.METER)
        self.sums = dict.fromkeys(self.energy, 0.0)

    def see(self, day: DaySamples) -> Finding:
        """Add up a day."""
        for owner, place in self.energy.items():
            self.sums[owner] += float(day.series(place).sum())
        return Finding()

    def end(self) -> Finding:
        """Find the meters that have shown nothing."""
        idle = [owner for owner, total in self.sums.items() if not total > 0]
        return found(
            len(self.sums),
            [Violation(subject=owner, what="has measured no energy at all") for owner in idle],
        )


def _check_presence(day: DaySamples) -> Finding:
    """Count the samples at full intervals of what must have one at each."""
    building = day.building
    places = np.flatnonzero(building.is_exact)
    expected = DAY_MS // building.interval_ms[places]
    aligned = day.time_ms % day.spread(np.maximum(building.interval_ms, 1)) == 0
    have = np.zeros(len(building.ids), dtype=np.int64)
    total = np.zeros(len(building.ids), dtype=np.int64)
    if len(day.starts):
        have[day.point] = np.add.reduceat(aligned, day.starts, dtype=np.int64)
        total[day.point] = day.counts
    wrong = (have[places] != expected) | (total[places] != expected)
    return day.judge_points(
        places,
        wrong,
        lambda i: (
            f"{have[places[i]]} samples at full intervals and "
            f"{total[places[i]] - have[places[i]]} at other times, of {expected[i]} expected"
        ),
    )


TREE_BALANCES = SeriesInvariant(
    name="meter-tree-balances",
    meaning="in every interval a meter shows the sum of its sub-meters and its declared losses",
    begin=each_day(_check_tree),
)
POWER_AGREES = SeriesInvariant(
    name="power-agrees-with-energy",
    meaning="the active power of a meter times the interval is the energy of the interval",
    begin=each_day(_check_power),
)
METERS_MEASURE = SeriesInvariant(
    name="every-meter-measures-something",
    meaning="no meter shows zero energy over the whole dataset",
    begin=_Measure,
)
METERS_REPORT = SeriesInvariant(
    name="meters-report-every-interval",
    meaning="points of meters and the grid's carbon intensity have one sample at the start of "
    "every interval, and no other",
    begin=each_day(_check_presence),
)
