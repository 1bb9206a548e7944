"""Domestic water against published use, and the counter against the flow."""

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation import water


def test_an_office_worker_draws_some_forty_litres_a_day():
    """CIBSE Guide G: 40 to 45 l a person and day, without canteen."""
    litres = 1000 * float(water.volume_m3(np.array(9.0), np.array(0.0)))
    assert litres == pytest.approx(40.0, rel=0.15)


def test_the_counter_is_the_integral_of_what_people_draw():
    people = np.array([0.0, 12.0, 30.0, 4.0])
    hours = 0.25
    drawn = (water.draw_m3_h(people) * hours).sum()
    counted = water.volume_m3((people * hours).sum(), 0.0) - water.volume_m3(0.0, 0.0)
    assert drawn == pytest.approx(float(counted))


def test_a_building_drips_while_nobody_is_there():
    dripped = float(water.volume_m3(np.array(0.0), np.array(1.0)))
    assert 0 < dripped < 0.5
    assert water.drip_m3_h(np.array([True, False])) * 24 == pytest.approx([dripped, 0.0])


def test_a_tank_is_never_warmer_than_rated_nor_below_what_kills_legionella():
    """Stored above 50 °C everywhere (French order of 30 November 2005: 55 °C at the outlet)."""
    found = water.tank_temperature(np.full(5, 58.0), np.array([0.0, 0.2, 0.5, 1.0, 3.0]))
    assert found.max() == 58.0
    assert found.min() >= 50.0
    assert (np.diff(found) <= 0).all()
