"""The electricity grid: carbon intensity of each hour."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import STEPS, Array
from basetype_benchmark.dataset.simulation.weather import Weather
from basetype_benchmark.dataset.streams import stream

_LEAST_G_KWH = 12.0  # waste and cogeneration, which run always
_FOSSIL_G_KWH = 85.0
_LOW_CARBON = 0.36


def carbon_intensity(seed: int, day_index: int, weather: Weather, working_day: bool) -> Array:
    """Give the gCO2/kWh of the 24 hours of a day, of combustion in the power plants of France.

    A merit order in one line: demand peaks (morning and evening, working days, cold) call on gas
    and coal, wind and sun displace them; what nuclear and water cannot do remains. The level is
    that of RTE (eCO2mix; 32 g in the mean of 2023), about 42 g in January and 28 g in June.
    """
    per_hour = STEPS // 24
    hours = np.arange(24)
    means = [
        series[:STEPS].reshape(24, per_hour).mean(axis=1)
        for series in (weather.temperature_c, weather.wind_m_s, weather.irradiance_w_m2)
    ]
    temperature, wind, sun = means
    peaks = np.exp(-(((hours - 8.5) / 2.2) ** 2)) + 1.3 * np.exp(-(((hours - 19) / 2.4) ** 2))
    demand = 0.55 + 0.3 * peaks + (0.12 if working_day else 0.0)
    heating = 0.012 * np.maximum(15 - temperature, 0)
    renewable = 0.035 * np.minimum(wind, 12) + 0.0003 * sun
    noise = stream(seed, "grid", day_index).normal(0, 0.02, 24)
    called = demand + heating - renewable + noise
    return np.asarray(_LEAST_G_KWH + _FOSSIL_G_KWH * np.maximum(called - _LOW_CARBON, 0.0))
