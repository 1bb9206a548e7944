"""Air of the spaces: temperature, CO2 and moisture, one balance each, stepped through a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import STEP_S, STEPS, Array, Ints

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
_SOLAR_GAIN = 0.35
_REACH_SETPOINT_S = 900.0
_INFILTRATION_PER_H = 0.15
_HEAT_RECOVERY = 0.7
_FRESH_AIR_M3_S_M2 = 0.0006
_FRESH_AIR_M3_S_PERSON = 0.009
_COIL_MOISTURE = 0.0088  # saturated at the coil's 12 °C
_CO2_SETPOINT_PPM = 550.0
_CO2_BAND_PPM = 350.0
_LEAST_DAMPER = 0.2


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Constants of each space: heat capacity, losses, volume, fresh air, plant capacity, walls."""

    heat_capacity_j_k: Array
    loss_w_k: Array
    volume_m3: Array
    fresh_air_m3_s: Array
    heating_w: Array
    cooling_w: Array
    walls: Ints


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
    return Envelope(
        heat_capacity_j_k=_HEAT_J_M2_K * area_m2,
        loss_w_k=_WALL_W_M2_K * opaque_m2 + _WINDOW_W_M2_K * window_m2,
        volume_m3=volume_m3,
        fresh_air_m3_s=_FRESH_AIR_M3_S_M2 * area_m2 + _FRESH_AIR_M3_S_PERSON * capacity,
        heating_w=heating_w,
        cooling_w=cooling_w,
        walls=walls,
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
    temperature, co2, moisture = start
    states, actions = [(temperature, co2, moisture)], []
    for step in range(STEPS):
        damper = _damper(co2, drive.on[step])
        supply = damper * envelope.fresh_air_m3_s
        leak = _INFILTRATION_PER_H / 3600 * envelope.volume_m3
        load = _passive_load(envelope, drive, step, temperature, supply=supply, leak=leak)
        heating, cooling = _plant(envelope, drive, step, temperature, load)
        power = load + heating * envelope.heating_w - cooling * envelope.cooling_w
        air = supply + leak
        keep = np.exp(-air * STEP_S / envelope.volume_m3)
        people = drive.people[step]
        co2 = _mix(co2, OUTDOOR_CO2_PPM + 1e6 * CO2_PER_PERSON_M3_S * people / air, keep)
        vapour = _MOISTURE_PER_PERSON_KG_S * people / (_AIR_KG_M3 * air)
        moisture = _mix(moisture, drive.outdoor_moisture[step] + vapour, keep)
        moisture = moisture - 0.15 * cooling * np.maximum(moisture - _COIL_MOISTURE, 0)
        temperature = temperature + power * STEP_S / envelope.heat_capacity_j_k
        states.append((temperature, co2, moisture))
        actions.append((heating, cooling, damper))
    return Air(
        temperature_c=np.array([state[0] for state in states]),
        co2_ppm=np.array([state[1] for state in states]),
        moisture=np.array([state[2] for state in states]),
        heating=np.array([action[0] for action in actions]),
        cooling=np.array([action[1] for action in actions]),
        damper=np.array([action[2] for action in actions]),
    )


def _damper(co2: Array, on: Array) -> Array:
    return np.asarray(on * np.clip((co2 - _CO2_SETPOINT_PPM) / _CO2_BAND_PPM, _LEAST_DAMPER, 1.0))


def _passive_load(
    envelope: Envelope, drive: Drive, step: int, temperature: Array, *, supply: Array, leak: Array
) -> Array:
    """Heat in W that each space takes up without its plant."""
    exchange = envelope.loss_w_k + _AIR_J_M3_K * (leak + (1 - _HEAT_RECOVERY) * supply)
    load = drive.gains_w[step] + exchange * (drive.outdoor_c[step] - temperature)
    if len(envelope.walls):
        first, second = envelope.walls.T
        flow = _PARTITION_W_K * (temperature[second] - temperature[first])
        size = len(temperature)
        load += np.bincount(first, flow, size) - np.bincount(second, flow, size)
    return np.asarray(load)


def _plant(
    envelope: Envelope, drive: Drive, step: int, temperature: Array, load: Array
) -> tuple[Array, Array]:
    rate = envelope.heat_capacity_j_k / _REACH_SETPOINT_S
    short = rate * (drive.heating_setpoint_c[step] - temperature) - load
    excess = rate * (temperature - drive.cooling_setpoint_c[step]) + load
    heating = np.clip(short / envelope.heating_w, 0, 1)
    return heating, np.clip(excess / envelope.cooling_w, 0, 1)


def _mix(value: Array, target: Array, keep: Array) -> Array:
    return np.asarray(target + (value - target) * keep)
