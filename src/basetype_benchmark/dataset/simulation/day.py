"""One day of one building: the physical state that all of its points show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from basetype_benchmark.dataset.model import EPOCH
from basetype_benchmark.dataset.simulation import hvac, it, power, zones
from basetype_benchmark.dataset.simulation.arrays import STEPS, Array, Mask, quantised
from basetype_benchmark.dataset.simulation.building import Building
from basetype_benchmark.dataset.simulation.calendar import is_working_day, movements
from basetype_benchmark.dataset.simulation.contexts import (
    means_by_context,
    sums_by_context,
    to_instants,
)
from basetype_benchmark.dataset.simulation.grid import carbon_intensity
from basetype_benchmark.dataset.simulation.rooms import Rooms, simulate_rooms
from basetype_benchmark.dataset.simulation.totals import Totals, no_totals
from basetype_benchmark.dataset.simulation.weather import (
    Weather,
    moisture,
    relative_humidity,
    weather_of,
)

_TRAFFIC_FULL_USE = 12.0  # movements in a step that keep an elevator busy
_SPIN_UP_DAYS = 2


@dataclass(frozen=True, kw_only=True)
class DayState:
    """What one day hands on to the next: spaces, water circuits, counters."""

    temperature_c: Array
    co2_ppm: Array
    moisture: Array
    hot_water_c: float
    chilled_water_c: float
    energy_kwh: Array  # by electric node
    totals: Totals


@dataclass(frozen=True, kw_only=True)
class Day:
    """A simulated day. Arrays by context or electric node have one row per instant of the grid.

    Of quantities that hold during a step, the last row repeats the one before. `people` and
    `movements` of a zone or building are sums over its spaces, the rest means by area. Spaces
    come first among the contexts, the building last.
    """

    date: date
    index: int
    working: bool
    weather: Weather
    carbon: Array
    people: Array
    movements: Array
    occupancy: Array  # people by seats
    temperature_c: Array
    setpoint_c: Array
    co2_ppm: Array
    humidity_pct: Array
    demand: power.Demand
    damper: Array
    on: Array
    daylight_lx: Array
    hot_water_c: Array
    chilled_water_c: Array
    load: Array  # by equipment
    duty: Array  # by equipment: part of the rated power
    power_kw: Array  # by electric node
    energy_kwh: Array  # by electric node, one row per 15 minutes
    running: Mask  # by equipment, during the steps
    start: DayState


def date_of(day_index: int) -> date:
    """Date of a day counted from the epoch."""
    return EPOCH.date() + timedelta(days=day_index)


def initial_state(seed: int, building: Building) -> DayState:
    """State at the epoch: what two days before it lead to, with all counters at zero."""
    spaces = len(building.spaces.ids)
    nodes = len(building.electricity.node_index())
    totals = no_totals(
        contexts=spaces + len(building.shares),
        equipment=len(building.electricity.equipment.ids),
        nodes=nodes,
    )
    state = DayState(
        temperature_c=np.full(spaces, 20.0),
        co2_ppm=np.full(spaces, 450.0),
        moisture=np.full(spaces, 0.006),
        hot_water_c=35.0,
        chilled_water_c=12.0,
        energy_kwh=np.zeros(nodes),
        totals=totals,
    )
    for day_index in range(-_SPIN_UP_DAYS, 0):
        state = next_state(simulate_day(seed, building, day_index, state))
    was_running = state.totals.was_running
    return replace(
        state, energy_kwh=np.zeros(nodes), totals=replace(totals, was_running=was_running)
    )


def next_state(day: Day) -> DayState:
    """State at the end of a day."""
    spaces = len(day.start.temperature_c)
    humid = day.humidity_pct[-1, :spaces]
    temperature = day.temperature_c[-1, :spaces]
    return DayState(
        temperature_c=quantised(temperature),
        co2_ppm=quantised(day.co2_ppm[-1, :spaces]),
        moisture=quantised(moisture(temperature, humid)),
        hot_water_c=float(quantised(day.hot_water_c[-1])),
        chilled_water_c=float(quantised(day.chilled_water_c[-1])),
        energy_kwh=day.start.energy_kwh + day.energy_kwh.sum(axis=0),
        totals=day.start.totals.after(
            movements=day.movements,
            people=day.people,
            heating=day.demand.heating,
            running=day.running,
            energy_kwh=day.energy_kwh,
            tomorrow=date_of(day.index + 1),
        ),
    )


def simulate_day(seed: int, building: Building, day_index: int, start: DayState) -> Day:
    """Simulate one day of a building from its state at midnight."""
    today = date_of(day_index)
    working = is_working_day(today)
    weather = weather_of(seed, today, day_index)
    devices = len(building.electricity.equipment.ids)
    load = it.device_load(seed, building.id, day_index, devices, working)
    rooms = simulate_rooms(
        seed,
        building,
        day_index,
        working=working,
        weather=weather,
        load=load,
        start=(start.temperature_c, start.co2_ppm, start.moisture),
    )
    demand = _demand(building, rooms)
    duty = power.duty(building.electricity.equipment, demand, load)
    power_kw, energy_kwh = _electricity(building, rooms, duty)
    shares, air = building.shares, rooms.air
    temperature_c = means_by_context(air.temperature_c, shares, 20.0)
    moisture_kg_kg = means_by_context(air.moisture, shares, 0.006)
    return Day(
        date=today,
        index=day_index,
        working=working,
        weather=weather,
        carbon=carbon_intensity(seed, day_index, weather, working),
        people=sums_by_context(rooms.people, shares),
        movements=sums_by_context(movements(rooms.people), shares),
        occupancy=means_by_context(rooms.occupancy, shares),
        temperature_c=temperature_c,
        setpoint_c=means_by_context(rooms.setpoint_c, shares, 20.0),
        co2_ppm=means_by_context(air.co2_ppm, shares, zones.OUTDOOR_CO2_PPM),
        humidity_pct=relative_humidity(temperature_c, moisture_kg_kg),
        demand=demand,
        damper=means_by_context(air.damper, shares),
        on=means_by_context(rooms.on, shares),
        daylight_lx=means_by_context(rooms.daylight_lx, shares),
        hot_water_c=hvac.hot_water(
            demand.heating[:STEPS, -1], weather.temperature_c, start.hot_water_c
        ),
        chilled_water_c=hvac.chilled_water(demand.cooling[:STEPS, -1], start.chilled_water_c),
        load=load,
        duty=duty,
        power_kw=power_kw,
        energy_kwh=energy_kwh,
        running=duty[:STEPS] > power.IDLE_DUTY,
        start=start,
    )


def _demand(building: Building, rooms: Rooms) -> power.Demand:
    """What the spaces ask of the equipment."""
    shares, air = building.shares, rooms.air
    heating = means_by_context(air.heating, shares)
    cooling = means_by_context(air.cooling, shares)
    damper = means_by_context(air.damper, shares)
    moved = sums_by_context(movements(rooms.people), shares)
    presence = means_by_context(rooms.occupancy, shares)
    fan = hvac.fan_drive(heating, cooling, damper, means_by_context(rooms.on, shares))
    # The building asks of its chillers what its rooms take from them, not a mean of their valves.
    cooling[:, -1:] = to_instants(rooms.chiller_load[:, None])
    return power.Demand(
        heating=heating,
        cooling=cooling,
        fan=fan,
        light=means_by_context(rooms.light, shares),
        occupied=np.where(presence > 0, 1.0, 0.0),
        presence=presence,
        traffic=np.minimum(moved / _TRAFFIC_FULL_USE, 1.0),
    )


def _electricity(building: Building, rooms: Rooms, duty: Array) -> tuple[Array, Array]:
    """Power at the instants and energy of the intervals, of meters and then equipment."""
    wiring = building.electricity
    own, through = power.equipment_power(wiring.equipment, duty)
    metered = power.meter_energy(wiring, own, rooms.lighting_kw, rooms.plugs_kw)
    held = np.repeat(metered, STEPS // power.INTERVALS, axis=0) * (3600 / power.INTERVAL_S)
    drawn = power.to_ticks(power.interval_energy(through))
    return np.hstack([to_instants(held), through]), np.hstack([metered, drawn])
