"""What values each quantity can have in a building of a temperate climate."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from basetype_benchmark.dataset.invariants.facts import BuildingFacts
from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation.arrays import Array

_FLAG = (0.0, 1.0)
_PERCENT = (0.0, 100.0)
_WATER_C = (2.0, 95.0)  # in closed circuits, neither ice nor steam
_AIR_C = (5.0, 60.0)  # in ducts and rooms
_COUNT = (0.0, 1e9)

BOUNDS: Mapping[Behaviour, tuple[float, float]] = {
    Behaviour.OUTDOOR_TEMPERATURE: (-25.0, 45.0),
    Behaviour.OUTDOOR_HUMIDITY: _PERCENT,
    Behaviour.SOLAR_IRRADIANCE: (0.0, 1361.0),  # the solar constant
    Behaviour.WIND_SPEED: (0.0, 60.0),
    Behaviour.WIND_DIRECTION: (0.0, 360.0),
    Behaviour.OUTDOOR_DEW_POINT: (-40.0, 30.0),
    Behaviour.OUTDOOR_ILLUMINANCE: (0.0, 150_000.0),
    Behaviour.BAROMETRIC_PRESSURE: (940.0, 1060.0),
    Behaviour.RAIN_RATE: (0.0, 150.0),
    Behaviour.CARBON_INTENSITY: (0.0, 1000.0),
    Behaviour.ZONE_TEMPERATURE: (8.0, 45.0),
    Behaviour.ZONE_TEMPERATURE_SETPOINT: (10.0, 35.0),
    Behaviour.ZONE_CO2: (350.0, 5000.0),
    Behaviour.ZONE_HUMIDITY: _PERCENT,
    Behaviour.PEOPLE_COUNT: (0.0, 1e4),
    Behaviour.OCCUPANCY: _FLAG,
    Behaviour.ILLUMINANCE: (0.0, 100_000.0),
    Behaviour.ZONE_TVOC: (0.0, 5000.0),
    Behaviour.ZONE_PARTICULATES: (0.0, 500.0),
    Behaviour.SOUND_LEVEL: (15.0, 110.0),
    Behaviour.SUPPLY_AIR_TEMPERATURE: _AIR_C,
    Behaviour.RETURN_AIR_TEMPERATURE: _AIR_C,
    Behaviour.MIXED_AIR_TEMPERATURE: (-20.0, 50.0),
    Behaviour.EXHAUST_AIR_TEMPERATURE: (-20.0, 50.0),
    Behaviour.CHILLED_WATER_TEMPERATURE: (2.0, 45.0),
    Behaviour.HOT_WATER_TEMPERATURE: (8.0, 95.0),
    Behaviour.CHILLED_WATER_RETURN_TEMPERATURE: (2.0, 45.0),
    Behaviour.HOT_WATER_RETURN_TEMPERATURE: (8.0, 95.0),
    Behaviour.CONDENSER_WATER_TEMPERATURE: _WATER_C,
    Behaviour.TANK_TEMPERATURE: _WATER_C,
    Behaviour.HEATING_VALVE: _PERCENT,
    Behaviour.COOLING_VALVE: _PERCENT,
    Behaviour.DAMPER_POSITION: _PERCENT,
    Behaviour.FAN_SPEED: _PERCENT,
    Behaviour.PUMP_SPEED: _PERCENT,
    Behaviour.COMPRESSOR_LOAD: _PERCENT,
    Behaviour.FIRING_RATE: _PERCENT,
    Behaviour.HUMIDIFIER_OUTPUT: _PERCENT,
    Behaviour.AIR_FLOW: (0.0, 1e6),
    Behaviour.WATER_FLOW: (0.0, 1e4),
    Behaviour.PRESSURE: (0.0, 3000.0),
    Behaviour.COEFFICIENT_OF_PERFORMANCE: (0.0, 15.0),
    Behaviour.THERMAL_POWER: (0.0, 1e5),
    Behaviour.FILTER_PRESSURE_DROP: (0.0, 1000.0),
    Behaviour.RUN_HOURS: _COUNT,
    Behaviour.START_COUNT: _COUNT,
    Behaviour.GAS_TOTAL: _COUNT,
    Behaviour.RUN_STATUS: _FLAG,
    Behaviour.SETPOINT: (0.0, 1e5),
    Behaviour.ACTIVE_POWER: (0.0, 1e5),
    Behaviour.ENERGY_INTERVAL: (0.0, 1e5),
    Behaviour.ENERGY_TOTAL: (0.0, 1e10),
    Behaviour.VOLTAGE: (0.0, 24_000.0),
    Behaviour.CURRENT: (0.0, 1e4),
    Behaviour.POWER_FACTOR: _FLAG,
    Behaviour.APPARENT_POWER: (0.0, 1e5),
    Behaviour.REACTIVE_POWER: (0.0, 1e5),
    Behaviour.FREQUENCY: (47.5, 51.5),  # EN 50160
    Behaviour.HARMONIC_DISTORTION: _PERCENT,
    Behaviour.PEAK_DEMAND: (0.0, 1e5),
    Behaviour.BATTERY_CHARGE: _PERCENT,
    Behaviour.RACK_INLET_TEMPERATURE: (8.0, 50.0),
    Behaviour.CPU_LOAD: _PERCENT,
    Behaviour.DEVICE_TEMPERATURE: (5.0, 110.0),
    Behaviour.NETWORK_THROUGHPUT: (0.0, 1e6),
    Behaviour.MEMORY_LOAD: _PERCENT,
    Behaviour.DISK_USE: _PERCENT,
    Behaviour.ERROR_COUNT: _COUNT,
    Behaviour.LIGHT_LEVEL: _PERCENT,
    Behaviour.LIGHT_STATUS: _FLAG,
    Behaviour.ACCESS_EVENT: _FLAG,
    Behaviour.DOOR_STATUS: _FLAG,
    Behaviour.MOTION: _FLAG,
    Behaviour.ALARM: _FLAG,
    Behaviour.TRIP_COUNTER: _COUNT,
    Behaviour.TANK_LEVEL: _PERCENT,
    Behaviour.LIFT_FLOOR: (-10.0, 200.0),
    Behaviour.LIFT_LOAD: _PERCENT,
    Behaviour.LIFT_DIRECTION: (-1.0, 1.0),
    Behaviour.WATER_DRAW: (0.0, 1e4),
    Behaviour.WATER_TOTAL: _COUNT,
    Behaviour.PARKING_OCCUPIED: (0.0, 1e4),
    Behaviour.CARBON_MONOXIDE: (0.0, 500.0),
    Behaviour.BLIND_POSITION: _PERCENT,
    Behaviour.SLAT_ANGLE: _PERCENT,
    Behaviour.LOCK_STATUS: _FLAG,
    Behaviour.WINDOW_STATUS: _FLAG,
    Behaviour.SAFETY_DAMPER: _PERCENT,
    Behaviour.WATER_PRESSURE: (0.0, 2000.0),
    Behaviour.WATER_PUMP_SPEED: _PERCENT,
    Behaviour.PARKING_ENTRIES: _COUNT,
    Behaviour.CAR_PARK_FAN: _PERCENT,
}
"""Least and greatest value of each behaviour, in the unit of its points."""


def bounds_of(building: BuildingFacts) -> tuple[Array, Array]:
    """Least and greatest value that each point of a building can show."""
    pairs = np.array([BOUNDS[behaviour] for behaviour in building.behaviours]).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]
