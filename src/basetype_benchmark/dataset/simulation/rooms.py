"""The spaces of a building on one day: people, light, plugs, setpoints and air."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basetype_benchmark.dataset.simulation import hvac, it, lighting, plant, zones
from basetype_benchmark.dataset.simulation.arrays import STEPS, Array
from basetype_benchmark.dataset.simulation.building import Building
from basetype_benchmark.dataset.simulation.calendar import Presence, people_in_spaces
from basetype_benchmark.dataset.simulation.weather import Weather
from basetype_benchmark.dataset.streams import stream

_PERSON_W = 75.0
_IDLE_PLUGS = 0.2
_WISHES_K = (-0.5, 0.0, 0.5, 1.0)


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """What holds in the spaces during the steps of a day (steps x spaces), and their air."""

    people: Array
    occupancy: Array  # people by seats
    daylight_lx: Array
    light: Array  # 0 to 1
    lighting_kw: Array
    plugs_kw: Array
    on: Array  # whether the plant conditions the space
    setpoint_c: Array
    air: zones.Air
    chiller_load: Array  # of all chillers together, 0 to 1, in each step


def simulate_rooms(
    seed: int,
    building: Building,
    day_index: int,
    *,
    working: bool,
    weather: Weather,
    load: Array,
    start: tuple[Array, Array, Array],
) -> Rooms:
    """Simulate the spaces from their temperature, CO2 and moisture at midnight.

    `load` is that of the IT equipment, whose heat stays in the spaces where it stands.
    """
    spaces = building.spaces
    rng = stream(seed, building.id, "people", day_index)
    people = people_in_spaces(rng, spaces.presence, spaces.capacity, working)
    occupancy = people / np.maximum(spaces.capacity, 1)
    on = hvac.running(spaces.always_on, working)
    daylight_lx, light = _light(building, weather, people, on)
    lighting_kw, plugs_kw = _power(building, light, occupancy)
    comfort_c = _comfort(seed, building, on)
    shift_k = hvac.summer_shift(weather.temperature_c)
    setpoint_c = comfort_c + shift_k * (on - building.spaces.always_on)
    drive = zones.Drive(
        outdoor_c=weather.temperature_c,
        outdoor_moisture=_fresh_air_moisture(building, weather, working),
        people=people,
        gains_w=_PERSON_W * people
        + 1000 * (lighting_kw + plugs_kw)
        + _it_heat(building, load)
        + zones.solar_gain(weather.facade_w_m2[:STEPS], spaces.facade, spaces.window_m2),
        on=on,
        heating_setpoint_c=comfort_c,
        cooling_setpoint_c=hvac.cooling_setpoint(on, setpoint_c),
    )
    envelope = _envelope(building)
    air = zones.simulate_air(envelope, drive, start)
    return Rooms(
        people=people,
        occupancy=occupancy,
        daylight_lx=daylight_lx,
        light=light,
        lighting_kw=lighting_kw,
        plugs_kw=plugs_kw,
        on=on,
        setpoint_c=setpoint_c,
        air=air,
        chiller_load=_chiller_load(building, air.cooling * envelope.cooling_w),
    )


def _light(building: Building, weather: Weather, people: Array, on: Array) -> tuple[Array, Array]:
    """Daylight in lx and dimming level of each space."""
    spaces = building.spaces
    daylight_lx = lighting.daylight(
        weather.facade_w_m2[:STEPS], spaces.facade, spaces.window_m2, spaces.area_m2
    )
    passing = (spaces.presence == Presence.PASSING).astype(np.float64)
    lit = lighting.lit_spaces(people, passing, on * (1 - spaces.always_on))
    return daylight_lx, lighting.light_level(lit, daylight_lx)


def _power(building: Building, light: Array, occupancy: Array) -> tuple[Array, Array]:
    """Lighting and plugs of each space in kW."""
    spaces = building.spaces
    lighting_w = np.array([use.lighting_w_m2 for use in spaces.uses]) * spaces.area_m2
    plugs_w = np.array([use.plugs_w_m2 for use in spaces.uses]) * spaces.area_m2
    plugged = _IDLE_PLUGS + (1 - _IDLE_PLUGS) * occupancy
    return light * lighting_w / 1000, plugged * plugs_w / 1000


def _comfort(seed: int, building: Building, on: Array) -> Array:
    """Temperature below which each space is heated, in °C."""
    wish = stream(seed, building.id, "comfort").choice(_WISHES_K, len(building.spaces.ids))
    return hvac.heating_setpoint(on, building.spaces.always_on, wish)


def _chiller_load(building: Building, cold_w: Array) -> Array:
    """Load of the chillers by the cold that each space gets (steps x spaces), 0 to 1.

    Where there are none, the cold comes from elsewhere: its part in all that the rooms can take.
    """
    equipment = building.electricity.equipment
    whole = ~equipment.is_part
    chillers = np.array([plant.is_chiller(kind) for kind in equipment.kinds], dtype=np.bool_)
    rated_w = 1000 * plant.RATED_COP * equipment.nominal_kw[chillers & whole].sum()
    if rated_w <= 0:
        rated_w = hvac.cooling_capacity(building.spaces.area_m2, np.zeros(cold_w.shape[1])).sum()
    return np.asarray(np.minimum(cold_w.sum(axis=1) / max(float(rated_w), 1.0), 1.0))


def _fresh_air_moisture(building: Building, weather: Weather, working: bool) -> Array:
    """Water in the air that comes in, in kg/kg: humidified where the building can."""
    if working and "humidifier" in building.electricity.equipment.kinds:
        return hvac.humidified(weather.moisture_kg_kg)
    return weather.moisture_kg_kg


def _it_heat(building: Building, load: Array) -> Array:
    """Heat of the IT equipment in each space in W."""
    equipment = building.electricity.equipment
    heat = np.zeros((STEPS, len(building.spaces.ids)))
    for column in _it_columns(building):
        drawn = it.power_share(load[:STEPS, column]) * equipment.nominal_kw[column]
        heat[:, equipment.space[column]] += 1000 * drawn
    return heat


def _envelope(building: Building) -> zones.Envelope:
    spaces = building.spaces
    equipment = building.electricity.equipment
    installed_w = np.zeros(len(spaces.ids))
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


def _it_columns(building: Building) -> list[int]:
    """Positions of the IT equipment that stands in a space and is not inside another."""
    equipment = building.electricity.equipment
    return [
        column
        for column, domain in enumerate(equipment.domains)
        if domain == "it" and not equipment.is_part[column] and equipment.space[column] >= 0
    ]
