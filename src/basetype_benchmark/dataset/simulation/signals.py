"""What a point of each behaviour shows of a simulated day, before its sensor samples it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation import it
from basetype_benchmark.dataset.simulation.alarms import alarm_states
from basetype_benchmark.dataset.simulation.arrays import STEPS, Array, Ints, Mask, instant_hours
from basetype_benchmark.dataset.simulation.day import Day
from basetype_benchmark.dataset.simulation.points import Points
from basetype_benchmark.dataset.streams import stream

_IDLE_DUTY = 0.06


class Course(Enum):
    """How a value goes on between the instants of the grid."""

    LINE = "line"  # interpolated, measured with noise
    SMOOTH = "smooth"  # interpolated, known exactly: a command
    STEP = "step"  # holds during a step
    CHANCE = "chance"  # holds during a step, as the probability of a 1 in each sample


@dataclass(frozen=True, kw_only=True)
class View:
    """Points of one behaviour on a simulated day; `rng` is theirs alone."""

    day: Day
    behaviour: Behaviour
    context: Ints
    node: Ints
    equipment: Ints
    nominal: Array
    rng: np.random.Generator

    @property
    def count(self) -> int:
        """How many points."""
        return len(self.context)

    def rated(self, default: float) -> Array:
        """Nominal value of each point, or `default`."""
        return np.where(np.isnan(self.nominal), default, self.nominal)

    def power_kw(self) -> Array:
        """Electric power of the owner of each point (instants x points); 0 without one."""
        known = np.maximum(self.node, 0)
        return np.asarray(np.where(self.node >= 0, self.day.power_kw[:, known], 0.0))

    def load(self) -> Array:
        """Load of the equipment that owns each point; one half without one."""
        if not self.day.load.shape[1]:
            return np.full((STEPS + 1, self.count), 0.5)
        known = np.maximum(self.equipment, 0)
        return np.asarray(np.where(self.equipment >= 0, self.day.load[:, known], 0.5))


Model = Callable[[View], Array]


@dataclass(frozen=True, kw_only=True)
class Signal:
    """How a behaviour is shown: its model, its course, and the bounds of what sensors tell."""

    model: Model
    course: Course = Course.LINE
    least: float = -1e9
    most: float = 1e9
    offset: float = 0.0  # spread of the sensors' calibration


def view_points(seed: int, building_id: str, day: Day, points: Points, chosen: Ints) -> View:
    """Give the view of `chosen` points, which must have one behaviour."""
    behaviour = points.behaviours[int(chosen[0])]
    name = points.ids[int(chosen[0])]
    return View(
        day=day,
        behaviour=behaviour,
        context=points.context[chosen],
        node=points.node[chosen],
        equipment=points.equipment[chosen],
        nominal=points.nominal[chosen],
        rng=stream(seed, building_id, "signal", name, day.index),
    )


def _flag(state: Mask) -> Array:
    return state.astype(np.float64)


def _across(series: Array, view: View) -> Array:
    return np.repeat(series[:, None], view.count, axis=1)


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
    share = np.clip(np.abs(shift) / 12.0, 0, 0.6)  # a nominal below 22: mixed with outdoor air
    return np.asarray(room + 0.4 * view.day.on[:, view.context] + share * (outdoor - room))


def _chilled_water(view: View) -> Array:
    return view.day.chilled_water_c[:, None] + view.rated(7.0) - 7.0


def _hot_water(view: View) -> Array:
    rise = (view.day.hot_water_c[:, None] - 20.0) / 40.0
    return np.asarray(20.0 + rise * (view.rated(60.0) - 20.0))


def _fan_speed(view: View) -> Array:
    drive = view.day.demand.fan[:, view.context]
    return np.asarray(100 * drive * np.clip(view.rated(100.0) / 75.0, 0.4, 1.0))


def _water_flow(view: View) -> Array:
    demand = np.maximum(
        view.day.demand.heating[:, view.context], view.day.demand.cooling[:, view.context]
    )
    return np.asarray(view.rated(10.0) * demand)


def _pressure(view: View) -> Array:
    return np.asarray(view.rated(250.0) * (0.35 + 0.65 * view.day.demand.fan[:, view.context]))


def _run_status(view: View) -> Array:
    """Runs when it takes more than its standby."""
    if not view.day.duty.shape[1]:
        return np.ones((STEPS + 1, view.count))
    duty = view.day.duty[:, np.maximum(view.equipment, 0)]
    return _flag((view.equipment < 0) | (duty > _IDLE_DUTY))


def _setpoint(view: View) -> Array:
    on = view.day.on[:, view.context] > 0.5
    return np.where(on, view.rated(20.0), 0.9 * view.rated(20.0))


def _voltage(view: View) -> Array:
    swing = np.sin(2 * np.pi * (instant_hours() - 4) / 24)[:, None]
    sag = view.power_kw() / np.maximum(view.power_kw().max(axis=0), 1e-6)
    return np.asarray(view.rated(230.0) * (1.005 - 0.006 * swing - 0.008 * sag))


def _current(view: View) -> Array:
    """Per phase of a balanced three-phase supply, at a power factor of 0.93."""
    return np.asarray(view.power_kw() * 1000 / (3 * 230 * 0.93))


def _power_factor(view: View) -> Array:
    power = view.power_kw()
    share = power / np.maximum(power.max(axis=0), 1e-6)
    return np.asarray(np.clip(view.rated(0.95) - 0.12 * (1 - share), 0, 1))


def _rack_inlet(view: View) -> Array:
    return it.rack_inlet(view.day.temperature_c[:, view.context], view.load())


def _device_temperature(view: View) -> Array:
    room = view.day.temperature_c[:, view.context]
    return it.casing_temperature(room, view.rated(35.0), view.load())


def _throughput(view: View) -> Array:
    busy = 0.08 + 0.9 * view.day.occupancy[:, -1:] * view.load()
    return np.asarray(view.rated(100.0) * busy)


def _door(view: View) -> Array:
    return np.asarray(1 - np.exp(-0.25 * view.day.movements[:, view.context])) * 0.8 + 0.0003


def _motion(view: View) -> Array:
    return np.asarray(1 - np.exp(-0.9 * view.day.people[:, view.context]))


def _damper(view: View) -> Array:
    return 100 * view.day.damper[:, view.context]


def _trips(view: View) -> Array:
    """Trips counted so far: a part of the movements in the context, with a level of its own."""
    moved = view.day.movements[:, view.context]
    before = np.cumsum(moved, axis=0) - moved
    share = 0.15 + 0.2 * (view.context % 7) / 7
    return np.asarray(np.floor(share * (view.day.start.movements[view.context] + before)))


def _tank(view: View) -> Array:
    """Falls with use through the day, and is filled again between 22 and 24 h."""
    hours = instant_hours()[:, None]
    used = np.cumsum(view.day.occupancy[:, view.context], axis=0) / STEPS
    filled = np.clip((hours - 22) / 2, 0, 1)
    return np.asarray(view.rated(90.0) * (1 - 0.35 * used * (1 - filled)))


def _alarm(view: View) -> Array:
    states = alarm_states(view.rng, view.count)
    return np.vstack([states, states[-1:]])


def _illuminance(view: View) -> Array:
    lamps = 500 * view.day.demand.light[:, view.context]
    return np.asarray(lamps + view.day.daylight_lx[:, view.context])


SIGNALS: Mapping[Behaviour, Signal] = {
    Behaviour.OUTDOOR_TEMPERATURE: Signal(
        model=lambda view: _across(view.day.weather.temperature_c, view), offset=0.2
    ),
    Behaviour.OUTDOOR_HUMIDITY: Signal(
        model=lambda view: _across(view.day.weather.humidity_pct, view), least=0, most=100, offset=1
    ),
    Behaviour.SOLAR_IRRADIANCE: Signal(
        model=lambda view: _across(view.day.weather.irradiance_w_m2, view), least=0
    ),
    Behaviour.WIND_SPEED: Signal(
        model=lambda view: _across(view.day.weather.wind_m_s, view), least=0
    ),
    Behaviour.ZONE_TEMPERATURE: Signal(
        model=lambda view: view.day.temperature_c[:, view.context], offset=0.15
    ),
    Behaviour.ZONE_TEMPERATURE_SETPOINT: Signal(
        model=lambda view: view.day.setpoint_c[:, view.context], course=Course.STEP
    ),
    Behaviour.ZONE_CO2: Signal(
        model=lambda view: view.day.co2_ppm[:, view.context], least=350, offset=10
    ),
    Behaviour.ZONE_HUMIDITY: Signal(
        model=lambda view: view.day.humidity_pct[:, view.context], least=0, most=100, offset=1
    ),
    Behaviour.PEOPLE_COUNT: Signal(
        model=lambda view: view.day.people[:, view.context], course=Course.STEP
    ),
    Behaviour.OCCUPANCY: Signal(
        model=lambda view: _flag(view.day.people[:, view.context] > 0), course=Course.STEP
    ),
    Behaviour.ILLUMINANCE: Signal(model=_illuminance, least=0),
    Behaviour.SUPPLY_AIR_TEMPERATURE: Signal(model=_supply_air, offset=0.2),
    Behaviour.RETURN_AIR_TEMPERATURE: Signal(model=_return_air, offset=0.2),
    Behaviour.CHILLED_WATER_TEMPERATURE: Signal(model=_chilled_water, offset=0.1),
    Behaviour.HOT_WATER_TEMPERATURE: Signal(model=_hot_water, offset=0.2),
    Behaviour.HEATING_VALVE: Signal(
        model=lambda view: 100 * view.day.demand.heating[:, view.context], course=Course.SMOOTH
    ),
    Behaviour.COOLING_VALVE: Signal(
        model=lambda view: 100 * view.day.demand.cooling[:, view.context], course=Course.SMOOTH
    ),
    Behaviour.DAMPER_POSITION: Signal(model=_damper, course=Course.SMOOTH, least=0, most=100),
    Behaviour.FAN_SPEED: Signal(model=_fan_speed, course=Course.SMOOTH, least=0, most=100),
    Behaviour.AIR_FLOW: Signal(
        model=lambda view: view.rated(500.0) * view.day.demand.fan[:, view.context], least=0
    ),
    Behaviour.WATER_FLOW: Signal(model=_water_flow, least=0),
    Behaviour.PRESSURE: Signal(model=_pressure, least=0),
    Behaviour.RUN_STATUS: Signal(model=_run_status, course=Course.STEP),
    Behaviour.SETPOINT: Signal(model=_setpoint, course=Course.STEP),
    Behaviour.ACTIVE_POWER: Signal(model=lambda view: view.power_kw(), least=0),
    Behaviour.VOLTAGE: Signal(model=_voltage, least=0),
    Behaviour.CURRENT: Signal(model=_current, least=0),
    Behaviour.POWER_FACTOR: Signal(model=_power_factor, least=0, most=1),
    Behaviour.RACK_INLET_TEMPERATURE: Signal(model=_rack_inlet, offset=0.3),
    Behaviour.CPU_LOAD: Signal(model=lambda view: 100 * view.load(), least=0, most=100),
    Behaviour.DEVICE_TEMPERATURE: Signal(model=_device_temperature, offset=0.5),
    Behaviour.NETWORK_THROUGHPUT: Signal(model=_throughput, least=0),
    Behaviour.LIGHT_LEVEL: Signal(
        model=lambda view: 100 * view.day.demand.light[:, view.context], course=Course.SMOOTH
    ),
    Behaviour.LIGHT_STATUS: Signal(
        model=lambda view: _flag(view.day.demand.light[:, view.context] > 0), course=Course.STEP
    ),
    Behaviour.DOOR_STATUS: Signal(model=_door, course=Course.CHANCE),
    Behaviour.MOTION: Signal(model=_motion, course=Course.CHANCE),
    Behaviour.ALARM: Signal(model=_alarm, course=Course.STEP),
    Behaviour.TRIP_COUNTER: Signal(model=_trips, course=Course.STEP, least=0),
    Behaviour.TANK_LEVEL: Signal(model=_tank, least=0, most=100),
}
"""Every behaviour but those of `reporting` that have exact times: energy, carbon and badges."""
