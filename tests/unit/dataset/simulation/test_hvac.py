"""What the plant holds and when: schedules, setpoints, drives."""

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation import hvac, weather
from basetype_benchmark.dataset.simulation.arrays import STEP_S, STEPS, step_hours

ORDINARY, ALWAYS = 0, 1


def test_the_plant_runs_in_the_hours_of_working_days_and_always_for_servers():
    spaces = np.array([0.0, 1.0])
    working, resting = (hvac.running(spaces, day) for day in (True, False))
    hours = step_hours()[working[:, ORDINARY] > 0]
    assert (hours.min(), hours.max() + 1 / 12) == pytest.approx((hvac.START_H, hvac.STOP_H))
    assert not resting[:, ORDINARY].any()
    assert working[:, ALWAYS].all()
    assert resting[:, ALWAYS].all()


def test_heating_is_set_back_and_cooling_set_up_while_the_plant_is_off():
    on = np.array([[0.0], [1.0]])
    heating = hvac.heating_setpoint(on, np.zeros(1), np.array([0.5]))
    cooling = hvac.cooling_setpoint(on, heating)
    assert heating[:, 0].tolist() == [hvac.SETBACK_C, hvac.COMFORT_C + 0.5]
    assert (cooling > heating).all()
    assert cooling[0, 0] > cooling[1, 0]
    assert 20 <= hvac.COMFORT_C <= 24  # category II of EN 16798-1 in winter: 20 to 24 °C


def test_capacities_are_those_of_an_office():
    """Rules of thumb (BSRIA BG 9): 70 to 100 W/m2 of heat, 60 to 120 W/m2 of cold."""
    area_m2 = np.array([1.0])
    assert 50 <= hvac.heating_capacity(area_m2)[0] <= 110
    assert 50 <= hvac.cooling_capacity(area_m2, np.zeros(1))[0] <= 130
    assert hvac.cooling_capacity(area_m2, np.array([1000.0]))[0] > 1000.0


def test_a_fan_answers_the_greatest_of_its_demands_and_rests_without_any():
    demands = (np.array([0.2, 0.0, 0.0]), np.array([0.9, 0.0, 0.0]), np.array([0.4, 0.0, 0.0]))
    speed = hvac.fan_drive(*demands, np.array([1.0, 1.0, 0.0]))
    assert speed[0] == pytest.approx(0.3 + 0.7 * 0.9)
    assert 0 < speed[1] < speed[0]
    assert speed[2] == 0.0
    full = np.ones(1)
    assert hvac.fan_drive(full, full, full, full) == pytest.approx([1.0])


def test_a_lag_comes_ever_nearer_and_forgets_where_it_began():
    target = np.full(STEPS, 7.0)
    low, high = (hvac.follow(target, start, 900.0) for start in (0.0, 14.0))
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) <= 0).all()
    assert high + low == pytest.approx(np.full(STEPS + 1, 14.0))
    assert low[12] == pytest.approx(7.0 * (1 - np.exp(-4.0)))  # an hour is four lags


def test_hot_water_is_warmer_the_colder_it_is_outdoors():
    ends = [
        hvac.hot_water(np.full(STEPS, 0.5), np.full(STEPS + 1, outdoor), 30.0)[-1]
        for outdoor in (-10.0, 0.0, 10.0, 25.0)
    ]
    assert (np.diff(ends) < 0).all()
    idle = hvac.hot_water(np.zeros(STEPS), np.zeros(STEPS + 1), 50.0)
    assert idle[-1] < ends[-1]


def test_first_order_lag_reaches_63_percent_after_its_time():
    response = hvac.follow(np.ones(STEPS), 0.0, lag_s=4 * STEP_S)
    assert response[4] == pytest.approx(1 - np.exp(-1))


def test_summer_compensation_shifts_in_half_kelvins():
    shifts = [
        hvac.summer_shift(np.full(289, mean)) for mean in (-5.0, 16.0, 19.0, 20.0, 22.0, 35.0)
    ]
    assert shifts == [0.0, 0.0, 1.0, 1.5, 2.0, 2.0]


def test_heating_curve_of_known_days():
    assert hvac.heating_curve(np.array([-20.0, -7.0, 8.0, 18.0, 30.0])) == pytest.approx(
        [60, 60, 45, 35, 35]
    )


def test_chilled_water_is_reset_while_little_is_asked_for():
    ends = [
        hvac.chilled_water(np.full(STEPS, demand), 12.0)[-1]
        for demand in (0.0, 0.04, 0.1, 0.15, 1.0)
    ]
    assert ends == pytest.approx([14.0, 12.0, 9.5, 7.0, 8.275], abs=0.01)


def test_dry_air_is_humidified_in_open_hours():
    dry, damp = np.full(STEPS + 1, 0.003), np.full(STEPS + 1, 0.009)
    moist = hvac.humidified(dry)
    noon, midnight = STEPS // 2, 0
    assert (moist[noon], moist[midnight], moist[-1]) == (0.0055, 0.003, 0.003)
    assert hvac.humidified(damp) == pytest.approx(damp)
    assert dry[noon] == 0.003
    at_5_degrees = weather.moisture(np.array(5.0), 100.0)
    assert moist[noon] == pytest.approx(float(at_5_degrees), rel=0.03)
