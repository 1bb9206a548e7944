"""What the simulation needs to know of a building, read out of the graph into arrays.

A *context* is a space, or a set of spaces that something serves together: contexts 0 to S-1 are the
spaces, then come the zones, and the last is the whole building.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.dataset.parts import SITE_PARTITION
from basetype_benchmark.dataset.simulation.arrays import Array, Ints
from basetype_benchmark.dataset.simulation.calendar import SpaceUse, find_use
from basetype_benchmark.dataset.simulation.electricity import Electricity, wire
from basetype_benchmark.dataset.simulation.plan import Plan, number_of, read_plans
from basetype_benchmark.dataset.simulation.points import Points, collect_points
from basetype_benchmark.dataset.simulation.weather import FACADES_DEG

_STOREY_M = 3.0
_FACADES = {"n": 0.0, "e": 90.0, "s": 180.0, "w": 270.0}
_FACADE_NONE = -1


@dataclass(frozen=True, kw_only=True)
class Spaces:
    """The spaces of a building, one array element each, in order of id.

    `facade` indexes `FACADES_DEG` (-1: no outer wall). `walls` has a row per pair of neighbours.
    """

    ids: tuple[str, ...]
    uses: tuple[SpaceUse, ...]
    area_m2: Array
    volume_m3: Array
    capacity: Array
    window_m2: Array
    exterior_wall_m2: Array
    facade: Ints
    walls: Ints

    @property
    def always_on(self) -> Array:
        """1 where the plant conditions the space day and night."""
        return np.array([float(use.always_on) for use in self.uses])

    @property
    def presence(self) -> Ints:
        """How people come to each space, as `Presence`."""
        return np.array([use.presence for use in self.uses], dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Building:
    """One building, or the site (``site``), ready for simulation.

    `shares` has a row per zone and a last one for the building: weights over the spaces that sum
    to 1, or to 0 where there are none.
    """

    id: str
    spaces: Spaces
    shares: Array
    electricity: Electricity
    points: Points


def read_buildings(graph: Graph) -> list[Building]:
    """Read every building of a graph, in order, and the site last."""
    plans = read_plans(graph)
    buildings = [_read_building(plan) for plan in plans if plan.id != SITE_PARTITION]
    sites = [_read_building(plan) for plan in plans if plan.id == SITE_PARTITION]
    return [building for building in (*buildings, *sites) if building.points.ids]


def _read_building(plan: Plan) -> Building:
    spaces = _read_spaces(plan)
    index = {space_id: position for position, space_id in enumerate(spaces.ids)}
    zones = sorted(plan.nodes_of(NodeType.ZONE))
    shares = np.array(
        [
            *(_share(plan.targets(Relation.CONTAINS, zone_id), index, spaces) for zone_id in zones),
            _share(spaces.ids, index, spaces),
        ]
    )
    contexts = dict(index)
    contexts.update({zone_id: len(index) + rank for rank, zone_id in enumerate(zones)})
    contexts[plan.id] = len(index) + len(zones)
    electricity = wire(plan, contexts, index)
    return Building(
        id=plan.id,
        spaces=spaces,
        shares=shares,
        electricity=electricity,
        points=collect_points(plan, contexts, electricity),
    )


def _share(space_ids: tuple[str, ...], index: Mapping[str, int], spaces: Spaces) -> Array:
    weights = np.zeros(len(spaces.ids))
    for space_id in space_ids:
        if space_id in index:
            weights[index[space_id]] = spaces.area_m2[index[space_id]]
    return np.asarray(weights / max(weights.sum(), 1e-9))


def _read_spaces(plan: Plan) -> Spaces:
    ids = tuple(sorted(plan.nodes_of(NodeType.SPACE)))
    properties = [plan.properties[space_id] for space_id in ids]
    area_m2 = np.array([max(number_of(item, "area_m2", 20.0), 1.0) for item in properties])
    volume = [
        number_of(item, "volume_m3", area * _STOREY_M)
        for item, area in zip(properties, area_m2, strict=True)
    ]
    return Spaces(
        ids=ids,
        uses=tuple(find_use(item.get("schedule")) for item in properties),
        area_m2=area_m2,
        volume_m3=np.maximum(np.array(volume), 1.0),
        capacity=np.array([number_of(item, "capacity", 0.0) for item in properties]),
        window_m2=np.array([number_of(item, "window_m2", 0.0) for item in properties]),
        exterior_wall_m2=np.array([number_of(item, "exterior_wall_m2", 0) for item in properties]),
        facade=np.array([_facade(item.get("orientation")) for item in properties], dtype=np.int64),
        walls=_walls(plan, ids),
    )


def _facade(orientation: object) -> int:
    """Find the main direction nearest to an orientation, given as a letter or in degrees."""
    if isinstance(orientation, str):
        degrees = _FACADES.get(orientation.strip().lower()[:1])
    elif isinstance(orientation, int | float):
        degrees = float(orientation) % 360
    else:
        degrees = None
    return _FACADE_NONE if degrees is None else round(degrees / 90) % len(FACADES_DEG)


def _walls(plan: Plan, ids: tuple[str, ...]) -> Ints:
    index = {space_id: position for position, space_id in enumerate(ids)}
    pairs = [
        (index[a], index[b])
        for a in ids
        for b in plan.targets(Relation.ADJACENT_TO, a)
        if b in index
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
