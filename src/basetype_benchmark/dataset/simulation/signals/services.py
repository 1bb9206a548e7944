"""What the other services of a building show: elevators, tanks, alarms."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation import lifts, parking, water
from basetype_benchmark.dataset.simulation.alarms import alarm_states
from basetype_benchmark.dataset.simulation.arrays import STEP_S, STEPS, Array, Mask, instant_hours
from basetype_benchmark.dataset.simulation.signals.reading import Course, Reading, View, across
from basetype_benchmark.dataset.simulation.totals import counted, starts_during

_PASSAGES_PER_MOVEMENT = 0.04


def _trips(view: View) -> Array:
    """Trips counted so far: a part of the movements in the context, with a level of its own.

    Lifts and turnstiles share in those of the whole building.
    """
    shares = {"elevator": lifts.RIDES_PER_MOVEMENT, "turnstile": _PASSAGES_PER_MOVEMENT}
    common = np.array([shares.get(kind, 0.0) for kind in view.kinds]) / view.count_of_kind()
    context = np.where(common > 0, len(view.day.start.totals.movements) - 1, view.context)
    moved = view.day.movements[:, context]
    before = np.cumsum(moved, axis=0) - moved
    share = np.where(common > 0, common, 0.15 + 0.2 * (view.context % 7) / 7)
    return np.asarray(np.floor(share * (view.day.start.totals.movements[context] + before)))


def _tank(view: View) -> Array:
    """Falls with use through the day, and is filled again between 22 and 24 h."""
    hours = instant_hours()[:, None]
    used = np.cumsum(view.day.occupancy[:, view.context], axis=0) / STEPS
    filled = np.clip((hours - 22) / 2, 0, 1)
    return np.asarray(view.rated(90.0) * (1 - 0.35 * used * (1 - filled)))


def _alarm(view: View) -> Array:
    states = alarm_states(view.draw(view.day.index - 1), view.rng, view.count)
    return np.vstack([states, states[-1:]])


def _run_hours(view: View) -> Array:
    totals = view.day.start.totals
    return _counted_of_owner(view, totals.running_steps, view.day.running) * (STEP_S / 3600)


def _starts(view: View) -> Array:
    day = view.day
    begun = starts_during(day.start.totals.was_running, day.running)
    return _counted_of_owner(view, day.start.totals.starts, begun)


def _counted_of_owner(view: View, before: Array, steps: Mask) -> Array:
    """Counter of the equipment that owns each point; 0 without one."""
    if not len(before):
        return np.zeros((STEPS + 1, view.count))
    owner = np.maximum(view.equipment, 0)
    return np.asarray(np.where(view.equipment >= 0, counted(before[owner], steps[:, owner]), 0.0))


def _gas(view: View) -> Array:
    """Volume in m3: the boilers' full-load hours times their rated draw (`nominal`, m3/h)."""
    totals, heating = view.day.start.totals, view.day.demand.heating[:STEPS]
    hours = counted(totals.heating_hours, heating * (STEP_S / 3600))
    return np.asarray(hours[:, -1:] * view.rated(85.0))


def _errors(view: View) -> Array:
    """Errors counted so far: each device at a rate of its own, none to four a day."""
    days = view.day.index + instant_hours() / 24
    return np.asarray(np.floor(days[:, None] * (np.maximum(view.equipment, 0) % 5)))


def _rides(view: View) -> Array:
    """Persons who take each lift: its share in the movements of the building."""
    part = lifts.RIDES_PER_MOVEMENT / view.count_of_kind()
    return np.asarray(view.day.movements[:, -1:] * part)


def _lift_floor(view: View) -> Array:
    moved = _rides(view)[:STEPS]
    floors = lifts.floors_of(view.rng, moved, view.rated(6.0))
    return np.vstack([floors, floors[-1:]])


def _lift_direction(view: View) -> Array:
    """1 up, -1 down, 0 at rest."""
    return np.sign(np.diff(_lift_floor(view), axis=0, append=0.0))


def _lift_load(view: View) -> Array:
    return lifts.load_pct(_rides(view))


def _is_central(view: View) -> Mask:
    return np.array([water.is_central(kind) for kind in view.kinds], dtype=np.bool_)


def _of_taps(view: View, values: Array) -> Array:
    """Values of each owner's room; of the building for what serves all of its taps."""
    return np.where(_is_central(view), values[:, -1:], view.of_context(values))


def _share_of_taps(view: View) -> Array:
    """Part that each owner has in what it measures: where there are several, all the same."""
    return np.where(_is_central(view), 1 / view.count_of_kind(), 1.0)


def _water_draw(view: View) -> Array:
    drawn = water.draw_m3_h(_of_taps(view, view.day.people)) + water.drip_m3_h(_is_central(view))
    return np.asarray(drawn * _share_of_taps(view))


def _water_total(view: View) -> Array:
    day = view.day
    hours = counted(day.start.totals.person_hours, day.people[:STEPS] * (STEP_S / 3600))
    days = day.index + instant_hours()[:, None] / 24
    return np.asarray(water.volume_m3(_of_taps(view, hours), days) * _share_of_taps(view))


def _tank_temperature(view: View) -> Array:
    return water.tank_temperature(view.rated(58.0), _of_taps(view, view.day.occupancy))


def _water_pressure(view: View) -> Array:
    return np.asarray(view.rated(420.0) * (1 - 0.06 * _of_taps(view, view.day.occupancy)))


def _water_pump(view: View) -> Array:
    busy = _of_taps(view, view.day.occupancy)
    return np.where(busy > 0, 35.0 + 60.0 * busy, 20.0)


def _parked(view: View) -> Array:
    return parking.cars_parked(view.day.people[:, -1:], view.rated(30.0))


def _parking_entries(view: View) -> Array:
    day = view.day
    came = counted(day.start.totals.movements, day.movements[:STEPS])[:, -1:]
    return np.repeat(parking.cars_come(came), view.count, axis=1)


def _carbon_monoxide(view: View) -> Array:
    return across(parking.carbon_monoxide_ppm(view.day.movements[:, -1]), view)


def _car_park_fan(view: View) -> Array:
    """Speed in % that carbon monoxide above 5 ppm asks for, all at 25 ppm."""
    return 100.0 * np.clip((_carbon_monoxide(view) - 5.0) / 20.0, 0.0, 1.0)


def _safety_damper(view: View) -> Array:
    """Open in %; closed for five minutes in the monthly function test."""
    hours = instant_hours()[:, None]
    is_test = (view.day.index + view.context) % 30 == 12
    return np.where(is_test & (hours >= 9.0) & (hours < 9.05), 0.0, 100.0)


SERVICES: Mapping[Behaviour, Reading] = {
    Behaviour.ALARM: Reading(model=_alarm, course=Course.STEP),
    Behaviour.TRIP_COUNTER: Reading(model=_trips, course=Course.STEP, least=0),
    Behaviour.TANK_LEVEL: Reading(model=_tank, least=0, most=100),
    Behaviour.RUN_HOURS: Reading(model=_run_hours, course=Course.STEP, least=0),
    Behaviour.START_COUNT: Reading(model=_starts, course=Course.STEP, least=0),
    Behaviour.GAS_TOTAL: Reading(model=_gas, course=Course.STEP, least=0),
    Behaviour.ERROR_COUNT: Reading(model=_errors, course=Course.STEP, least=0),
    Behaviour.LIFT_FLOOR: Reading(model=_lift_floor, course=Course.STEP, least=0),
    Behaviour.LIFT_DIRECTION: Reading(model=_lift_direction, course=Course.STEP),
    Behaviour.LIFT_LOAD: Reading(model=_lift_load, course=Course.STEP, least=0, most=100),
    Behaviour.WATER_DRAW: Reading(model=_water_draw, least=0),
    Behaviour.WATER_TOTAL: Reading(model=_water_total, course=Course.STEP, least=0),
    Behaviour.WATER_PRESSURE: Reading(model=_water_pressure, least=0),
    Behaviour.WATER_PUMP_SPEED: Reading(model=_water_pump, course=Course.SMOOTH, least=0),
    Behaviour.TANK_TEMPERATURE: Reading(model=_tank_temperature, offset=0.3),
    Behaviour.PARKING_OCCUPIED: Reading(model=_parked, course=Course.STEP, least=0),
    Behaviour.PARKING_ENTRIES: Reading(model=_parking_entries, course=Course.STEP, least=0),
    Behaviour.CARBON_MONOXIDE: Reading(model=_carbon_monoxide, least=0),
    Behaviour.CAR_PARK_FAN: Reading(model=_car_park_fan, course=Course.SMOOTH, least=0),
    Behaviour.SAFETY_DAMPER: Reading(model=_safety_damper, course=Course.STEP),
}
