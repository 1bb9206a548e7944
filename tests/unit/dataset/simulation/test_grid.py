"""Carbon intensity against the published level of the French grid."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation import calendar, weather
from basetype_benchmark.dataset.simulation.grid import carbon_intensity


def test_carbon_has_a_value_for_each_hour():
    today = weather.weather_of(42, date(2024, 1, 2), 1)
    carbon = carbon_intensity(42, 1, today, working_day=True)
    assert carbon.shape == (24,)
    assert carbon[18:21].mean() > carbon[2:5].mean()


def test_carbon_has_the_level_of_the_french_grid():
    year = [
        carbon_intensity(
            42, index, weather.weather_of(42, day, index), calendar.is_working_day(day)
        )
        for index in range(0, 365, 3)
        for day in [date(2024, 1, 1) + timedelta(days=index)]
    ]
    assert np.mean(year) == pytest.approx(32, abs=5)  # RTE, 2023
    assert np.min(year) >= 10
    assert np.max(year) < 100


def test_wind_sun_and_rest_displace_what_burns():
    today = weather.weather_of(42, date(2024, 1, 16), 15)
    usual = carbon_intensity(42, 15, today, working_day=True)
    others = [
        carbon_intensity(42, 15, today, working_day=False),
        carbon_intensity(42, 15, replace(today, wind_m_s=today.wind_m_s + 4.0), True),
        carbon_intensity(42, 15, replace(today, irradiance_w_m2=today.irradiance_w_m2 + 300), True),
        carbon_intensity(42, 15, replace(today, temperature_c=today.temperature_c + 5), True),
    ]
    for other in others:
        assert (other <= usual).all()
        assert other.mean() < usual.mean()
