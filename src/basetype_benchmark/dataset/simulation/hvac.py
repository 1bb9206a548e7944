"""The plant: when it runs, what it holds, and how its water temperatures follow the demand.

The water plant is sized for `_HEATING_W_M2` and `_COOLING_W_M2`, some of the values with which
French offices are dimensioned; the boilers and chillers of the catalogue add up to as much.
"""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import STEP_S, Array, step_hours

START_H = 5.5
STOP_H = 19.5
COMFORT_C = 21.5
SETBACK_C = 18.0
SETUP_C = 28.0
COOLING_OFFSET_K = 1.0
SERVER_ROOM_C = 22.0
_HEATING_W_M2 = 90.0
_COOLING_W_M2 = 70.0
_COOLING_RESERVE = 1.6  # of the IT load that a space holds
_HOT_WATER_LAG_S = 1200.0
_CHILLED_WATER_LAG_S = 900.0
CHILLED_WATER_C = 7.0
RESET_CHILLED_WATER_C = 12.0
_IDLE_CHILLED_WATER_C = 14.0
_LEAST_COLD = 0.0005  # of the capacity: less is no demand
_RESET_LOADS = (0.05, 0.15)  # server rooms alone ask for less than the first
_SUMMER_FROM_C = 16.0
_SUMMER_FULL_C = 22.0
_SUMMER_SHIFT_K = 2.0
_HUMIDIFIED_KG_KG = 0.0055  # dew point of 5 °C
_IDLE_HOT_WATER_C = 28.0


def running(always_on: Array, working_day: bool) -> Array:
    """Whether the plant conditions each space (steps x spaces): on working days, or always."""
    hours = step_hours()
    open_hours = (hours >= START_H) & (hours < STOP_H) & working_day
    return np.maximum(open_hours[:, None].astype(np.float64), always_on[None, :])


def heating_setpoint(on: Array, always_on: Array, offset_k: Array) -> Array:
    """Temperature below which a space is heated, in °C; `offset_k` is the occupants' wish."""
    comfort = np.where(always_on > 0, SERVER_ROOM_C, COMFORT_C + offset_k)
    return np.where(on > 0, comfort[None, :], SETBACK_C)


def summer_shift(outdoor_c: Array) -> float:
    """How much warmer than in winter, in K, spaces are held on a day with these temperatures.

    Summer compensation in steps of 0.5 K, from nothing at a daily mean of 16 °C to 2 K at 22 °C:
    the plant cools no more than comfort asks for in light clothes (EN 16798-1).
    """
    mean_c = round(float(outdoor_c.mean()), 6)  # a threshold must not hang on a last bit
    share = (mean_c - _SUMMER_FROM_C) / (_SUMMER_FULL_C - _SUMMER_FROM_C)
    return round(2 * _SUMMER_SHIFT_K * min(max(share, 0.0), 1.0)) / 2


def cooling_setpoint(on: Array, setpoint_c: Array) -> Array:
    """Temperature above which a space is cooled, in °C."""
    return np.where(on > 0, setpoint_c + COOLING_OFFSET_K, SETUP_C)


def humidified(outdoor_moisture: Array) -> Array:
    """Water in the supply air in kg/kg: dry air is brought to a dew point of 5 °C, in open hours.

    `outdoor_moisture` has a value per step or per instant.
    """
    open_hours = running(np.zeros(1), True)[:, 0] > 0
    moist = outdoor_moisture.copy()
    steps = moist[: len(open_hours)]
    steps[open_hours] = np.maximum(steps[open_hours], _HUMIDIFIED_KG_KG)
    return moist


def heating_capacity(area_m2: Array) -> Array:
    """Greatest heat that the terminal units of each space give, in W."""
    return _HEATING_W_M2 * area_m2


def cooling_capacity(area_m2: Array, it_w: Array) -> Array:
    """Greatest heat that the terminal units of each space take away, in W."""
    return _COOLING_W_M2 * area_m2 + _COOLING_RESERVE * it_w


def fan_drive(heating: Array, cooling: Array, ventilation: Array, on: Array) -> Array:
    """Fan speed from 0 to 1 that answers the greatest of the demands; still when all is off."""
    demand = np.maximum(np.maximum(heating, cooling), ventilation)
    return np.where((on > 0) | (demand > 0.02), 0.3 + 0.7 * demand, 0.0)


def hot_water(demand: Array, outdoor_c: Array, start_c: float) -> Array:
    """Supply temperature of the heating circuit at the instants of a day, in °C.

    On its heating curve while there is demand, idle else.
    """
    curve = heating_curve(outdoor_c[:-1])
    return follow(np.where(demand > 0.01, curve, _IDLE_HOT_WATER_C), start_c, _HOT_WATER_LAG_S)


def heating_curve(outdoor_c: Array) -> Array:
    """Temperature to which heating water is set, in °C: 35 at 18 °C outdoors, 60 at -7 °C."""
    return np.clip(35 + (18 - outdoor_c), 35, 60)


def chilled_water(demand: Array, start_c: float) -> Array:
    """Supply temperature of the cooling circuit at the instants of a day, in °C.

    Reset from 7 to 12 °C while little cold is asked for: that saves lift of the chiller.
    """
    resets = (RESET_CHILLED_WATER_C, CHILLED_WATER_C)
    held = np.interp(demand, _RESET_LOADS, resets) + 1.5 * np.maximum(demand - _RESET_LOADS[1], 0)
    target = np.where(demand > _LEAST_COLD, held, _IDLE_CHILLED_WATER_C)
    return follow(target, start_c, _CHILLED_WATER_LAG_S)


def follow(target: Array, start: float, lag_s: float) -> Array:
    """First-order lag: the response at the instants to a target that holds during each step."""
    keep = float(np.exp(-STEP_S / lag_s))
    response = [start]
    for value in target.tolist():
        response.append(value + (response[-1] - value) * keep)
    return np.array(response)
