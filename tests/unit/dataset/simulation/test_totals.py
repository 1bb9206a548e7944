"""Counters go on over midnight where they were, and the peak begins anew each month."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation.arrays import STEP_S, STEPS
from basetype_benchmark.dataset.simulation.totals import (
    Totals,
    counted,
    no_totals,
    starts_during,
)

RUNS_AT_DAY = np.zeros((STEPS, 1), dtype=np.bool_)
RUNS_AT_DAY[100:200] = True


def after(totals: Totals, tomorrow: date, peak_kwh: float = 2.0) -> Totals:
    energy = np.full((96, 1), 1.0)
    energy[40] = peak_kwh
    return totals.after(
        movements=np.full((STEPS + 1, 2), 3.0),
        people=np.full((STEPS + 1, 2), 6.0),
        heating=np.full((STEPS + 1, 2), 0.25),
        running=RUNS_AT_DAY,
        energy_kwh=energy,
        tomorrow=tomorrow,
    )


def test_a_day_is_added_once():
    one = after(no_totals(contexts=2, equipment=1, nodes=1), date(2024, 1, 2))
    two = after(one, date(2024, 1, 3))
    assert one.movements.tolist() == [3.0 * STEPS] * 2
    assert one.person_hours == pytest.approx([144.0] * 2)
    assert one.heating_hours == pytest.approx([6.0] * 2)
    assert (one.running_steps[0] * STEP_S / 3600, one.starts[0]) == pytest.approx((100 / 12, 1))
    for name in ("movements", "person_hours", "heating_hours", "running_steps", "starts"):
        assert getattr(two, name) == pytest.approx(2 * getattr(one, name))


def test_peak_demand_is_the_greatest_of_the_month():
    january = after(no_totals(contexts=2, equipment=1, nodes=1), date(2024, 1, 2))
    assert january.peak_kw.tolist() == [8.0]  # 2 kWh in a quarter of an hour
    assert after(january, date(2024, 1, 3), peak_kwh=1.5).peak_kw.tolist() == [8.0]
    assert after(january, date(2024, 1, 3), peak_kwh=3.0).peak_kw.tolist() == [12.0]
    assert after(january, date(2024, 2, 1)).peak_kw.tolist() == [0.0]


def test_what_runs_over_midnight_starts_once():
    before_midnight, always = np.array([True]), np.ones((STEPS, 1), dtype=np.bool_)
    assert not starts_during(before_midnight, always).any()
    assert starts_during(~before_midnight, always).sum() == 1
    assert np.flatnonzero(starts_during(before_midnight, RUNS_AT_DAY)).tolist() == [100]


def test_a_counter_ends_the_day_with_what_the_next_begins_with():
    totals = no_totals(contexts=1, equipment=1, nodes=1)
    totals = replace(totals, running_steps=np.array([500.0]))
    shown = counted(totals.running_steps, RUNS_AT_DAY)
    assert shown[0, 0] == 500.0
    assert shown[-1, 0] == 600.0
    assert (np.diff(shown[:, 0]) >= 0).all()
