"""The models, each on its own, against published or hand-worked figures."""

from datetime import date

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation import calendar, hvac, power, weather, zones
from basetype_benchmark.dataset.simulation.access import badge_events
from basetype_benchmark.dataset.simulation.arrays import STEP_S, STEPS, instant_hours
from basetype_benchmark.dataset.simulation.grid import carbon_intensity
from basetype_benchmark.dataset.streams import stream


def test_easter_of_known_years():
    known = {2000: (4, 23), 2019: (4, 21), 2024: (3, 31), 2025: (4, 20), 2038: (4, 25)}
    assert {year: calendar.easter(year) for year in known} == {
        year: date(year, *day) for year, day in known.items()
    }


def test_working_days_of_the_first_week():
    week = [calendar.is_working_day(date(2024, 1, day)) for day in range(1, 8)]
    assert week == [False, True, True, True, True, False, False]
    assert not calendar.is_working_day(date(2024, 5, 9))  # Ascension


def test_unknown_schedule_is_an_office():
    assert calendar.find_use("ballroom") == calendar.find_use("office") == calendar.find_use(None)


def test_saturation_pressure_at_20_degrees():
    assert weather.saturation_pressure(np.array(20.0)) == pytest.approx(2339, rel=0.003)


def test_humidity_and_moisture_are_inverse():
    water = weather.moisture(np.array([21.0]), 45.0)
    assert weather.relative_humidity(np.array([21.0]), water) == pytest.approx([45.0])


def test_noon_sun_at_midsummer_and_midwinter():
    hours = instant_hours()
    for of_year, expected in ((172, 64.5), (355, 17.7)):
        elevation, azimuth = weather.sun_position(np.full(len(hours), float(of_year)), hours)
        assert np.degrees(elevation.max()) == pytest.approx(expected, abs=0.3)
        assert np.degrees(azimuth[elevation.argmax()]) == pytest.approx(180, abs=3)


def test_weather_is_continuous_over_midnight():
    today = weather.weather_of(42, date(2024, 3, 4), 63)
    tomorrow = weather.weather_of(42, date(2024, 3, 5), 64)
    assert tomorrow.temperature_c[0] == pytest.approx(today.temperature_c[-1], abs=1e-6)
    assert tomorrow.wind_m_s[0] == pytest.approx(today.wind_m_s[-1], abs=1e-6)


def test_summer_is_warmer_and_brighter_than_winter():
    winter = [weather.weather_of(1, calendar_day(day), day) for day in range(10, 24)]
    summer = [weather.weather_of(1, calendar_day(day), day) for day in range(192, 206)]

    def mean(days: list[weather.Weather], name: str) -> float:
        return float(np.mean([getattr(day, name).mean() for day in days]))

    assert mean(summer, "temperature_c") > mean(winter, "temperature_c") + 10
    assert mean(summer, "irradiance_w_m2") > 2 * mean(winter, "irradiance_w_m2")


def calendar_day(index: int) -> date:
    return date.fromordinal(date(2024, 1, 1).toordinal() + index)


def test_carbon_has_a_value_for_each_hour():
    today = weather.weather_of(42, date(2024, 1, 2), 1)
    carbon = carbon_intensity(42, 1, today, working_day=True)
    assert carbon.shape == (24,)
    assert carbon[18:21].mean() > carbon[2:5].mean()


def room(**changes: float) -> zones.Envelope:
    sizes = {"area_m2": 20.0, "volume_m3": 60.0, "capacity": 2.0, "window_m2": 4.0} | changes
    columns = {name: np.array([value]) for name, value in sizes.items()}
    return zones.build_envelope(
        **columns,
        exterior_wall_m2=np.array([12.0]),
        heating_w=np.array([1800.0]),
        cooling_w=np.array([2200.0]),
        walls=np.zeros((0, 2), dtype=np.int64),
    )


def drive(people: np.ndarray, on: float, setpoint: float, outdoor: float = 0.0) -> zones.Drive:
    each = np.ones((STEPS, 1))
    return zones.Drive(
        outdoor_c=np.full(STEPS + 1, outdoor),
        outdoor_moisture=np.full(STEPS + 1, 0.004),
        people=people,
        gains_w=75.0 * people,
        on=on * each,
        heating_setpoint_c=setpoint * each,
        cooling_setpoint_c=(setpoint + 1) * each,
    )


START = (np.array([18.0]), np.array([420.0]), np.array([0.006]))


def test_heating_reaches_and_holds_the_setpoint():
    air = zones.simulate_air(room(), drive(np.zeros((STEPS, 1)), 1.0, 21.0), START)
    assert air.temperature_c[60:] == pytest.approx(21.0, abs=0.05)
    assert (air.heating[60:] > 0).all()
    assert (air.cooling == 0).all()


def test_cooling_answers_the_heat():
    air = zones.simulate_air(room(), drive(np.full((STEPS, 1), 8.0), 1.0, 21.0, 30.0), START)
    assert air.temperature_c[100:] == pytest.approx(22.0, abs=0.1)
    assert (air.cooling[100:] > 0).all()


def test_plant_short_of_capacity_falls_behind():
    weak = room(window_m2=4000.0)
    air = zones.simulate_air(weak, drive(np.zeros((STEPS, 1)), 1.0, 21.0, -10.0), START)
    assert air.temperature_c[-1, 0] < 15
    assert air.heating[-1, 0] == 1.0


def test_co2_settles_where_people_and_fresh_air_balance():
    people = np.full((STEPS, 1), 2.0)
    air = zones.simulate_air(room(), drive(people, 1.0, 21.0), START)
    fresh = air.damper[-1, 0] * (0.0006 * 20 + 0.009 * 2) + 0.15 / 3600 * 60
    balance = 420 + 1e6 * zones.CO2_PER_PERSON_M3_S * 2 / fresh
    assert air.co2_ppm[-1, 0] == pytest.approx(balance, rel=0.02)


def test_co2_decays_when_people_have_gone():
    people = np.zeros((STEPS, 1))
    people[:100] = 2.0
    air = zones.simulate_air(room(), drive(people, 0.0, 18.0), START)
    assert air.co2_ppm[100, 0] > 1000
    assert (np.diff(air.co2_ppm[100:, 0]) < 0).all()
    hours = (STEPS - 100) * STEP_S / 3600
    expected = 420 + (air.co2_ppm[100, 0] - 420) * np.exp(-0.15 * hours)
    assert air.co2_ppm[-1, 0] == pytest.approx(expected, rel=1e-6)


def test_first_order_lag_reaches_63_percent_after_its_time():
    response = hvac.follow(np.ones(STEPS), 0.0, lag_s=4 * STEP_S)
    assert response[4] == pytest.approx(1 - np.exp(-1))


def test_people_come_on_working_days_and_fit():
    rng = stream(1, "people")
    presence = np.array([kind.value for kind in calendar.Presence])
    capacity = np.full(len(presence), 20.0)
    worked = calendar.people_in_spaces(rng, presence, capacity, working_day=True)
    rested = calendar.people_in_spaces(rng, presence, capacity, working_day=False)
    assert worked.min() >= 0
    assert worked.max() <= 20
    assert worked[-1, 0] == 0
    desk = calendar.Presence.DESK
    assert worked[120:140, desk].mean() > 10
    assert rested[120:140, desk].mean() < 3


def test_meter_ticks_add_up():
    energy = power.interval_energy(np.full((STEPS, 1), 2.0))
    assert energy.shape == (96, 1)
    assert energy[0, 0] == pytest.approx(0.5)


def test_badges_have_distinct_times_and_a_night_round():
    moves = np.zeros((STEPS, 2))
    moves[100:110, 0] = 40
    reader, time_ms, value = badge_events(stream(1, "badges"), moves)
    assert set(value) == {0.0, 1.0}
    assert (reader == 1).sum() == 1
    assert len(set(zip(reader.tolist(), time_ms.tolist(), strict=True))) == len(reader)
    order = np.lexsort((time_ms, reader))
    assert (order == np.arange(len(order))).all()
