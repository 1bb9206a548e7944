"""The electricity grid: carbon intensity of each hour."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import STEPS, Array
from basetype_benchmark.dataset.simulation.weather import Weather
from basetype_benchmark.dataset.streams import stream


def carbon_intensity(seed: int, day_index: int, weather: Weather, working_day: bool) -> Array:
    """Give the gCO2/kWh of the 24 hours of a day.

    A merit order in one line: demand peaks (morning and evening, working days, cold) call on fossil
    plants, wind and sun displace them.
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
    return np.asarray(np.clip(260 * (demand + heating - renewable + noise), 25, 650))
