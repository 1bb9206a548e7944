"""What the air handlers, the terminal units and the water plant show."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation import hvac, plant
from basetype_benchmark.dataset.simulation.arrays import STEPS, Array, Mask
from basetype_benchmark.dataset.simulation.power import IDLE_DUTY
from basetype_benchmark.dataset.simulation.signals.reading import (
    Course,
    Reading,
    View,
    across,
    flag,
)


def _supply_air(view: View) -> Array:
    day, context = view.day, view.context
    target = (
        view.rated(17.0) + 14 * day.demand.heating[:, context] - 4 * day.demand.cooling[:, context]
    )
    room = day.temperature_c[:, context]
    return np.asarray(room + (day.demand.fan[:, context] > 0) * (target - room))


def _return_air(view: View) -> Array:
    shift = view.rated(22.0) - 22.0
    room = view.day.temperature_c[:, view.context]
    outdoor = view.day.weather.temperature_c[:, None]
    share = np.clip(-shift / 12.0, 0, 0.6)  # a nominal below 22: mixed with outdoor air
    layered = np.maximum(shift, 0.0)  # above 22: taken in where it is warm, under the ceiling
    warmer = (0.4 + layered) * view.day.on[:, view.context]
    return np.asarray(room + warmer + share * (outdoor - room))


def _chilled_water(view: View) -> Array:
    return view.day.chilled_water_c[:, None] + view.rated(7.0) - 7.0


def _hot_water(view: View) -> Array:
    rise = (view.day.hot_water_c[:, None] - 20.0) / 40.0
    return np.asarray(20.0 + rise * (view.rated(60.0) - 20.0))


def _fan_speed(view: View) -> Array:
    drive = view.day.demand.fan[:, view.context]
    return np.asarray(100 * drive * np.clip(view.rated(100.0) / 75.0, 0.4, 1.0))


def _water_flow(view: View) -> Array:
    return np.asarray(view.rated(10.0) * plant.water_flow(_demand(view)))


def _pressure(view: View) -> Array:
    """Of air in Pa; of water and refrigerant in kPa."""
    rated, demand = view.rated(250.0), _demand(view)
    water_c = view.day.hot_water_c
    result = plant.duct_pressure(rated, view.of_context(view.day.demand.fan))
    for column, (kind, unit) in enumerate(zip(view.kinds, view.units, strict=True)):
        if unit == "kPa":
            result[:, column] = plant.circuit_pressure(
                kind, rated[column], demand[:, column], water_c
            )
    return result


def _run_status(view: View) -> Array:
    """Runs when it takes more than its standby."""
    if not view.day.duty.shape[1]:
        return np.ones((STEPS + 1, view.count))
    duty = view.day.duty[:, np.maximum(view.equipment, 0)]
    return flag((view.equipment < 0) | (duty > IDLE_DUTY))


def _setpoint(view: View) -> Array:
    """What the controllers are set to: of rooms and water what they hold, of flows none when off.

    Setpoints in °C of rooms are rated between 18 and 25.5, those for cooling from 23 up.
    """
    rated, unit = view.rated(20.0), np.array(view.units)
    boiler = np.array(view.kinds) == "boiler"
    on = view.of_context(view.day.on) > 0.5
    kelvin = unit == "°C"
    room = kelvin & (rated >= 18) & (rated < 25.5)
    moved = (unit == "m3/h") | (unit == "Pa")
    result = np.where(moved & ~on, 0.0, rated)
    result = np.where(kelvin & (rated >= 40) & ~on, 0.9 * rated, result)
    result = np.where(room, _room_setpoint(view, rated >= 23, on), result)
    heating = hvac.heating_curve(view.day.weather.temperature_c)[:, None]
    result = np.where(boiler & on, heating, result)
    cold = kelvin & (rated > 0) & (rated < 12)
    return np.where(cold & ~on, hvac.RESET_CHILLED_WATER_C, result)


def _room_setpoint(view: View, for_cooling: Mask, on: Mask) -> Array:
    shift_k = hvac.summer_shift(view.day.weather.temperature_c)
    held = view.of_context(view.day.setpoint_c)
    return np.where(for_cooling, hvac.cooling_setpoint(flag(on), held), held - shift_k * on)


def _damper(view: View) -> Array:
    return 100 * view.day.damper[:, view.context]


def _demand(view: View) -> Array:
    """Demand that the owner of each point answers: of cold, of heat, or the greater of both."""
    demand = view.day.demand
    cold, heat = view.of_context(demand.cooling), view.of_context(demand.heating)
    does_cold = np.array([plant.makes_cold(kind) for kind in view.kinds])
    does_heat = np.array([plant.makes_heat(kind) for kind in view.kinds])
    return np.where(does_cold, cold, np.where(does_heat, heat, np.maximum(cold, heat)))


def _mixed_air(view: View) -> Array:
    runs = view.of_context(view.day.demand.fan) > 0
    share = runs * (0.3 + 0.5 * view.of_context(view.day.damper))
    room = view.of_context(view.day.temperature_c)
    return np.asarray(room + share * (view.day.weather.temperature_c[:, None] - room))


def _exhaust_air(view: View) -> Array:
    room = view.of_context(view.day.temperature_c)
    return plant.exhaust_after_recovery(room, view.day.weather.temperature_c[:, None])


def _chilled_return(view: View) -> Array:
    return plant.return_temperature(view.day.chilled_water_c[:, None], _demand(view), 5.0)


def _hot_return(view: View) -> Array:
    supply = view.day.hot_water_c[:, None]
    return plant.radiated_return(supply, plant.return_temperature(supply, _demand(view), -15.0))


def _condenser_water(view: View) -> Array:
    """Temperature that the tower gives, or for a point rated above 29 °C, that the chiller does."""
    weather = view.day.weather
    cold = plant.tower_water(weather.temperature_c, weather.humidity_pct, view.day.demand.cooling)
    rise = np.where(view.rated(27.0) > 29.0, 5.0, 0.0) * view.day.demand.cooling[:, -1:]
    return np.asarray(cold[:, None] + rise)


def _cop(view: View) -> Array:
    weather, load = view.day.weather, view.day.demand.cooling[:, -1]
    tower = plant.tower_water(weather.temperature_c, weather.humidity_pct, view.day.demand.cooling)
    return across(plant.chiller_cop(tower, view.day.chilled_water_c, load), view)


def _pump_speed(view: View) -> Array:
    return 100.0 * plant.pump_speed(_demand(view))


def _filter_drop(view: View) -> Array:
    fan = view.of_context(view.day.demand.fan)
    return plant.filter_pressure_drop(view.rated(120.0), fan, view.day.index)


def _humidifier(view: View) -> Array:
    lack = (40.0 - view.of_context(view.day.humidity_pct)) / 10.0
    return np.asarray(100.0 * np.clip(lack, 0.0, 1.0) * view.of_context(view.day.on))


PLANT: Mapping[Behaviour, Reading] = {
    Behaviour.SUPPLY_AIR_TEMPERATURE: Reading(model=_supply_air, offset=0.2),
    Behaviour.RETURN_AIR_TEMPERATURE: Reading(model=_return_air, offset=0.2),
    Behaviour.CHILLED_WATER_TEMPERATURE: Reading(model=_chilled_water, offset=0.1),
    Behaviour.HOT_WATER_TEMPERATURE: Reading(model=_hot_water, offset=0.2),
    Behaviour.HEATING_VALVE: Reading(
        model=lambda view: 100 * view.day.demand.heating[:, view.context], course=Course.SMOOTH
    ),
    Behaviour.COOLING_VALVE: Reading(
        model=lambda view: 100 * view.day.demand.cooling[:, view.context], course=Course.SMOOTH
    ),
    Behaviour.DAMPER_POSITION: Reading(model=_damper, course=Course.SMOOTH, least=0, most=100),
    Behaviour.FAN_SPEED: Reading(model=_fan_speed, course=Course.SMOOTH, least=0, most=100),
    Behaviour.AIR_FLOW: Reading(
        model=lambda view: view.rated(500.0) * view.day.demand.fan[:, view.context], least=0
    ),
    Behaviour.WATER_FLOW: Reading(model=_water_flow, least=0),
    Behaviour.PRESSURE: Reading(model=_pressure, least=0),
    Behaviour.RUN_STATUS: Reading(model=_run_status, course=Course.STEP),
    Behaviour.SETPOINT: Reading(model=_setpoint, course=Course.STEP),
    Behaviour.MIXED_AIR_TEMPERATURE: Reading(model=_mixed_air, offset=0.2),
    Behaviour.EXHAUST_AIR_TEMPERATURE: Reading(model=_exhaust_air, offset=0.2),
    Behaviour.CHILLED_WATER_RETURN_TEMPERATURE: Reading(model=_chilled_return, offset=0.1),
    Behaviour.HOT_WATER_RETURN_TEMPERATURE: Reading(model=_hot_return, offset=0.2),
    Behaviour.CONDENSER_WATER_TEMPERATURE: Reading(model=_condenser_water, offset=0.2),
    Behaviour.COMPRESSOR_LOAD: Reading(
        model=lambda view: 100 * _demand(view), course=Course.SMOOTH, least=0, most=100
    ),
    Behaviour.FIRING_RATE: Reading(
        model=lambda view: 100 * _demand(view), course=Course.SMOOTH, least=0, most=100
    ),
    Behaviour.COEFFICIENT_OF_PERFORMANCE: Reading(model=_cop, least=0),
    Behaviour.PUMP_SPEED: Reading(model=_pump_speed, course=Course.SMOOTH, least=0, most=100),
    Behaviour.THERMAL_POWER: Reading(model=lambda view: view.rated(350.0) * _demand(view), least=0),
    Behaviour.FILTER_PRESSURE_DROP: Reading(model=_filter_drop, least=0),
    Behaviour.HUMIDIFIER_OUTPUT: Reading(
        model=_humidifier, course=Course.SMOOTH, least=0, most=100
    ),
}
