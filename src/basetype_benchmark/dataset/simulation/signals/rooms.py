"""What sensors in the spaces show: air, people, light and doors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation.arrays import Array
from basetype_benchmark.dataset.simulation.signals.reading import Course, Reading, View, flag
from basetype_benchmark.dataset.simulation.zones import OUTDOOR_CO2_PPM


def _door(view: View) -> Array:
    return np.asarray(1 - np.exp(-0.25 * view.day.movements[:, view.context])) * 0.8 + 0.0003


def _motion(view: View) -> Array:
    return np.asarray(1 - np.exp(-0.9 * view.day.people[:, view.context]))


def _illuminance(view: View) -> Array:
    lamps = 500 * view.day.demand.light[:, view.context]
    return np.asarray(lamps + view.day.daylight_lx[:, view.context])


def _tvoc(view: View) -> Array:
    """Volatile organic compounds in ppb: from building materials, and with people as CO2 is."""
    return np.asarray(80.0 + 0.5 * (view.of_context(view.day.co2_ppm) - OUTDOOR_CO2_PPM))


def _particulates(view: View) -> Array:
    """Fine particles in ug/m3: a share of those outdoors, less with wind and rain; stirred up."""
    weather = view.day.weather
    outdoors = 14.0 * np.exp(-0.12 * weather.wind_m_s) + 4.0 - np.minimum(weather.rain_mm_h, 3.0)
    stirred = 0.4 * np.sqrt(view.of_context(view.day.people))
    return np.asarray(0.45 * outdoors[:, None] + stirred)


def _sound(view: View) -> Array:
    """Sound level in dB(A): of the ventilation, and that of people talking added by energy."""
    people = view.of_context(view.day.people)
    ventilation = 32.0 + 6.0 * view.of_context(view.day.demand.fan)
    talking = np.where(people > 0, 42.0 + 10 * np.log10(np.maximum(people, 1.0)), 0.0)
    return np.asarray(10 * np.log10(10 ** (ventilation / 10) + 10 ** (talking / 10)))


def _blind(view: View) -> Array:
    """Position in % closed: down against the glare of much daylight, in steps of a quarter."""
    glare = (view.of_context(view.day.daylight_lx) - 1500.0) / 2500.0
    return np.asarray(25.0 * np.ceil(4 * np.clip(glare, 0.0, 1.0)))


def _slats(view: View) -> Array:
    """Angle of the slats in % of their range: turned once the blind is down."""
    return np.where(_blind(view) > 0, 60.0, 0.0)


def _locked(view: View) -> Array:
    return flag(view.of_context(view.day.on) < 0.5)


def _window_open(view: View) -> Array:
    """Opened by those who are there, in every other room, while it is mild outdoors."""
    outdoors = view.day.weather.temperature_c[:, None]
    mild = (outdoors > 17.0) & (outdoors < 27.0) & (view.context % 2 == 0)
    return flag(mild & (view.of_context(view.day.people) > 0))


ROOMS: Mapping[Behaviour, Reading] = {
    Behaviour.ZONE_TEMPERATURE: Reading(
        model=lambda view: view.day.temperature_c[:, view.context], offset=0.15
    ),
    Behaviour.ZONE_TEMPERATURE_SETPOINT: Reading(
        model=lambda view: view.day.setpoint_c[:, view.context], course=Course.STEP
    ),
    Behaviour.ZONE_CO2: Reading(
        model=lambda view: view.day.co2_ppm[:, view.context], least=350, offset=10
    ),
    Behaviour.ZONE_HUMIDITY: Reading(
        model=lambda view: view.day.humidity_pct[:, view.context], least=0, most=100, offset=1
    ),
    Behaviour.PEOPLE_COUNT: Reading(
        model=lambda view: view.day.people[:, view.context], course=Course.STEP
    ),
    Behaviour.OCCUPANCY: Reading(
        model=lambda view: flag(view.day.people[:, view.context] > 0), course=Course.STEP
    ),
    Behaviour.ILLUMINANCE: Reading(model=_illuminance, least=0),
    Behaviour.LIGHT_LEVEL: Reading(
        model=lambda view: 100 * view.day.demand.light[:, view.context], course=Course.SMOOTH
    ),
    Behaviour.LIGHT_STATUS: Reading(
        model=lambda view: flag(view.day.demand.light[:, view.context] > 0), course=Course.STEP
    ),
    Behaviour.DOOR_STATUS: Reading(model=_door, course=Course.CHANCE),
    Behaviour.MOTION: Reading(model=_motion, course=Course.CHANCE),
    Behaviour.ZONE_TVOC: Reading(model=_tvoc, least=0, offset=10),
    Behaviour.ZONE_PARTICULATES: Reading(model=_particulates, least=0, offset=0.5),
    Behaviour.SOUND_LEVEL: Reading(model=_sound, least=25),
    Behaviour.BLIND_POSITION: Reading(model=_blind, course=Course.STEP),
    Behaviour.SLAT_ANGLE: Reading(model=_slats, course=Course.STEP),
    Behaviour.LOCK_STATUS: Reading(model=_locked, course=Course.STEP),
    Behaviour.WINDOW_STATUS: Reading(model=_window_open, course=Course.STEP),
}
