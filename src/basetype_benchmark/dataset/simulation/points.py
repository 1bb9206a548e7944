"""The points of a building as arrays: what each reports, of what, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from basetype_benchmark.dataset.model import Behaviour, NodeType, Relation
from basetype_benchmark.dataset.simulation.arrays import Array, Ints, Mask
from basetype_benchmark.dataset.simulation.electricity import Electricity, served_context
from basetype_benchmark.dataset.simulation.plan import Plan, number_of

EVENT_STEP_S = 60
"""A status that reports on event is looked at this often."""

_ZONE_BEHAVIOURS = frozenset(
    {
        Behaviour.ZONE_TEMPERATURE,
        Behaviour.ZONE_TEMPERATURE_SETPOINT,
        Behaviour.ZONE_CO2,
        Behaviour.ZONE_HUMIDITY,
        Behaviour.PEOPLE_COUNT,
        Behaviour.OCCUPANCY,
        Behaviour.ILLUMINANCE,
        Behaviour.RACK_INLET_TEMPERATURE,
        Behaviour.DEVICE_TEMPERATURE,
    }
)
_ALIGNED = frozenset(
    {Behaviour.CARBON_INTENSITY, Behaviour.ENERGY_INTERVAL, Behaviour.ENERGY_TOTAL}
)


@dataclass(frozen=True, kw_only=True)
class Points:
    """Points in order of id, one array element each.

    `kinds` are the types of the equipment that own them. `context` is the space, zone or building
    whose state a point shows; `node` the electric node that owns it (-1: none) and `equipment` its
    position among the equipment (-1: none). `interval_ms` is how often it samples. `aligned` points
    report at every full interval; of the others, a change below `deadband` is reported after
    `heartbeat_ms` only; a deadband of 0 reports every sample.
    """

    ids: tuple[str, ...]
    behaviours: tuple[Behaviour, ...]
    units: tuple[str | None, ...]
    kinds: tuple[str, ...]
    interval_ms: Ints
    aligned: Mask
    resolution: Array
    deadband: Array
    heartbeat_ms: Ints
    nominal: Array
    context: Ints
    node: Ints
    equipment: Ints


@dataclass(frozen=True, kw_only=True)
class _Point:
    id: str
    behaviour: Behaviour
    unit: str | None
    kind: str
    interval_s: float
    aligned: bool
    resolution: float
    deadband: float
    heartbeat_s: float
    nominal: float
    context: int
    owner_id: str


def collect_points(plan: Plan, contexts: Mapping[str, int], electricity: Electricity) -> Points:
    """Read the points of a building or of the site."""
    points = [_read_point(plan, node, contexts) for node in sorted(plan.nodes_of(NodeType.POINT))]
    nodes = electricity.node_index()
    meters = len(electricity.meter_ids)
    node = np.array([nodes.get(point.owner_id, -1) for point in points], dtype=np.int64)
    return Points(
        ids=tuple(point.id for point in points),
        behaviours=tuple(point.behaviour for point in points),
        units=tuple(point.unit for point in points),
        kinds=tuple(point.kind for point in points),
        interval_ms=np.array([round(point.interval_s * 1000) for point in points], dtype=np.int64),
        aligned=np.array([point.aligned for point in points], dtype=np.bool_),
        resolution=np.array([point.resolution for point in points]),
        deadband=np.array([point.deadband for point in points]),
        heartbeat_ms=np.array([round(point.heartbeat_s * 1000) for point in points], np.int64),
        nominal=np.array([point.nominal for point in points]),
        context=np.array([point.context for point in points], dtype=np.int64),
        node=node,
        equipment=np.where(node >= meters, node - meters, -1),
    )


def _read_point(plan: Plan, point_id: str, contexts: Mapping[str, int]) -> _Point:
    properties = plan.properties[point_id]
    behaviour = Behaviour(properties["behaviour"])
    owner_id = next(iter(plan.sources(Relation.HAS_POINT, point_id)), "")
    owner_type = plan.nodes[owner_id]["type"] if owner_id in plan.nodes else None
    interval_s = number_of(properties, "interval_s", 0.0)
    owner = plan.nodes.get(owner_id)
    return _Point(
        id=point_id,
        kind=(owner["equipment_type"] if owner else None) or "",
        behaviour=behaviour,
        unit=plan.nodes[point_id]["unit"],
        interval_s=interval_s or EVENT_STEP_S,
        aligned=behaviour in _ALIGNED or owner_type == NodeType.METER,
        resolution=number_of(properties, "resolution", 0.0) or 0.01,
        deadband=number_of(properties, "deadband", 0.0) if interval_s else 1e-9,
        heartbeat_s=number_of(properties, "heartbeat_s", 0.0) or 86_400,
        nominal=number_of(properties, "nominal", np.nan),
        context=_context_of(plan, point_id, owner_id, behaviour, contexts),
        owner_id=owner_id,
    )


def _context_of(
    plan: Plan, point_id: str, owner_id: str, behaviour: Behaviour, contexts: Mapping[str, int]
) -> int:
    """Context of a point: its space if a space owns it, else what the owner serves or where it is.

    What a plant shows of its own work is that of the whole building; what it shows of the room is
    that of the room where it stands.
    """
    if owner_id in contexts:
        return contexts[owner_id]
    owner = plan.nodes.get(owner_id)
    building = contexts[plan.id]
    if owner is None:
        return building
    here = contexts.get(owner["space_id"] or plan.nodes[point_id]["space_id"] or "", building)
    if owner["type"] != NodeType.EQUIPMENT:
        return here
    served = served_context(plan, owner_id, contexts)
    return here if served == building and behaviour in _ZONE_BEHAVIOURS else served
