"""The plant: when it runs, what it holds, and how its water temperatures follow the demand."""

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
_COOLING_W_M2 = 110.0
_COOLING_RESERVE = 1.6  # of the IT load that a space holds
_HOT_WATER_LAG_S = 1200.0
_CHILLED_WATER_LAG_S = 900.0
_CHILLED_WATER_C = 7.0
_IDLE_CHILLED_WATER_C = 14.0
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


def cooling_setpoint(on: Array, heating: Array) -> Array:
    """Temperature above which a space is cooled, in °C."""
    return np.where(on > 0, heating + COOLING_OFFSET_K, SETUP_C)


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

    Weather-compensated between 35 and 60 °C while there is demand, idle else.
    """
    curve = np.clip(35 + 25 * (18 - outdoor_c[:-1]) / 25, 35, 60)
    return follow(np.where(demand > 0.01, curve, _IDLE_HOT_WATER_C), start_c, _HOT_WATER_LAG_S)


def chilled_water(demand: Array, start_c: float) -> Array:
    """Supply temperature of the cooling circuit at the instants of a day, in °C."""
    target = np.where(demand > 0.005, _CHILLED_WATER_C + 1.5 * demand, _IDLE_CHILLED_WATER_C)
    return follow(target, start_c, _CHILLED_WATER_LAG_S)


def follow(target: Array, start: float, lag_s: float) -> Array:
    """First-order lag: the response at the instants to a target that holds during each step."""
    keep = float(np.exp(-STEP_S / lag_s))
    response = [start]
    for value in target.tolist():
        response.append(value + (response[-1] - value) * keep)
    return np.array(response)
