"""Outdoor conditions of the site: one state that every building shares.

Each day is computed from the seed and its index alone: slow disturbances are moving averages over
the draws of the days before, which is a first-order autoregression cut off after `_MEMORY_DAYS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import Array, between_knots, instant_hours
from basetype_benchmark.dataset.streams import stream

LATITUDE_DEG = 48.9
LONGITUDE_DEG = 2.3
_KNOTS_PER_DAY = 4
_MEMORY_DAYS = 10
_PERSISTENCE = 0.92  # correlation of a disturbance with itself 6 h later


@dataclass(frozen=True, kw_only=True)
class Weather:
    """Conditions at the instants of one day.

    temperature_c, humidity_pct, irradiance_w_m2 (on the horizontal), wind_m_s, moisture_kg_kg
    (water in dry air); facade_w_m2 has one column per orientation of `FACADES_DEG`.
    """

    temperature_c: Array
    humidity_pct: Array
    irradiance_w_m2: Array
    wind_m_s: Array
    moisture_kg_kg: Array
    facade_w_m2: Array


FACADES_DEG = (0.0, 90.0, 180.0, 270.0)
"""Azimuths of north, east, south and west."""


def weather_of(seed: int, day: date, day_index: int) -> Weather:
    """Simulate the weather of one day of a temperate oceanic climate (Paris)."""
    hours = instant_hours()
    of_year = day.timetuple().tm_yday + hours / 24
    front, cover, gust = disturbances(seed, day_index, 3).T
    breath, passing, squall = flutter(seed, day_index, 3).T
    cloud = np.clip(0.6 + 0.3 * cover + 0.12 * passing, 0.0, 1.0)
    elevation, azimuth = sun_position(of_year, hours)
    clear = clear_sky_irradiance(elevation)
    global_w_m2 = clear * (1 - 0.75 * cloud**3.4)
    temperature = outdoor_temperature(of_year, hours, cloud) + 2.8 * front + 0.25 * breath
    dew_point = temperature - np.clip(
        3.5 + 4.0 * (1 - cloud) + 1.2 * cover + 0.4 * breath, 0.3, None
    )
    wind = (
        3.6 * np.exp(0.45 * gust + 0.2 * squall) * (1 + 0.25 * np.sin(2 * np.pi * (hours - 9) / 24))
    )
    return Weather(
        temperature_c=temperature,
        humidity_pct=100 * saturation_pressure(dew_point) / saturation_pressure(temperature),
        irradiance_w_m2=global_w_m2,
        wind_m_s=wind,
        moisture_kg_kg=moisture(dew_point, 100.0),
        facade_w_m2=facade_irradiance(global_w_m2, cloud, elevation, azimuth),
    )


def disturbances(seed: int, day_index: int, count: int) -> Array:
    """Give `count` slow standard-normal disturbances at the instants of a day.

    First-order autoregression on 6 h knots; continuous from one day to the next.
    """
    days = range(day_index - _MEMORY_DAYS, day_index + 2)
    draws = np.concatenate(
        [stream(seed, "weather", day).standard_normal((_KNOTS_PER_DAY, count)) for day in days]
    )
    lags = _MEMORY_DAYS * _KNOTS_PER_DAY
    weights = _PERSISTENCE ** np.arange(lags)[::-1] * np.sqrt(1 - _PERSISTENCE**2)
    windows = np.lib.stride_tricks.sliding_window_view(draws, lags, axis=0)
    knots = (windows * weights).sum(axis=-1)[1 : _KNOTS_PER_DAY + 2]
    return between_knots(knots, 24 / _KNOTS_PER_DAY)


def flutter(seed: int, day_index: int, count: int) -> Array:
    """Give `count` fast standard-normal disturbances at the instants of a day.

    Independent from hour to hour; continuous from one day to the next.
    """
    knots = np.vstack(
        [
            stream(seed, "flutter", day_index).standard_normal((24, count)),
            stream(seed, "flutter", day_index + 1).standard_normal((1, count)),
        ]
    )
    return between_knots(knots, 1.0)


def outdoor_temperature(of_year: Array, hours: Array, cloud: Array) -> Array:
    """Seasonal and diurnal mean temperature in °C; clear days swing more than overcast ones."""
    season = 11.8 - 8.3 * np.cos(2 * np.pi * (of_year - 17) / 365.25)
    swing = 1.5 + 3.0 * (1 - cloud) + 1.2 * np.sin(np.pi * of_year / 365.25)
    return np.asarray(season + swing * np.cos(2 * np.pi * (hours - 15) / 24))


def sun_position(of_year: Array, hours_utc: Array) -> tuple[Array, Array]:
    """Give the sun's elevation and azimuth (clockwise from north) in radians.

    Declination after Cooper, The absorption of radiation in solar stills (1969).
    """
    declination = np.radians(23.45) * np.sin(2 * np.pi * (284 + of_year) / 365)
    angle = np.radians(15 * (hours_utc + LONGITUDE_DEG / 15 - 12))
    latitude = np.radians(LATITUDE_DEG)
    sine = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(
        angle
    )
    azimuth = np.arctan2(
        np.sin(angle), np.cos(angle) * np.sin(latitude) - np.tan(declination) * np.cos(latitude)
    )
    return np.arcsin(np.clip(sine, -1, 1)), np.asarray(azimuth + np.pi)


def clear_sky_irradiance(elevation_rad: Array) -> Array:
    """Global horizontal irradiance under a clear sky in W/m2 (Haurwitz, 1945)."""
    sine = np.maximum(np.sin(elevation_rad), 1e-3)
    return np.where(elevation_rad > 0, 1098 * sine * np.exp(-0.057 / sine), 0.0)


def facade_irradiance(
    global_w_m2: Array, cloud: Array, elevation_rad: Array, azimuth_rad: Array
) -> Array:
    """Irradiance on vertical walls of each orientation of `FACADES_DEG`, in W/m2.

    Half the diffuse part, 20 % ground reflection, and the beam by its angle of incidence. The
    diffuse part grows with cloud cover from 15 % to all.
    """
    diffuse = global_w_m2 * (0.15 + 0.85 * cloud)
    normal = (global_w_m2 - diffuse) / np.maximum(np.sin(elevation_rad), 0.05)
    facing = np.cos(azimuth_rad[:, None] - np.radians(FACADES_DEG)[None, :])
    beam = normal[:, None] * np.cos(elevation_rad)[:, None] * np.maximum(facing, 0)
    return np.asarray(beam + (0.5 * diffuse + 0.1 * global_w_m2)[:, None])


def saturation_pressure(temperature_c: Array) -> Array:
    """Pressure of saturated water vapour in Pa (Magnus formula, Sonntag 1990)."""
    return np.asarray(611.2 * np.exp(17.62 * temperature_c / (243.12 + temperature_c)))


def moisture(temperature_c: Array, humidity_pct: Array | float) -> Array:
    """Mass of water per mass of dry air at sea level."""
    vapour = saturation_pressure(temperature_c) * humidity_pct / 100
    return np.asarray(0.622 * vapour / (101_325 - vapour))


def relative_humidity(temperature_c: Array, moisture_kg_kg: Array) -> Array:
    """Relative humidity in percent of air with a given water content, at most 100."""
    vapour = moisture_kg_kg * 101_325 / (0.622 + moisture_kg_kg)
    return np.minimum(100 * vapour / saturation_pressure(temperature_c), 100.0)
