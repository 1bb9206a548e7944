"""Alarms are raised at their rate, last for a while, and over midnight."""

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation.alarms import alarm_states
from basetype_benchmark.dataset.simulation.arrays import STEP_S, STEPS
from basetype_benchmark.dataset.streams import stream

COUNT = 20_000


def states(day: int) -> np.ndarray:
    return alarm_states(stream(2, "alarms", day - 1), stream(2, "alarms", day), COUNT)


def test_four_alarms_of_a_hundred_are_raised_on_a_day():
    rises = (np.diff(states(5), axis=0) > 0).sum()
    assert rises / COUNT == pytest.approx(0.04, rel=0.1)


def test_alarms_last_from_ten_minutes_to_four_hours():
    found = np.vstack([states(5), states(6)])
    edges = np.diff(found, axis=0, prepend=0, append=0)
    begin, alarm = np.nonzero(edges.T > 0)[::-1], np.nonzero(edges.T > 0)[0]
    end = np.nonzero(edges.T < 0)[1]
    whole = (begin[0] > 0) & (end < 2 * STEPS)
    hours = (end - begin[0])[whole] * STEP_S / 3600
    assert len(alarm) == len(end)
    assert hours.min() >= 1 / 6
    assert np.median(hours) == pytest.approx(2.08, abs=0.2)
    assert np.quantile(hours, 0.99) <= 4.01


def test_an_alarm_at_midnight_is_the_same_on_both_days():
    today, tomorrow = states(5)[-1], states(6)[0]
    assert today.sum() > 20
    kept = (today * tomorrow).sum()
    assert kept / today.sum() > 0.9
    assert (tomorrow * (1 - today)).sum() == 0
