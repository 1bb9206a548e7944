"""What a dataset says its series should be: points, rules, places and meters, per building."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from basetype_benchmark.dataset.invariants.relations import GraphFacts
from basetype_benchmark.dataset.manifest import Manifest, SensorFault
from basetype_benchmark.dataset.model import Behaviour, NodeType, Relation, Role, Signal
from basetype_benchmark.dataset.parts import SITE_PARTITION
from basetype_benchmark.dataset.simulation.arrays import DAY_MS, Array, Ints, Mask
from basetype_benchmark.errors import DatasetError

EVENT_INTERVAL_MS = 60_000
"""A point that reports on event is looked at this often."""

LATEST_MS = 2_000
"""A sample has a time up to so much after the one it was due at."""

_RULES = ("behaviour", "interval_s", "resolution", "deadband", "heartbeat_s")


@dataclass(frozen=True, kw_only=True)
class Meter:
    """A meter that others hang from: what it shows is their sum and its losses."""

    id: str
    children: tuple[str, ...]
    loss_fraction: float


@dataclass(frozen=True, kw_only=True)
class BuildingFacts:
    """The points of one building (or of the site) in order of id, one array element each.

    `place` is the space, zone or building whose state a point shows. `interval_ms` is 0 of
    events; `nominal` is NaN where there is none.
    """

    id: str
    start: date
    days: int
    ids: tuple[str, ...]
    behaviours: tuple[Behaviour, ...]
    owners: tuple[str, ...]
    places: tuple[str, ...]
    roles: tuple[str, ...]
    signals: tuple[str, ...]
    units: tuple[str | None, ...]
    interval_ms: Ints
    resolution: Array
    deadband: Array
    heartbeat_ms: Ints
    nominal: Array
    capacities: Mapping[str, float]  # seats by space
    meters: tuple[Meter, ...]
    faults: tuple[SensorFault, ...]
    gap_rate: float

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Where each point is in the arrays."""
        return {point_id: place for place, point_id in enumerate(self.ids)}

    @cached_property
    def planted(self) -> Mapping[int, SensorFault]:
        """The sensors that are wrong on purpose, by position."""
        return {self.position[fault.point_id]: fault for fault in self.faults}

    @cached_property
    def is_planted(self) -> Mask:
        """Marks the sensors that are wrong on purpose."""
        mask = np.zeros(len(self.ids), dtype=np.bool_)
        mask[list(self.planted)] = True
        return mask

    @cached_property
    def is_exact(self) -> Mask:
        """Marks the points that report at every full interval: of meters, and the grid's carbon."""
        meter = np.array([role == Role.METER for role in self.roles], dtype=np.bool_)
        return meter | self.having(Behaviour.CARBON_INTENSITY)

    @cached_property
    def is_badge(self) -> Mask:
        """Marks the points whose samples are events of their own."""
        return self.having(Behaviour.ACCESS_EVENT)

    @cached_property
    def is_polled(self) -> Mask:
        """Marks the points that are read in turn and report on change of value."""
        return ~self.is_exact & ~self.is_badge

    @cached_property
    def read_every_ms(self) -> Ints:
        """How often each point is read."""
        return np.where(self.interval_ms == 0, EVENT_INTERVAL_MS, self.interval_ms)

    @cached_property
    def longest_silence_ms(self) -> Ints:
        """How long nothing is heard of each point while it is connected."""
        heartbeat_ms = np.where(self.heartbeat_ms == 0, DAY_MS, self.heartbeat_ms)
        return heartbeat_ms + self.read_every_ms + LATEST_MS

    def having(self, *behaviours: Behaviour) -> Mask:
        """Mark the points of some behaviours."""
        return np.array([behaviour in behaviours for behaviour in self.behaviours], dtype=np.bool_)

    def of_signal(self, signal: Signal) -> Mask:
        """Mark the points of a signal."""
        return np.array([found == signal for found in self.signals], dtype=np.bool_)

    def by_place(self, behaviour: Behaviour, *, sound: bool = True) -> dict[str, list[int]]:
        """Positions of the points of a behaviour by place; `sound` leaves the planted out."""
        groups: dict[str, list[int]] = {}
        for place in np.flatnonzero(self.having(behaviour)).tolist():
            if not (sound and self.is_planted[place]):
                groups.setdefault(self.places[place], []).append(place)
        return groups

    def by_owner(self, behaviour: Behaviour, role: Role) -> dict[str, int]:
        """Position of the point of a behaviour and role of each owner."""
        chosen = np.flatnonzero(self.having(behaviour)).tolist()
        return {self.owners[place]: place for place in chosen if self.roles[place] == role}


def read_facts(graph: GraphFacts, manifest: Manifest) -> dict[str, BuildingFacts]:
    """Read the facts of every building and of the site, by the name of their partition."""
    groups: dict[str, list[str]] = {}
    for point_id in sorted(graph.of_type(NodeType.POINT)):
        building_id = graph.nodes[point_id]["building_id"] or SITE_PARTITION
        groups.setdefault(building_id, []).append(point_id)
    return {
        building_id: _read_building(building_id, ids, graph, manifest)
        for building_id, ids in groups.items()
    }


def _read_building(
    building_id: str, ids: list[str], graph: GraphFacts, manifest: Manifest
) -> BuildingFacts:
    rows = [graph.nodes[point_id] for point_id in ids]
    rules = [_read_rules(graph, point_id) for point_id in ids]
    owners = [next(iter(graph.sources(Relation.HAS_POINT, point_id)), "") for point_id in ids]
    known = set(ids)
    places: dict[str, str] = {}
    for owner in owners:
        if owner not in places:
            places[owner] = _place_of(graph, owner, building_id)
    return BuildingFacts(
        id=building_id,
        start=manifest.start.date(),
        days=(manifest.end - manifest.start).days,
        ids=tuple(ids),
        behaviours=tuple(Behaviour(rule["behaviour"]) for rule in rules),
        owners=tuple(owners),
        places=tuple(places[owner] for owner in owners),
        roles=tuple(row["role"] for row in rows),
        signals=tuple(row["signal"] for row in rows),
        units=tuple(row["unit"] for row in rows),
        interval_ms=np.array([round(1000 * rule["interval_s"]) for rule in rules], np.int64),
        resolution=np.array([rule["resolution"] for rule in rules], np.float64),
        deadband=np.array([rule["deadband"] for rule in rules], np.float64),
        heartbeat_ms=np.array([round(1000 * rule["heartbeat_s"]) for rule in rules], np.int64),
        nominal=np.array([rule.get("nominal", np.nan) for rule in rules], np.float64),
        capacities=_capacities(graph, building_id),
        meters=_parents(graph, building_id),
        faults=tuple(f for f in manifest.planted.sensor_faults if f.point_id in known),
        gap_rate=manifest.planted.gap_rate,
    )


def _read_rules(graph: GraphFacts, point_id: str) -> Mapping[str, Any]:
    """Read how a point behaves and reports.

    Raises:
        DatasetError: its properties do not say.
    """
    rules = graph.properties(point_id)
    missing = [name for name in _RULES if name not in rules]
    if missing:
        raise DatasetError(
            f"the properties of {point_id} lack {', '.join(missing)}, so its samples cannot be "
            "checked; generate the dataset again, or verify it with --no-invariants"
        )
    return rules


def _place_of(graph: GraphFacts, owner: str, building_id: str) -> str:
    """What the owner of a point, or the whole it is part of, serves first; else where it is."""
    if owner not in graph.nodes or graph.nodes[owner]["type"] == NodeType.SPACE:
        return owner
    for node_id in (owner, *graph.wholes(owner)):
        served = graph.targets(Relation.SERVES, node_id)
        if served:
            return served[0]
    return graph.nodes[owner]["space_id"] or building_id


def _capacities(graph: GraphFacts, building_id: str) -> dict[str, float]:
    return {
        space_id: float(graph.properties(space_id).get("capacity") or 0)
        for space_id in graph.of_type(NodeType.SPACE)
        if graph.nodes[space_id]["building_id"] == building_id
    }


def _parents(graph: GraphFacts, building_id: str) -> tuple[Meter, ...]:
    """Meters of a building that feed other meters."""
    found = []
    for meter_id in sorted(graph.of_type(NodeType.METER)):
        fed = graph.targets(Relation.FEEDS, meter_id)
        children = tuple(node for node in fed if graph.nodes[node]["type"] == NodeType.METER)
        if children and graph.nodes[meter_id]["building_id"] == building_id:
            loss = float(graph.properties(meter_id).get("loss_fraction") or 0)
            found.append(Meter(id=meter_id, children=children, loss_fraction=loss))
    return tuple(found)
