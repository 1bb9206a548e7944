"""What counters have counted since the epoch, carried from midnight to midnight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import STEP_S, STEPS, Array, Mask, quantised

_STEP_H = STEP_S / 3600
_INTERVALS_PER_H = 4


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Sums since the epoch, but for the peak of the month.

    `movements`, `person_hours` and `heating_hours` (at full demand) by context; `running_steps`,
    `starts` and `was_running` at midnight by equipment; `peak_kw` by electric node.
    """

    movements: Array
    person_hours: Array
    heating_hours: Array
    running_steps: Array
    starts: Array
    was_running: Mask
    peak_kw: Array

    def after(
        self,
        *,
        movements: Array,
        people: Array,
        heating: Array,
        running: Mask,
        energy_kwh: Array,
        tomorrow: date,
    ) -> Totals:
        """Add a day: what moved, who was there, what ran, the energy of each 15 minutes."""
        peak_kw = quantised(_INTERVALS_PER_H * energy_kwh.max(axis=0, initial=0.0))
        return Totals(
            movements=self.movements + movements[:STEPS].sum(axis=0),
            person_hours=quantised(self.person_hours + _STEP_H * people[:STEPS].sum(axis=0)),
            heating_hours=quantised(self.heating_hours + _STEP_H * heating[:STEPS].sum(axis=0)),
            running_steps=self.running_steps + running.sum(axis=0),
            starts=self.starts + starts_during(self.was_running, running).sum(axis=0),
            was_running=running[-1],
            peak_kw=np.zeros_like(peak_kw)
            if tomorrow.day == 1
            else np.maximum(self.peak_kw, peak_kw),
        )


def no_totals(*, contexts: int, equipment: int, nodes: int) -> Totals:
    """Give counters that have counted nothing."""
    return Totals(
        movements=np.zeros(contexts),
        person_hours=np.zeros(contexts),
        heating_hours=np.zeros(contexts),
        running_steps=np.zeros(equipment),
        starts=np.zeros(equipment),
        was_running=np.zeros(equipment, dtype=np.bool_),
        peak_kw=np.zeros(nodes),
    )


def starts_during(was_running: Mask, running: Mask) -> Mask:
    """In which steps each equipment starts, given whether it ran before the first."""
    before = np.vstack([was_running[None, :], running[:-1]])
    return np.asarray(running & ~before)


def counted(before: Array, steps: Array | Mask) -> Array:
    """Counter at the instants of a day: what it had at midnight and what the steps add."""
    zero = np.zeros((1, steps.shape[1]))
    return np.asarray(before[None, :] + np.vstack([zero, np.cumsum(steps, axis=0)]))
