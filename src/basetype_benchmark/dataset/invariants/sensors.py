"""Invariants of sensors that look at the same thing: they agree, but for planted faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from basetype_benchmark.dataset.invariants.day import DaySamples
from basetype_benchmark.dataset.invariants.facts import BuildingFacts
from basetype_benchmark.dataset.invariants.finding import Finding, Violation, found
from basetype_benchmark.dataset.invariants.invariant import SeriesCheck, SeriesInvariant
from basetype_benchmark.dataset.invariants.peers import TOLERANCE
from basetype_benchmark.dataset.manifest import FaultKind, SensorFault
from basetype_benchmark.dataset.model import Behaviour

DRIFT_DAYS = 5
"""Days after which a drift is told from the noise of daily means."""


@dataclass(frozen=True, kw_only=True)
class _Deviation:
    """What a sensor deviates from its peers over some days, and its change in a day."""

    behaviour: Behaviour
    fault: SensorFault | None
    mean: float
    slope: float

    @property
    def tolerance(self) -> float:
        """What a sound sensor deviates at most."""
        return TOLERANCE[self.behaviour]


@dataclass(frozen=True)
class _Peers:
    """Adds up what sensors with one kind of fault (None: with none) deviate, and judges it.

    `judge` says what is wrong with a deviation, or nothing. Of less than `least_days` nothing is
    said.
    """

    building: BuildingFacts
    kind: FaultKind | None
    judge: Callable[[_Deviation], str]
    least_days: int
    sums: dict[int, np.ndarray]

    def see(self, day: DaySamples) -> Finding:
        """Add a day."""
        planted = self.building.planted
        for place, mean in day.deviations.items():
            if (planted[place].kind if place in planted else None) is self.kind:
                x = day.index
                terms = np.array([1.0, x, x * x, mean, x * mean])
                self.sums[place] = self.sums.get(place, np.zeros(5)) + terms
        return Finding()

    def end(self) -> Finding:
        """Judge each sensor."""
        judged = {p: sums for p, sums in self.sums.items() if sums[0] >= self.least_days}
        told = {place: self.judge(self._fit(place, sums)) for place, sums in judged.items()}
        ids = self.building.ids
        wrong = [Violation(subject=ids[p], what=what) for p, what in sorted(told.items()) if what]
        return found(len(judged), wrong)

    def _fit(self, place: int, sums: np.ndarray) -> _Deviation:
        """Fit a line through the days by least squares."""
        count, x, xx, y, xy = sums.tolist()
        spread = count * xx - x * x
        return _Deviation(
            behaviour=self.building.behaviours[place],
            fault=self.building.planted.get(place),
            mean=y / count,
            slope=(count * xy - x * y) / spread if spread else 0.0,
        )


def _agrees(sensor: _Deviation) -> str:
    if abs(sensor.mean) <= sensor.tolerance:
        return ""
    return f"deviates by {sensor.mean:.3g} from its peers, {sensor.tolerance:g} at most"


def _is_biased(sensor: _Deviation) -> str:
    amount = sensor.fault.amount if sensor.fault else 0.0
    if abs(sensor.mean - amount) <= sensor.tolerance < abs(amount):
        return ""
    return f"deviates by {sensor.mean:.3g} from its peers, planted was {amount:g}"


def _drifts(sensor: _Deviation) -> str:
    amount = sensor.fault.amount if sensor.fault else 0.0
    if abs(sensor.slope - amount) <= abs(amount) / 2:
        return ""
    return f"drifts by {sensor.slope:.3g} a day from its peers, planted was {amount:g}"


def _begin(
    kind: FaultKind | None, judge: Callable[[_Deviation], str], least_days: int = 1
) -> Callable[[BuildingFacts], SeriesCheck]:
    return lambda building: _Peers(building, kind, judge, least_days, {})


SENSORS_AGREE = SeriesInvariant(
    name="sensors-agree-with-their-peers",
    meaning="sensors of the same air or water show the same within their tolerance, but for "
    "planted faults",
    begin=_begin(None, _agrees),
)
BIASED_DEVIATE = SeriesInvariant(
    name="biased-sensors-deviate",
    meaning="each sensor planted with a bias deviates by it from its peers, where it has any",
    begin=_begin(FaultKind.BIAS, _is_biased),
)
DRIFTING_DRIFT = SeriesInvariant(
    name="drifting-sensors-drift",
    meaning="each sensor planted with a drift drifts by it from its peers, where it has any, over "
    f"{DRIFT_DAYS} days and more",
    begin=_begin(FaultKind.DRIFT, _drifts, DRIFT_DAYS),
)
