"""What electric devices and IT show of their supply and load."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation import it
from basetype_benchmark.dataset.simulation.arrays import STEPS, Array, instant_hours
from basetype_benchmark.dataset.simulation.power import INTERVAL_S
from basetype_benchmark.dataset.simulation.signals.reading import Course, Reading, View, across

_PHASE_V = 230.0
_FACTOR = 0.95


def _voltage(view: View) -> Array:
    return np.asarray(view.rated(_PHASE_V) * _relative_voltage(view))


def _relative_voltage(view: View) -> Array:
    """Part of the nominal voltage: sags under the load of its owner, and with that of the grid."""
    swing = np.sin(2 * np.pi * (instant_hours() - 4) / 24)[:, None]
    return np.asarray(1.005 - 0.006 * swing - 0.008 * _share_of_peak(view))


def _share_of_peak(view: View) -> Array:
    power = view.power_kw()
    return np.asarray(power / np.maximum(power.max(axis=0), 1e-6))


def _current(view: View) -> Array:
    """Current of each phase of a balanced three-phase supply in A: I = S / (3 U)."""
    apparent_va = 1000 * _apparent_power(view)
    return np.asarray(apparent_va / (3 * _PHASE_V * _relative_voltage(view)))


def _power_factor(view: View) -> Array:
    return _factor_below(view, view.rated(_FACTOR))


def _factor_below(view: View, rated: Array | float) -> Array:
    return np.asarray(np.clip(rated - 0.12 * (1 - _share_of_peak(view)), 0, 1))


def _rack_inlet(view: View) -> Array:
    return it.rack_inlet(view.day.temperature_c[:, view.context], view.load())


def _device_temperature(view: View) -> Array:
    room = view.day.temperature_c[:, view.context]
    return it.casing_temperature(room, view.rated(35.0), view.load())


def _throughput(view: View) -> Array:
    busy = 0.08 + 0.9 * view.day.occupancy[:, -1:] * view.load()
    return np.asarray(view.rated(100.0) * busy)


def _apparent_power(view: View) -> Array:
    return np.asarray(view.power_kw() / np.maximum(_factor_below(view, _FACTOR), 0.1))


def _reactive_power(view: View) -> Array:
    """Q in kvar such that S^2 = P^2 + Q^2."""
    factor = np.maximum(_factor_below(view, _FACTOR), 0.1)
    return np.asarray(view.power_kw() * np.sqrt(1 - factor**2) / factor)


def _frequency(view: View) -> Array:
    """Grid frequency in Hz: of one grid, with swings at full hours (ENTSO-E); every point alike."""
    hours = view.day.index * 24 + instant_hours()
    swing = 0.012 * np.sin(2 * np.pi * hours / 1.0) + 0.010 * np.sin(2 * np.pi * hours / 6.3)
    return np.asarray(across(50.0 + swing, view) * view.rated(50.0) / 50.0)


def _distortion(view: View) -> Array:
    """Total harmonic distortion of the voltage in %, with the share of electronic loads."""
    return np.asarray(view.rated(3.0) * (0.7 + 0.6 * view.of_context(view.day.occupancy)))


def _peak_demand(view: View) -> Array:
    """Greatest mean power of 15 minutes in this month so far, in kW."""
    day, node = view.day, np.maximum(view.node, 0)
    drawn = day.energy_kwh[:, node] * (3600 / INTERVAL_S)
    so_far = np.maximum.accumulate(np.vstack([day.start.totals.peak_kw[node], drawn]), axis=0)
    steps = np.repeat(so_far[:-1], STEPS // len(drawn), axis=0)
    return np.asarray(np.where(view.node >= 0, np.vstack([steps, so_far[-1:]]), 0.0))


def _battery(view: View) -> Array:
    """State of charge in %: full, but for a test discharge once in 30 days from 10 to 11 h."""
    hours = instant_hours()
    tested = 18.0 * np.interp(hours, [10.0, 11.0, 15.0], [0.0, 1.0, 0.0])
    is_test = (view.day.index + view.context) % 30 == 7
    return np.asarray(view.rated(99.0) - np.where(is_test, tested[:, None], 0.0))


def _memory(view: View) -> Array:
    return np.asarray(view.rated(50.0) + 25.0 * (view.load() - 0.5))


def _disk(view: View) -> Array:
    """Space used in %: grows by logs and files, and is cleaned up every 60 days."""
    day = view.day.index + instant_hours() / 24
    age = (day[:, None] + 7 * (view.context % 8)) % 60
    return np.asarray(view.rated(60.0) + 0.12 * age)


ELECTRIC: Mapping[Behaviour, Reading] = {
    Behaviour.ACTIVE_POWER: Reading(model=lambda view: view.power_kw(), least=0),
    Behaviour.VOLTAGE: Reading(model=_voltage, least=0),
    Behaviour.CURRENT: Reading(model=_current, least=0),
    Behaviour.POWER_FACTOR: Reading(model=_power_factor, least=0, most=1),
    Behaviour.RACK_INLET_TEMPERATURE: Reading(model=_rack_inlet, offset=0.3),
    Behaviour.CPU_LOAD: Reading(model=lambda view: 100 * view.load(), least=0, most=100),
    Behaviour.DEVICE_TEMPERATURE: Reading(model=_device_temperature, offset=0.5),
    Behaviour.NETWORK_THROUGHPUT: Reading(model=_throughput, least=0),
    Behaviour.APPARENT_POWER: Reading(model=_apparent_power, course=Course.SMOOTH, least=0),
    Behaviour.REACTIVE_POWER: Reading(model=_reactive_power, course=Course.SMOOTH, least=0),
    Behaviour.FREQUENCY: Reading(model=_frequency, course=Course.SMOOTH),
    Behaviour.HARMONIC_DISTORTION: Reading(model=_distortion, least=0),
    Behaviour.PEAK_DEMAND: Reading(model=_peak_demand, course=Course.STEP, least=0),
    Behaviour.BATTERY_CHARGE: Reading(model=_battery, least=0, most=100),
    Behaviour.MEMORY_LOAD: Reading(model=_memory, least=0, most=100),
    Behaviour.DISK_USE: Reading(model=_disk, course=Course.SMOOTH, least=0, most=100),
}
