"""Electric power: of the equipment by what it does, of the spaces, and up the tree of meters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basetype_benchmark.dataset.model import EndUse
from basetype_benchmark.dataset.simulation import it
from basetype_benchmark.dataset.simulation.arrays import STEP_S, Array
from basetype_benchmark.dataset.simulation.electricity import Electricity, Equipment

INTERVAL_S = 900
INTERVALS = 86_400 // INTERVAL_S
TICK_KWH = 1e-4
"""Meters count in these, so that sums over intervals and over sub-meters lose nothing."""

_STANDBY = 0.04
_CHILLER_KINDS = ("chill", "compressor", "cooling_tower", "condenser")
_BOILER_KINDS = ("boiler", "hot_water", "heating", "radiator")


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What equipment answers, by context (instants x contexts), all from 0 to 1."""

    heating: Array
    cooling: Array
    fan: Array
    light: Array
    occupied: Array
    traffic: Array


def duty(equipment: Equipment, demand: Demand, load: Array) -> Array:
    """Part of its rated power that each equipment takes (instants x equipment).

    Fans follow the affinity law between cube and square, plants their load with a standby, IT
    its computing load from 45 % up; distributors lose the same always.
    """
    result = np.full(load.shape, 0.7)
    for column, (kind, domain) in enumerate(zip(equipment.kinds, equipment.domains, strict=True)):
        context = equipment.context[column]
        match domain:
            case "hvac":
                driven = _plant_duty(kind, context, demand)
            case "lighting":
                driven = demand.light[:, context]
            case "elevator":
                driven = demand.traffic[:, context]
            case "plumbing" | "av":
                driven = demand.occupied[:, context]
            case "it":
                driven = it.power_share(load[:, column])
            case _:
                continue
        result[:, column] = _STANDBY + (1 - _STANDBY) * driven
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


def _plant_duty(kind: str, context: int, demand: Demand) -> Array:
    if any(word in kind for word in _CHILLER_KINDS):
        return demand.cooling[:, -1]
    if any(word in kind for word in _BOILER_KINDS):
        return demand.heating[:, -1]
    return np.asarray(demand.fan[:, context] ** 2.5)
