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
_STRONGEST_OF_CLEAR = 1.1  # global irradiance while clouds beside the sun add to it
_STRONGEST_BEAM_W_M2 = 950.0  # on a surface that faces the sun, at sea level


@dataclass(frozen=True, kw_only=True)
class Weather:
    """Conditions at the instants of one day.

    temperature_c, humidity_pct, irradiance_w_m2 (on the horizontal), wind_m_s and where it comes
    from (wind_deg, clockwise from north), pressure_hpa, rain_mm_h, moisture_kg_kg (water in dry
    air); facade_w_m2 has one column per orientation of `FACADES_DEG`.
    """

    temperature_c: Array
    humidity_pct: Array
    irradiance_w_m2: Array
    wind_m_s: Array
    wind_deg: Array
    pressure_hpa: Array
    rain_mm_h: Array
    dew_point_c: Array
    moisture_kg_kg: Array
    facade_w_m2: Array


FACADES_DEG = (0.0, 90.0, 180.0, 270.0)
"""Azimuths of north, east, south and west."""


def weather_of(seed: int, day: date, day_index: int) -> Weather:
    """Simulate the weather of one day of a temperate oceanic climate (Paris)."""
    hours = instant_hours()
    of_year = day.timetuple().tm_yday + hours / 24
    front, cover, gust, low, veer = disturbances(seed, day_index, 5).T
    breath, passing, squall = flutter(seed, day_index, 3).T
    cloud = np.clip(cloudiness(of_year) + 0.3 * cover + 0.12 * passing, 0.0, 1.0)
    elevation, azimuth = sun_position(of_year, hours)
    thickness = np.exp(-0.3 * cloud * passing - 0.045 * cloud**2)  # 1 in the mean
    clear = clear_sky_irradiance(elevation)
    global_w_m2 = np.minimum(
        cloudy_irradiance(clear, cloud) * thickness, _STRONGEST_OF_CLEAR * clear
    )
    air_mass_c = seasonal_temperature(of_year) + 3.0 * front
    temperature = air_mass_c + diurnal_swing(of_year, hours, cloud) + 0.25 * breath
    dew_point = dew_point_below(
        air_mass_c - dew_point_depression(of_year, cover) + 0.4 * breath, temperature
    )
    wind = (
        3.6 * np.exp(0.45 * gust + 0.2 * squall) * (1 + 0.25 * np.sin(2 * np.pi * (hours - 9) / 24))
    )
    pressure = 1015.0 - 8.0 * low - 1.5 * cover
    return Weather(
        temperature_c=temperature,
        humidity_pct=100 * saturation_pressure(dew_point) / saturation_pressure(temperature),
        irradiance_w_m2=global_w_m2,
        wind_m_s=wind,
        wind_deg=(225.0 + 70.0 * veer + 15.0 * breath) % 360,
        pressure_hpa=pressure,
        rain_mm_h=rainfall(cloud, pressure, passing),
        dew_point_c=dew_point,
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


def seasonal_temperature(of_year: Array) -> Array:
    """Temperature in °C that a day has on average: 4.9 in January, 20.7 in July.

    Fitted to the normals of Paris-Montsouris, 1991 to 2020 (Meteo-France).
    """
    return np.asarray(12.8 - 7.9 * _winter(of_year))


def diurnal_swing(of_year: Array, hours: Array, cloud: Array) -> Array:
    """Deviation in K from the day's mean: greatest at 15 h; more on clear days and in summer."""
    swing = 1.6 + 3.2 * (1 - cloud) + 1.8 * np.sin(np.pi * of_year / 365.25)
    return np.asarray(swing * np.cos(2 * np.pi * (hours - 15) / 24))


def cloudiness(of_year: Array) -> Array:
    """Share of the sky that clouds cover on average: more in winter than in summer."""
    return np.asarray(0.75 + 0.08 * _winter(of_year))


def dew_point_depression(of_year: Array, cover: Array) -> Array:
    """How far in K the dew point lies below the day's mean temperature.

    It is a property of the mass of air and does not follow the hours: relative humidity falls
    while the day warms up. Small in winter and under clouds (`cover`, standard normal).
    """
    return np.asarray(np.maximum(4.1 - 1.9 * _winter(of_year) - 1.3 * cover, 0.0))


def dew_point_below(dew_point_c: Array, temperature_c: Array) -> Array:
    """Dew point in °C of air that cools: water falls out as fog and dew before it saturates.

    Far below the temperature it stays as it is; near it, it keeps some tenths of a kelvin away.
    """
    return np.asarray(temperature_c - np.logaddexp(0.0, temperature_c - dew_point_c))


def _winter(of_year: Array) -> Array:
    """Give 1 on 20 January, the coldest day of the climate, and -1 half a year later."""
    return np.asarray(np.cos(2 * np.pi * (of_year - 20) / 365.25))


def rainfall(cloud: Array, pressure_hpa: Array, shower: Array) -> Array:
    """Rain in mm/h: under an overcast sky, the more the lower the pressure; in showers.

    It rains some 7 % of the hours, as in Paris (Meteo-France normals 1991 to 2020: 630 mm a year).
    """
    return np.asarray(
        np.where(cloud > 0.9, 1.85, 0.0)
        * np.clip(shower - 0.7 + 0.05 * (1010.0 - pressure_hpa), 0.0, None)
    )


def daylight_illuminance(irradiance_w_m2: Array) -> Array:
    """Horizontal illuminance in lx at a luminous efficacy of 110 lm/W (Perez et al., 1990)."""
    return np.asarray(110.0 * irradiance_w_m2)


def wet_bulb(temperature_c: Array, humidity_pct: Array) -> Array:
    """Wet-bulb temperature in °C at sea level, within 1 K (Stull, 2011)."""
    return np.asarray(
        temperature_c * np.arctan(0.151977 * np.sqrt(humidity_pct + 8.313659))
        + np.arctan(temperature_c + humidity_pct)
        - np.arctan(humidity_pct - 1.676331)
        + 0.00391838 * humidity_pct**1.5 * np.arctan(0.023101 * humidity_pct)
        - 4.686035
    )


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


def cloudy_irradiance(clear_w_m2: Array, cloud: Array) -> Array:
    """Global irradiance in W/m2 under a sky covered in part (Kasten and Czeplak, 1980)."""
    return np.asarray(clear_w_m2 * (1 - 0.75 * cloud**3.4))


def facade_irradiance(
    global_w_m2: Array, cloud: Array, elevation_rad: Array, azimuth_rad: Array
) -> Array:
    """Irradiance on vertical walls of each orientation of `FACADES_DEG`, in W/m2.

    Half the diffuse part, 20 % ground reflection, and the beam by its angle of incidence. The
    diffuse part grows with cloud cover from 15 % to all.
    """
    diffuse = global_w_m2 * (0.15 + 0.85 * cloud)
    normal = np.minimum(
        (global_w_m2 - diffuse) / np.maximum(np.sin(elevation_rad), 0.05), _STRONGEST_BEAM_W_M2
    )
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
