"""One day of one building: the physical state that all of its points show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from basetype_benchmark.dataset.model import EPOCH
from basetype_benchmark.dataset.simulation import hvac, it, lighting, power, zones
from basetype_benchmark.dataset.simulation.arrays import STEPS, Array
from basetype_benchmark.dataset.simulation.building import Building
from basetype_benchmark.dataset.simulation.calendar import (
    Presence,
    is_working_day,
    movements,
    people_in_spaces,
)
from basetype_benchmark.dataset.simulation.grid import carbon_intensity
from basetype_benchmark.dataset.simulation.weather import (
    Weather,
    moisture,
    relative_humidity,
    weather_of,
)
from basetype_benchmark.dataset.streams import stream

_PERSON_W = 75.0
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
    movements: Array  # by context


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
    heating: Array
    cooling: Array
    damper: Array
    fan: Array
    on: Array
    light: Array
    daylight_lx: Array
    hot_water_c: Array
    chilled_water_c: Array
    load: Array  # by equipment
    duty: Array  # by equipment: part of the rated power
    power_kw: Array  # by electric node
    energy_kwh: Array  # by electric node, one row per 15 minutes
    start: DayState


def date_of(day_index: int) -> date:
    """Date of a day counted from the epoch."""
    return EPOCH.date() + timedelta(days=day_index)


def initial_state(seed: int, building: Building) -> DayState:
    """State at the epoch: what two days before it lead to, with all counters at zero."""
    spaces = len(building.spaces.ids)
    nodes = len(building.electricity.node_index())
    state = DayState(
        temperature_c=np.full(spaces, 20.0),
        co2_ppm=np.full(spaces, 450.0),
        moisture=np.full(spaces, 0.006),
        hot_water_c=35.0,
        chilled_water_c=12.0,
        energy_kwh=np.zeros(nodes),
        movements=np.zeros(spaces + len(building.shares)),
    )
    for day_index in range(-_SPIN_UP_DAYS, 0):
        state = next_state(simulate_day(seed, building, day_index, state))
    return DayState(
        temperature_c=state.temperature_c,
        co2_ppm=state.co2_ppm,
        moisture=state.moisture,
        hot_water_c=state.hot_water_c,
        chilled_water_c=state.chilled_water_c,
        energy_kwh=np.zeros(nodes),
        movements=np.zeros(spaces + len(building.shares)),
    )


def next_state(day: Day) -> DayState:
    """State at the end of a day."""
    spaces = len(day.start.temperature_c)
    humid = day.humidity_pct[-1, :spaces]
    temperature = day.temperature_c[-1, :spaces]
    return DayState(
        temperature_c=temperature,
        co2_ppm=day.co2_ppm[-1, :spaces],
        moisture=moisture(temperature, humid),
        hot_water_c=float(day.hot_water_c[-1]),
        chilled_water_c=float(day.chilled_water_c[-1]),
        energy_kwh=day.start.energy_kwh + day.energy_kwh.sum(axis=0),
        movements=day.start.movements + day.movements[:STEPS].sum(axis=0),
    )


def simulate_day(seed: int, building: Building, day_index: int, start: DayState) -> Day:
    """Simulate one day of a building from its state at midnight."""
    today = date_of(day_index)
    working = is_working_day(today)
    spaces = building.spaces
    weather = weather_of(seed, today, day_index)
    rng = stream(seed, building.id, "people", day_index)
    people = people_in_spaces(rng, spaces.presence, spaces.capacity, working)
    occupancy = people / np.maximum(spaces.capacity, 1)
    sun_lx = lighting.daylight(
        weather.facade_w_m2[:STEPS], spaces.facade, spaces.window_m2, spaces.area_m2
    )
    on = hvac.running(spaces.always_on, working)
    passing = (spaces.presence == Presence.PASSING).astype(np.float64)
    office_hours = np.clip(on, 0, 1) * (1 - spaces.always_on)
    light = lighting.light_level(lighting.lit_spaces(people, passing, office_hours), sun_lx)
    load = it.device_load(
        seed, building.id, day_index, len(building.electricity.equipment.ids), working
    )
    light_kw, plugs_kw = _space_power(building, light, occupancy)
    it_w = _it_heat(building, load)
    gains_w = (
        _PERSON_W * people
        + 1000 * (light_kw + plugs_kw)
        + it_w
        + zones.solar_gain(weather.facade_w_m2[:STEPS], spaces.facade, spaces.window_m2)
    )
    wish = stream(seed, building.id, "comfort").choice([-0.5, 0.0, 0.5, 1.0], len(spaces.ids))
    setpoint = hvac.heating_setpoint(on, spaces.always_on, wish)
    air = zones.simulate_air(
        _envelope(building),
        zones.Drive(
            outdoor_c=weather.temperature_c,
            outdoor_moisture=weather.moisture_kg_kg,
            people=people,
            gains_w=gains_w,
            on=on,
            heating_setpoint_c=setpoint,
            cooling_setpoint_c=hvac.cooling_setpoint(on, setpoint),
        ),
        (start.temperature_c, start.co2_ppm, start.moisture),
    )
    return _assemble(
        building,
        Fields(
            people=people,
            occupancy=occupancy,
            light=light,
            light_kw=light_kw,
            plugs_kw=plugs_kw,
            daylight_lx=sun_lx,
            on=on,
            setpoint_c=setpoint,
            load=load,
            air=air,
        ),
        seed=seed,
        day_index=day_index,
        weather=weather,
        start=start,
    )


@dataclass(frozen=True, kw_only=True)
class Fields:
    """What is known of the spaces during the steps of a day (steps x spaces), and their air."""

    people: Array
    occupancy: Array
    light: Array
    light_kw: Array
    plugs_kw: Array
    daylight_lx: Array
    on: Array
    setpoint_c: Array
    load: Array
    air: zones.Air


def _assemble(
    building: Building,
    fields: Fields,
    *,
    seed: int,
    day_index: int,
    weather: Weather,
    start: DayState,
) -> Day:
    today = date_of(day_index)
    working = is_working_day(today)
    air = fields.air

    def mean(values: Array, default: float = 0.0) -> Array:
        return _by_context(building, _to_instants(values), default)

    heating, cooling, damper = mean(air.heating), mean(air.cooling), mean(air.damper)
    on, light, occupancy = mean(fields.on), mean(fields.light), mean(fields.occupancy)
    moved = _sums(building, _to_instants(movements(fields.people)))
    fan = hvac.fan_drive(heating, cooling, damper, on)
    part_load = power.duty(
        building.electricity.equipment,
        power.Demand(
            heating=heating,
            cooling=cooling,
            fan=fan,
            light=light,
            occupied=(occupancy > 0).astype(np.float64),
            traffic=np.minimum(moved / _TRAFFIC_FULL_USE, 1.0),
        ),
        fields.load,
    )
    power_kw, energy_kwh = _electricity(building, fields, part_load)
    temperature = mean(air.temperature_c, 20.0)
    return Day(
        date=today,
        index=day_index,
        working=working,
        weather=weather,
        carbon=carbon_intensity(seed, day_index, weather, working),
        people=_sums(building, _to_instants(fields.people)),
        movements=moved,
        occupancy=occupancy,
        temperature_c=temperature,
        setpoint_c=mean(fields.setpoint_c, 20.0),
        co2_ppm=mean(air.co2_ppm, zones.OUTDOOR_CO2_PPM),
        humidity_pct=relative_humidity(temperature, mean(air.moisture, 0.006)),
        heating=heating,
        cooling=cooling,
        damper=damper,
        fan=fan,
        on=on,
        light=light,
        daylight_lx=mean(fields.daylight_lx),
        hot_water_c=hvac.hot_water(heating[:STEPS, -1], weather.temperature_c, start.hot_water_c),
        chilled_water_c=hvac.chilled_water(cooling[:STEPS, -1], start.chilled_water_c),
        load=fields.load,
        duty=part_load,
        power_kw=power_kw,
        energy_kwh=energy_kwh,
        start=start,
    )


def _electricity(building: Building, fields: Fields, part_load: Array) -> tuple[Array, Array]:
    """Power at the instants and energy of the intervals, of meters and then equipment."""
    wiring = building.electricity
    own, through = power.equipment_power(wiring.equipment, part_load)
    metered = power.meter_energy(wiring, own, fields.light_kw, fields.plugs_kw)
    held = np.repeat(metered, STEPS // power.INTERVALS, axis=0) * (3600 / power.INTERVAL_S)
    drawn = power.to_ticks(power.interval_energy(through))
    return np.hstack([_to_instants(held), through]), np.hstack([metered, drawn])


def _space_power(building: Building, light: Array, occupancy: Array) -> tuple[Array, Array]:
    """Lighting and plugs of each space in kW (steps x spaces)."""
    spaces = building.spaces
    lighting_w = np.array([use.lighting_w_m2 for use in spaces.uses]) * spaces.area_m2
    plugs_w = np.array([use.plugs_w_m2 for use in spaces.uses]) * spaces.area_m2
    idle = 0.2
    return light * lighting_w / 1000, (idle + (1 - idle) * occupancy) * plugs_w / 1000


def _it_heat(building: Building, load: Array) -> Array:
    """Heat of the IT equipment in each space in W (steps x spaces)."""
    equipment = building.electricity.equipment
    heat = np.zeros((STEPS, len(building.spaces.ids)))
    for column in _it_columns(building):
        heat[:, equipment.space[column]] += (
            1000 * equipment.nominal_kw[column] * (0.45 + 0.55 * load[:STEPS, column])
        )
    return heat


def _it_columns(building: Building) -> list[int]:
    equipment = building.electricity.equipment
    return [
        column
        for column, domain in enumerate(equipment.domains)
        if domain == "it" and not equipment.is_part[column] and equipment.space[column] >= 0
    ]


def _envelope(building: Building) -> zones.Envelope:
    spaces = building.spaces
    installed_w = np.zeros(len(spaces.ids))
    equipment = building.electricity.equipment
    for column in _it_columns(building):
        installed_w[equipment.space[column]] += 1000 * equipment.nominal_kw[column]
    return zones.build_envelope(
        area_m2=spaces.area_m2,
        volume_m3=spaces.volume_m3,
        capacity=spaces.capacity,
        window_m2=spaces.window_m2,
        exterior_wall_m2=spaces.exterior_wall_m2,
        heating_w=hvac.heating_capacity(spaces.area_m2),
        cooling_w=hvac.cooling_capacity(spaces.area_m2, installed_w),
        walls=spaces.walls,
    )


def _by_context(building: Building, values: Array, default: float) -> Array:
    """Add the means over zones and building to values of spaces; `default` where none are."""
    means = np.einsum("ts,cs->tc", values, building.shares)
    empty = building.shares.sum(axis=1) == 0
    means[:, empty] = default
    return np.hstack([values, means])


def _sums(building: Building, values: Array) -> Array:
    """Add the sums over zones and building to values of spaces."""
    members = (building.shares > 0).astype(np.float64)
    return np.hstack([values, np.einsum("ts,cs->tc", values, members)])


def _to_instants(values: Array) -> Array:
    """Repeat the last row of step values; instant values stay as they are."""
    return values if len(values) > STEPS else np.vstack([values, values[-1:]])
