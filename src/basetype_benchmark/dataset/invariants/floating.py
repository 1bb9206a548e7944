"""Invariants of planted floating inputs: data-quality questions must find them."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.invariants.bounds import bounds_of
from basetype_benchmark.dataset.invariants.day import DaySamples
from basetype_benchmark.dataset.invariants.facts import BuildingFacts
from basetype_benchmark.dataset.invariants.finding import Finding, Violation, found
from basetype_benchmark.dataset.invariants.invariant import SeriesInvariant
from basetype_benchmark.dataset.manifest import FaultKind
from basetype_benchmark.dataset.model import Role, Signal
from basetype_benchmark.dataset.simulation.arrays import Array

TOP = 20
"""Sensors that question Q7 lists."""

MORE_SAMPLES_THAN = 100
LARGER_MEAN_THAN = 0.001


class _Leave:
    """Looks for each floating input outside the bounds of its quantity, every day."""

    def __init__(self, building: BuildingFacts) -> None:
        self.least, self.most = bounds_of(building)
        self.places = _floating(building)
        self.ids = building.ids

    def see(self, day: DaySamples) -> Finding:
        """Find those that are inside all day."""
        still = [place for place in self.places if not self._is_outside(day.series(place), place)]
        tell = "floats, but all its values are between {:g} and {:g}"
        return found(
            len(self.places),
            [
                Violation(
                    subject=self.ids[place],
                    time=day.instant(0),
                    what=tell.format(self.least[place], self.most[place]),
                )
                for place in still
            ],
        )

    def end(self) -> Finding:
        """Have nothing to add."""
        return Finding()

    def _is_outside(self, values: Array, place: int) -> bool:
        return bool(((values < self.least[place]) | (values > self.most[place])).any())


class _VaryMost:
    """Adds up mean and variance of all analog sensors, as question Q7 ranks them."""

    def __init__(self, building: BuildingFacts) -> None:
        self.building = building
        sensor = np.array([role == Role.SENSOR for role in building.roles], dtype=np.bool_)
        self.ranked = sensor & building.of_signal(Signal.ANALOG)
        self.sums = np.zeros((3, len(building.ids)))

    def see(self, day: DaySamples) -> Finding:
        """Add a day."""
        if len(day.starts):
            terms = (np.ones_like(day.value), day.value, day.value**2)
            for row, term in zip(self.sums, terms, strict=True):
                row[day.point] += np.add.reduceat(term, day.starts)
        return Finding()

    def end(self) -> Finding:
        """Find the floating inputs that steadier sensors outrank."""
        places = _floating(self.building)
        spread = self._relative_variance()
        order = np.argsort(-spread, kind="stable")
        top = set(order[: max(TOP, len(places))].tolist())
        missing = [place for place in places if place not in top or not spread[place] > 0]
        return found(
            len(places),
            [
                Violation(
                    subject=self.building.ids[place],
                    what=f"floats, but its relative variance of {spread[place]:.3g} is not among "
                    f"the {TOP} greatest",
                )
                for place in missing
            ],
        )

    def _relative_variance(self) -> Array:
        """Variance by the square of the mean; 0 of what Q7 does not rank."""
        count, total, squares = self.sums
        mean = total / np.maximum(count, 1)
        is_ranked = self.ranked & (count > MORE_SAMPLES_THAN) & (np.abs(mean) > LARGER_MEAN_THAN)
        variance = np.maximum(squares / np.maximum(count, 1) - mean**2, 0)
        return np.where(is_ranked, variance / np.where(is_ranked, mean, 1.0) ** 2, 0.0)


def _floating(building: BuildingFacts) -> list[int]:
    return [p for p, fault in building.planted.items() if fault.kind is FaultKind.FLOATING]


FLOATING_LEAVE = SeriesInvariant(
    name="floating-sensors-leave-the-bounds",
    meaning="each sensor planted with an open input shows what its quantity cannot have",
    begin=_Leave,
)
FLOATING_VARY = SeriesInvariant(
    name="floating-sensors-vary-most",
    meaning=f"each sensor planted with an open input is among the {TOP} of its building that vary "
    "most relative to their mean, as question Q7 ranks them",
    begin=_VaryMost,
)
