"""Electric power: of the equipment by what it does, of the spaces, and up the tree of meters.

Power in kW, energy in kWh. Fans follow the affinity laws, at an exponent between square and cube
as measured on real drives; chillers follow `plant`; what only passes electricity on loses a part of
its rated losses. A meter reads the sum of what it feeds. Standby and losses are our own figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from basetype_benchmark.dataset.model import EndUse
from basetype_benchmark.dataset.simulation import it, plant
from basetype_benchmark.dataset.simulation.arrays import STEP_S, Array, Ints
from basetype_benchmark.dataset.simulation.electricity import Electricity, Equipment

INTERVAL_S = 900
INTERVALS = 86_400 // INTERVAL_S
TICK_KWH = 1e-4
"""Meters count in these, so that sums over intervals and over sub-meters lose nothing."""

_STANDBY = 0.04
_STANDBY_OF_PLANT = 0.01  # control and crankcase heaters of a chiller
_LOSSES = 0.7  # of the rated losses of what only passes electricity on
IDLE_DUTY = 0.06
"""What takes no more of its rated power than this stands still."""

_CHILLER_KINDS = ("chill", "compressor", "cooling_tower", "condenser")
_BUSIEST_LIFT = 0.25  # of its rated power in the mean: half the trips are down, and it waits
_CAR_KINDS = ("ev_charger", "jet_fan")
_CARS_BY_PRESENCE = 1.6  # all places are taken before all seats are
_BOILER_KINDS = ("boiler", "hot_water", "heating", "radiator")


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What equipment answers, by context (instants x contexts), all from 0 to 1."""

    heating: Array
    cooling: Array
    fan: Array
    light: Array
    occupied: Array
    presence: Array  # people by seats
    traffic: Array


_DRIVES: Mapping[str, Callable[[Ints, Demand, Array], Array]] = {
    "cold": lambda _context, demand, _load: plant.chiller_duty(demand.cooling[:, -1:]),
    "heat": lambda _context, demand, _load: demand.heating[:, -1:],
    "fan": lambda context, demand, _load: _affinity(demand.fan)[:, context],
    "lighting": lambda context, demand, _load: demand.light[:, context],
    "elevator": lambda _context, demand, _load: _BUSIEST_LIFT * demand.traffic[:, -1:],
    "plumbing": lambda context, demand, _load: demand.occupied[:, context],
    "av": lambda context, demand, _load: demand.occupied[:, context],
    "cars": lambda _context, demand, _load: np.minimum(
        _CARS_BY_PRESENCE * demand.presence[:, -1:], 1
    ),
    "it": lambda _context, _demand, load: it.power_share(load),
}
"""How hard equipment works, from 0 to 1, by what makes it work (see `_drive_of`)."""


def duty(equipment: Equipment, demand: Demand, load: Array) -> Array:
    """Part of its rated power that each equipment takes (instants x equipment).

    Fans follow the affinity law between cube and square, plants their load with a standby, IT
    its computing load from 45 % up; distributors lose the same always.
    """
    drives = np.array(
        [_drive_of(*pair) for pair in zip(equipment.kinds, equipment.domains, strict=True)]
    )
    result = np.full(load.shape, _LOSSES)
    for drive in np.unique(drives):
        chosen = np.flatnonzero(drives == drive)
        if drive in _DRIVES:
            driven = _DRIVES[drive](equipment.context[chosen], demand, load[:, chosen])
            standby = _STANDBY_OF_PLANT if drive == "cold" else _STANDBY
            result[:, chosen] = standby + (1 - standby) * driven
    return result


def equipment_power(equipment: Equipment, part_load: Array) -> tuple[Array, Array]:
    """Give the own power and the power through each equipment, in kW (instants x equipment).

    What passes through is its own and that of all it feeds; parts are contained in their whole.
    """
    own = part_load * equipment.nominal_kw
    through = own.copy()
    counted = np.where(equipment.is_part, 0.0, own)
    for column, fed in enumerate(equipment.feeds):
        if len(fed):
            through[:, column] += counted[:, fed].sum(axis=1)
    return own, through


def meter_energy(
    electricity: Electricity, own_kw: Array, lighting_kw: Array, plugs_kw: Array
) -> Array:
    """Energy of each meter in each interval of 15 minutes in kWh (intervals x meters).

    A leaf counts its spaces (lighting, plugs) or its equipment, in whole ticks; a parent the sum
    of its children and its losses, in whole ticks.
    """
    counted = np.where(electricity.equipment.is_part, 0.0, own_kw)
    energy = np.zeros((INTERVALS, len(electricity.meters)))
    for column, meter in enumerate(electricity.meters):
        if len(meter.children):
            taken = energy[:, meter.children].sum(axis=1)
        elif meter.end_use == EndUse.LIGHTING:
            taken = interval_energy(lighting_kw[:, meter.spaces].sum(axis=1))
        elif meter.end_use == EndUse.PLUGS:
            taken = interval_energy(plugs_kw[:, meter.spaces].sum(axis=1))
        else:
            taken = interval_energy(counted[:, meter.equipment].sum(axis=1))
        energy[:, column] = to_ticks(taken * (1 + meter.loss_fraction))
    return energy


def interval_energy(power_kw: Array) -> Array:
    """Sum the power during steps (or at instants, the last left out) to kWh of each interval."""
    steps = INTERVAL_S // STEP_S
    held = power_kw[: INTERVALS * steps]
    return np.asarray(held.reshape(INTERVALS, steps, *held.shape[1:]).sum(axis=1) * (STEP_S / 3600))


def to_ticks(energy_kwh: Array) -> Array:
    """Round energy to whole ticks."""
    return np.asarray(np.rint(energy_kwh / TICK_KWH) * TICK_KWH)


def _affinity(speed: Array) -> Array:
    """Speed to the power 2.5, by operations that are exact at 1 on every processor."""
    return np.asarray(speed * speed * np.sqrt(speed))


def _drive_of(kind: str, domain: str) -> str:
    """Name what makes a type of equipment work: a domain, or within the plant its side."""
    if kind in _CAR_KINDS:
        return "cars"
    if domain != "hvac":
        return domain
    if any(word in kind for word in _CHILLER_KINDS):
        return "cold"
    return "heat" if any(word in kind for word in _BOILER_KINDS) else "fan"
