"""Servers: how busy they are, what they take, and how warm they get."""

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation import it
from basetype_benchmark.dataset.simulation.arrays import STEPS


def load(day: int, working: bool = True) -> np.ndarray:
    return it.device_load(9, "b01", day, 40, working)


def test_an_idle_server_takes_close_to_half_of_its_rated_power():
    """Barroso and Hoelzle, The case for energy-proportional computing (2007)."""
    idle, full = it.power_share(np.array([0.0, 1.0]))
    assert idle == pytest.approx(0.5, abs=0.1)
    assert full == pytest.approx(1.0)


def test_load_is_a_share_and_goes_on_over_midnight():
    assert load(3).min() > 0
    assert load(3).max() <= 1
    assert load(4)[0] == pytest.approx(load(3)[-1], abs=1e-6)


def test_load_is_higher_in_business_hours_and_in_the_nightly_batch():
    hours = load(3)[:STEPS].mean(axis=1).reshape(24, -1).mean(axis=1)
    assert hours[13] > hours[5] + 0.15
    assert hours[2] > hours[5] + 0.05
    assert load(3).mean() > load(3, working=False).mean() + 0.05


def test_inlet_air_is_near_that_of_the_room():
    """Recommended inlet 18 to 27 °C (ASHRAE TC 9.9) in a room of 22 °C at any load."""
    inlet = it.rack_inlet(np.full(11, 22.0), np.linspace(0, 1, 11))
    assert (np.diff(inlet) > 0).all()
    assert inlet.min() >= 18
    assert inlet.max() <= 27


def test_a_casing_shows_its_nominal_temperature_at_half_load():
    assert it.casing_temperature(np.array(22.0), np.array(35.0), np.array(0.5)) == pytest.approx(35)
    assert it.casing_temperature(np.array(30.0), np.array(35.0), np.array(0.5)) == pytest.approx(43)
