"""What the water and air plant makes of the demand: temperatures, efficiencies, speeds."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import Array
from basetype_benchmark.dataset.simulation.weather import wet_bulb

_COLD = ("chill", "cooling", "compressor", "condenser", "crac")
_HEAT = ("boiler", "hot_water", "heating", "radiator", "heat_exchanger")
_RECOVERY = 0.7  # temperature efficiency of the wheel (EN 308)
_APPROACH_K = 4.0
_LEAST_TOWER_C = 18.0
RATED_COP = 5.0
"""Of a chiller: 350 kW of cold for 70 kW."""

_CARNOT_SHARE = 0.57  # gives the rated one with 30 °C into the condenser and 7 °C out
_LEAST_LIFT_K = 22.0  # which a screw compressor needs to run
_FILTER_LIFE_DAYS = 120
_LEAST_DEMAND = 0.0005
_LEAST_FLOW = 0.2  # of the rated flow, through a circuit that runs
_LEAST_CHILLER_DUTY = 0.03
_FULL_PART_LOAD = 0.95


def makes_cold(kind: str) -> bool:
    """Whether a type of equipment answers the demand of cold."""
    return any(word in kind for word in _COLD)


def is_chiller(kind: str) -> bool:
    """Whether a type of equipment is a chiller, of whatever kind."""
    return kind.endswith("chiller")


def makes_heat(kind: str) -> bool:
    """Whether a type of equipment answers the demand of heat."""
    return any(word in kind for word in _HEAT)


def exhaust_after_recovery(room_c: Array, outdoor_c: Array) -> Array:
    """Temperature in °C of exhaust air behind the recovery wheel, which works in winter only."""
    return np.where(outdoor_c < room_c, room_c - _RECOVERY * (room_c - outdoor_c), room_c)


def water_flow(demand: Array) -> Array:
    """Flow from 0 to 1 through a circuit: as the demand, and not below a fifth while it runs."""
    return np.where(demand > _LEAST_DEMAND, np.maximum(demand, _LEAST_FLOW), 0.0)


def return_temperature(supply_c: Array, demand: Array, rated_rise_k: float) -> Array:
    """Temperature in °C of water that comes back, warmer (or colder) than it left.

    Flow times rise is the power: the rise is the rated one unless the least flow is too much.
    """
    return np.asarray(supply_c + rated_rise_k * np.minimum(demand / _LEAST_FLOW, 1.0))


def radiated_return(supply_c: Array, return_c: Array) -> Array:
    """Keep the return of heating water above the rooms, which it cannot cool down to.

    Emitters bring it no nearer to 20 °C than by six tenths.
    """
    return np.maximum(return_c, supply_c - 0.6 * np.maximum(supply_c - 20.0, 0.0))


def tower_water(outdoor_c: Array, humidity_pct: Array, cooling: Array) -> Array:
    """Temperature in °C of the water a cooling tower gives (cooling: instants x contexts).

    It comes within the approach of the wet bulb, more under load, and is held above a minimum.
    """
    load = cooling[:, -1]
    coldest = wet_bulb(outdoor_c, humidity_pct) + _APPROACH_K * (0.5 + 0.5 * load)
    return np.maximum(coldest, _LEAST_TOWER_C)


def chiller_cop(condenser_c: Array, chilled_c: Array, load: Array) -> Array:
    """Coefficient of performance: a share of Carnot's, less at part load; 0 when it stands.

    The evaporator is 2 K below the chilled water, the condenser 5 K above the tower's. The curve
    over part load is that of a screw chiller, best at three quarters (ASHRAE 90.1 appendix G).
    """
    hot_k, cold_k = condenser_c + 5.0 + 273.15, chilled_c - 2.0 + 273.15
    carnot = cold_k / np.maximum(hot_k - cold_k, _LEAST_LIFT_K)
    found = _CARNOT_SHARE * carnot * _part_load(load)
    return np.where(load > _LEAST_DEMAND, found, 0.0)


def chiller_duty(load: Array) -> Array:
    """Part of its rated power that a chiller takes at a load, both from 0 to 1.

    By the same curve over part load as `chiller_cop`; some for oil and controls while it runs.
    """
    duty = np.maximum(load * _FULL_PART_LOAD / _part_load(load), _LEAST_CHILLER_DUTY)
    return np.where(load > _LEAST_DEMAND, np.minimum(duty, 1.0), 0.0)


def _part_load(load: Array) -> Array:
    return np.asarray(1.0 - 0.45 * (load - 0.75) ** 2 / 0.75**2)


def pump_speed(demand: Array) -> Array:
    """Speed from 0 to 1 of a pump at constant differential pressure: flow follows the demand."""
    return np.where(demand > _LEAST_DEMAND, 0.35 + 0.65 * demand, 0.0)


def circuit_pressure(kind: str, rated: Array, demand: Array, hot_water_c: Array) -> Array:
    """Pressure in the unit of `rated` that a type of equipment shows of water or refrigerant.

    A pump holds its head while it runs; a drop goes with the square of the flow; a compressor
    compresses to what its load asks for; a closed circuit expands with the temperature of the
    heating water; what is filled and shut (fire water) stays as it is.
    """
    flow = water_flow(demand)
    if "pump" in kind and (makes_cold(kind) or makes_heat(kind)):
        return np.asarray(rated * np.where(flow > 0, 0.75 + 0.25 * demand, 0.0))
    if kind in ("chiller", "heat_exchanger"):
        return np.asarray(rated * flow**2)
    if kind == "compressor":
        return np.asarray(rated * np.where(flow > 0, 0.75 + 0.25 * demand, 0.5))
    if kind in ("boiler", "expansion_tank", "pressurisation_unit"):
        return np.asarray(rated * (0.93 + 0.002 * (hot_water_c - 25.0)))
    return np.asarray(rated * np.ones_like(demand))


def duct_pressure(rated: Array, fan: Array) -> Array:
    """Pressure in Pa in a duct: held near its setpoint by a fan that runs, none when it stands."""
    return np.where(fan > 0, rated * (0.6 + 0.4 * fan), 0.0)


def filter_pressure_drop(rated_pa: Array, fan: Array, day_index: int) -> Array:
    """Pressure drop in Pa: square of the flow, half the rated one when new, until it is changed.

    Filters are changed by the calendar (EN ISO 16890 recommends the final pressure drop).
    """
    age = (day_index % _FILTER_LIFE_DAYS) / _FILTER_LIFE_DAYS
    return np.asarray(rated_pa * (0.5 + 0.5 * age) * fan**2)
