"""Who takes electricity and through which meters: the wiring that power is summed along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from basetype_benchmark.dataset.model import EndUse, NodeType, Relation
from basetype_benchmark.dataset.simulation.arrays import Array, Ints, Mask
from basetype_benchmark.dataset.simulation.plan import Plan, number_of


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """The equipment of a building, in order of id.

    `nominal_kw` is electric and includes the parts; `context` is the space or zone whose demand
    it answers; `feeds` lists what takes electricity from each, at any distance. `is_part` marks
    what is inside another: its power is contained in the whole's.
    """

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    domains: tuple[str, ...]
    nominal_kw: Array
    context: Ints
    space: Ints
    is_part: Mask
    feeds: tuple[Ints, ...]


@dataclass(frozen=True, kw_only=True)
class Meter:
    """One meter: either `children` (positions of meters) or what it meters itself."""

    end_use: str
    loss_fraction: float
    children: Ints
    equipment: Ints
    spaces: Ints


@dataclass(frozen=True, kw_only=True)
class Electricity:
    """Meters, children before parents, and the equipment. Electric nodes are meters, then these."""

    meter_ids: tuple[str, ...]
    meters: tuple[Meter, ...]
    equipment: Equipment

    def node_index(self) -> dict[str, int]:
        """Position of each meter and each equipment among the electric nodes."""
        return {node: rank for rank, node in enumerate((*self.meter_ids, *self.equipment.ids))}


def wire(plan: Plan, contexts: Mapping[str, int], spaces: Mapping[str, int]) -> Electricity:
    """Read the wiring of a building; an equipment counts behind one leaf meter only."""
    equipment = _read_equipment(plan, contexts, spaces)
    order = _children_first(plan)
    position = {meter_id: rank for rank, meter_id in enumerate(order)}
    index = {equipment_id: rank for rank, equipment_id in enumerate(equipment.ids)}
    counted: set[str] = set()
    meters = []
    for meter_id in order:
        children = [position[node] for node in plan.fed_by(meter_id) if node in position]
        behind = [] if children else _behind(plan, meter_id, counted)
        metered = plan.sources(Relation.IS_METERED_BY, meter_id)
        properties = plan.properties[meter_id]
        meters.append(
            Meter(
                end_use=plan.nodes[meter_id]["end_use"] or EndUse.TOTAL.value,
                loss_fraction=number_of(properties, "loss_fraction", 0.0),
                children=np.array(children, dtype=np.int64),
                equipment=np.array([index[node] for node in behind], dtype=np.int64),
                spaces=np.array([spaces[node] for node in metered if node in spaces], np.int64),
            )
        )
    return Electricity(meter_ids=tuple(order), meters=tuple(meters), equipment=equipment)


def _read_equipment(
    plan: Plan, contexts: Mapping[str, int], spaces: Mapping[str, int]
) -> Equipment:
    ids = tuple(sorted(plan.nodes_of(NodeType.EQUIPMENT)))
    index = {node_id: rank for rank, node_id in enumerate(ids)}
    rows = [plan.nodes[node_id] for node_id in ids]
    return Equipment(
        ids=ids,
        kinds=tuple(row["equipment_type"] or "" for row in rows),
        domains=tuple(row["domain"] or "" for row in rows),
        nominal_kw=np.array(
            [number_of(plan.properties[node_id], "nominal_kw", 0.0) for node_id in ids]
        ),
        context=np.array(
            [served_context(plan, node_id, contexts) for node_id in ids], dtype=np.int64
        ),
        space=np.array([spaces.get(row["space_id"] or "", -1) for row in rows], dtype=np.int64),
        is_part=np.array([plan.has_part_above(node_id) for node_id in ids], dtype=np.bool_),
        feeds=tuple(
            np.array([index[node] for node in _behind(plan, node_id, set())], dtype=np.int64)
            for node_id in ids
        ),
    )


def served_context(plan: Plan, equipment_id: str, contexts: Mapping[str, int]) -> int:
    """Context whose demand an equipment answers.

    The space or zone it serves, or that of the whole it is part of; the building for the plant,
    which serves nothing directly. What is no plant answers the space where it stands.
    """
    chain = [equipment_id]
    while above := plan.sources(Relation.HAS_PART, chain[-1]):
        chain.append(above[0])
    for node_id in chain:
        for served in plan.targets(Relation.SERVES, node_id):
            if served in contexts:
                return contexts[served]
    row = plan.nodes[equipment_id]
    if row["domain"] == "hvac" and not plan.targets(Relation.MONITORS, equipment_id):
        return contexts[plan.id]
    return contexts.get(row["space_id"] or "", contexts[plan.id])


def _behind(plan: Plan, node_id: str, counted: set[str]) -> list[str]:
    """List the equipment that takes electricity from a node at any distance, not counted yet."""
    found: list[str] = []
    waiting = list(plan.fed_by(node_id))
    while waiting:
        node = waiting.pop()
        row = plan.nodes.get(node)
        if row is None or node in counted or row["type"] != NodeType.EQUIPMENT:
            continue
        counted.add(node)
        found.append(node)
        waiting.extend(plan.fed_by(node))
    return sorted(found)


def _children_first(plan: Plan) -> list[str]:
    meters = sorted(plan.nodes_of(NodeType.METER))
    known = set(meters)
    order: list[str] = []

    def visit(meter_id: str) -> None:
        if meter_id in order:
            return
        for child in plan.fed_by(meter_id):
            if child in known:
                visit(child)
        order.append(meter_id)

    for meter_id in meters:
        visit(meter_id)
    return order
