"""Electric light complements daylight to what EN 12464-1 asks for."""

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation import lighting


def test_the_target_is_that_of_an_office():
    """EN 12464-1: 500 lx where people write and read."""
    assert lighting.TARGET_LX == 500.0


def test_light_and_daylight_together_reach_the_target():
    daylight = np.linspace(0.0, 1500.0, 50)
    level = lighting.light_level(np.ones(50), daylight)
    assert (level * lighting.TARGET_LX + daylight >= lighting.TARGET_LX - 1e-9).all()
    assert (np.diff(level) <= 0).all()
    assert level[0] == 1.0
    assert 0 < level[-1] <= 0.25  # dimmed, not off


def test_light_is_off_where_nobody_needs_it():
    assert not lighting.light_level(np.zeros(3), np.array([0.0, 100.0, 900.0])).any()
    people = np.array([[0.0, 2.0, 0.0]])
    lit = lighting.lit_spaces(people, np.array([0.0, 0.0, 1.0]), np.ones((1, 3)))
    assert lit.tolist() == [[0.0, 1.0, 1.0]]
    closed = lighting.lit_spaces(people, np.array([0.0, 0.0, 1.0]), np.zeros((1, 3)))
    assert closed.tolist() == [[0.0, 1.0, 0.0]]


def test_daylight_comes_through_windows_and_spreads_over_the_floor():
    falling = np.array([[100.0, 200.0, 400.0, 200.0]])
    facing = np.array([2, 2, 2, -1])
    window_m2, area_m2 = np.array([4.0, 8.0, 4.0, 4.0]), np.array([20.0, 20.0, 40.0, 20.0])
    (found,) = lighting.daylight(falling, facing, window_m2, area_m2)
    assert found[1] == pytest.approx(2 * found[0])
    assert found[2] == pytest.approx(found[0] / 2)
    assert found[3] == 0.0
    factor = found[0] / (110.0 * 400.0)  # of the light on the façade
    assert 0.005 < factor < 0.05  # daylight factors of side-lit rooms: 1 to 5 %
