"""Air of the spaces: temperature, CO2 and moisture, one balance each, stepped through a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import STEP_S, STEPS, Array, Ints
from basetype_benchmark.dataset.simulation.compilation import compiled

OUTDOOR_CO2_PPM = 420.0
CO2_PER_PERSON_M3_S = 5.2e-6
"""At 1.2 met (Persily and de Jonge, Indoor Air 27, 2017)."""

_MOISTURE_PER_PERSON_KG_S = 60e-3 / 3600
_AIR_KG_M3 = 1.2
_AIR_J_M3_K = 1206.0
_HEAT_J_M2_K = 110_000.0  # air, furniture and the inner skin of light walls (EN ISO 13786)
_WALL_W_M2_K = 0.4
_WINDOW_W_M2_K = 1.5
_PARTITION_W_K = 14.0
_MOST_EXCHANGED = 0.25  # of the heat of a space, with its neighbours, in a step
_SOLAR_GAIN = 0.35
_REACH_SETPOINT_S = 900.0
_INFILTRATION_PER_H = 0.15
_HEAT_RECOVERY = 0.7
_FRESH_AIR_M3_S_M2 = 0.0006
_FRESH_AIR_M3_S_PERSON = 0.009
_COIL_MOISTURE = 0.0088  # saturated at the coil's 12 °C
_COIL_DRYING = 0.15  # part of the excess that a fully open coil takes out in a step
_CO2_SETPOINT_PPM = 550.0
_CO2_BAND_PPM = 350.0
_LEAST_DAMPER = 0.2


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Constants of each space: heat capacity, losses, volume, fresh air, plant capacity; walls."""

    heat_capacity_j_k: Array
    loss_w_k: Array
    volume_m3: Array
    fresh_air_m3_s: Array
    heating_w: Array
    cooling_w: Array
    walls: Ints
    wall_w_k: Array


@dataclass(frozen=True, kw_only=True)
class Drive:
    """What acts on the spaces during each step (steps x spaces; outdoors: steps)."""

    outdoor_c: Array
    outdoor_moisture: Array
    people: Array
    gains_w: Array
    on: Array
    heating_setpoint_c: Array
    cooling_setpoint_c: Array


@dataclass(frozen=True, kw_only=True)
class Air:
    """The result: state at the instants, and what the plant does during the steps (0 to 1)."""

    temperature_c: Array
    co2_ppm: Array
    moisture: Array
    heating: Array
    cooling: Array
    damper: Array


def build_envelope(
    *,
    area_m2: Array,
    volume_m3: Array,
    capacity: Array,
    window_m2: Array,
    exterior_wall_m2: Array,
    heating_w: Array,
    cooling_w: Array,
    walls: Ints,
) -> Envelope:
    """Work out the constants of each space from its dimensions."""
    opaque_m2 = np.maximum(exterior_wall_m2 - window_m2, 0)
    heat_capacity_j_k = _HEAT_J_M2_K * area_m2
    return Envelope(
        heat_capacity_j_k=heat_capacity_j_k,
        loss_w_k=_WALL_W_M2_K * opaque_m2 + _WINDOW_W_M2_K * window_m2,
        volume_m3=volume_m3,
        fresh_air_m3_s=_FRESH_AIR_M3_S_M2 * area_m2 + _FRESH_AIR_M3_S_PERSON * capacity,
        heating_w=heating_w,
        cooling_w=cooling_w,
        walls=walls,
        wall_w_k=_wall_conductance(walls, heat_capacity_j_k),
    )


def solar_gain(facade_w_m2: Array, facade: Ints, window_m2: Array) -> Array:
    """Sun through the windows of each space in W; `facade` is -1 where there is no outer wall."""
    falling = np.where(facade >= 0, facade_w_m2[:, facade], 0.0)
    return np.asarray(_SOLAR_GAIN * window_m2 * falling)


def simulate_air(envelope: Envelope, drive: Drive, start: tuple[Array, Array, Array]) -> Air:
    """Step temperature, CO2 and moisture (`start`) through one day.

    Temperature: one node per space, explicit Euler; the plant gives what brings the space to its
    setpoint in a quarter of an hour, within its capacity. CO2 and moisture: perfect mixing, solved
    exactly over a step. Fresh air comes through a damper that opens with CO2.
    """
    spaces = len(start[0])
    states = np.empty((3, STEPS + 1, spaces))
    states[:, 0] = start
    actions = np.empty((3, STEPS, spaces))
    _run(
        envelope.heat_capacity_j_k,
        envelope.loss_w_k,
        envelope.volume_m3,
        envelope.fresh_air_m3_s,
        envelope.heating_w,
        envelope.cooling_w,
        envelope.walls,
        envelope.wall_w_k,
        drive.outdoor_c,
        drive.outdoor_moisture,
        drive.people,
        drive.gains_w,
        drive.on,
        drive.heating_setpoint_c,
        drive.cooling_setpoint_c,
        states,
        actions,
    )
    return Air(
        temperature_c=states[0],
        co2_ppm=states[1],
        moisture=states[2],
        heating=actions[0],
        cooling=actions[1],
        damper=actions[2],
    )


def _wall_conductance(walls: Ints, heat_capacity_j_k: Array) -> Array:
    """Heat that each wall lets through in W/K.

    It is less where a space has so many walls that they would carry off a quarter of its heat in a
    step, which explicit Euler would answer with swings: some hundred rooms on one corridor.
    """
    count = np.bincount(walls.ravel(), minlength=len(heat_capacity_j_k))
    most = _MOST_EXCHANGED * heat_capacity_j_k / STEP_S
    share = np.minimum(most / np.maximum(count * _PARTITION_W_K, 1e-9), 1.0)
    return np.asarray(_PARTITION_W_K * share[walls].min(axis=1, initial=1.0))


def step_through(  # noqa: PLR0917 - compiled code takes plain arrays, in order
    heat_capacity_j_k: Array,
    loss_w_k: Array,
    volume_m3: Array,
    fresh_air_m3_s: Array,
    heating_w: Array,
    cooling_w: Array,
    walls: Ints,
    wall_w_k: Array,
    outdoor_c: Array,
    outdoor_moisture: Array,
    people: Array,
    gains_w: Array,
    on: Array,
    heating_setpoint_c: Array,
    cooling_setpoint_c: Array,
    states: Array,
    actions: Array,
) -> None:
    """Fill states (quantities x instants x spaces) from the first row on, and actions."""
    temperatures, co2s, moistures = states
    through_walls = np.empty(temperatures.shape[1])
    for step in range(actions.shape[1]):
        before = temperatures[step]
        through_walls[:] = 0.0
        for wall in range(len(walls)):
            first, second = walls[wall]
            flow = wall_w_k[wall] * (before[second] - before[first])
            through_walls[first] += flow
            through_walls[second] -= flow
        for space in range(len(through_walls)):
            temperature, co2, moisture = before[space], co2s[step, space], moistures[step, space]
            opening = min(max((co2 - _CO2_SETPOINT_PPM) / _CO2_BAND_PPM, _LEAST_DAMPER), 1.0)
            damper = on[step, space] * opening
            supply = damper * fresh_air_m3_s[space]
            leak = _INFILTRATION_PER_H / 3600 * volume_m3[space]
            # Heat in W that the space takes up without its plant, and what the plant adds.
            exchange = loss_w_k[space] + _AIR_J_M3_K * (leak + (1 - _HEAT_RECOVERY) * supply)
            load = gains_w[step, space] + exchange * (outdoor_c[step] - temperature)
            load += through_walls[space]
            rate = heat_capacity_j_k[space] / _REACH_SETPOINT_S
            short = rate * (heating_setpoint_c[step, space] - temperature) - load
            excess = rate * (temperature - cooling_setpoint_c[step, space]) + load
            heating = min(max(short / heating_w[space], 0.0), 1.0)
            cooling = min(max(excess / cooling_w[space], 0.0), 1.0)
            load += heating * heating_w[space] - cooling * cooling_w[space]
            # Air that comes in during the step mixes with what is there.
            air = supply + leak
            keep = np.exp(-air * STEP_S / volume_m3[space])
            breathed = OUTDOOR_CO2_PPM + 1e6 * CO2_PER_PERSON_M3_S * people[step, space] / air
            vapour = _MOISTURE_PER_PERSON_KG_S * people[step, space] / (_AIR_KG_M3 * air)
            damp = outdoor_moisture[step] + vapour
            mixed = damp + (moisture - damp) * keep
            dried = _COIL_DRYING * cooling * max(mixed - _COIL_MOISTURE, 0.0)
            temperatures[step + 1, space] = temperature + load * STEP_S / heat_capacity_j_k[space]
            co2s[step + 1, space] = breathed + (co2 - breathed) * keep
            moistures[step + 1, space] = mixed - dried
            actions[0, step, space] = heating
            actions[1, step, space] = cooling
            actions[2, step, space] = damper


_run = compiled(step_through)
