"""Weather at the site."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation.signals.reading import Course, Reading, across
from basetype_benchmark.dataset.simulation.weather import daylight_illuminance

SURROUNDINGS: Mapping[Behaviour, Reading] = {
    Behaviour.OUTDOOR_TEMPERATURE: Reading(
        model=lambda view: across(view.day.weather.temperature_c, view), offset=0.2
    ),
    Behaviour.OUTDOOR_HUMIDITY: Reading(
        model=lambda view: across(view.day.weather.humidity_pct, view), least=0, most=100, offset=1
    ),
    Behaviour.SOLAR_IRRADIANCE: Reading(
        model=lambda view: across(view.day.weather.irradiance_w_m2, view), least=0
    ),
    Behaviour.WIND_SPEED: Reading(
        model=lambda view: across(view.day.weather.wind_m_s, view), least=0
    ),
    Behaviour.WIND_DIRECTION: Reading(
        model=lambda view: across(view.day.weather.wind_deg, view),
        course=Course.STEP,  # north is no further from 359 than from 1
        least=0,
        most=360,
    ),
    Behaviour.OUTDOOR_DEW_POINT: Reading(
        model=lambda view: across(view.day.weather.dew_point_c, view), offset=0.2
    ),
    Behaviour.OUTDOOR_ILLUMINANCE: Reading(
        model=lambda view: across(daylight_illuminance(view.day.weather.irradiance_w_m2), view),
        least=0,
    ),
    Behaviour.BAROMETRIC_PRESSURE: Reading(
        model=lambda view: across(view.day.weather.pressure_hpa, view), offset=0.3
    ),
    Behaviour.RAIN_RATE: Reading(
        model=lambda view: across(view.day.weather.rain_mm_h, view), course=Course.SMOOTH, least=0
    ),
}
