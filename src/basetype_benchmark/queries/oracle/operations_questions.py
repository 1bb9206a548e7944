"""Q10 and Q11: badge activity and what depends on the racks."""

from __future__ import annotations

import polars as pl

from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.queries.answer import Answer
from basetype_benchmark.queries.catalog import Parameters
from basetype_benchmark.queries.oracle.building_graph import BuildingGraph, NodeRow
from basetype_benchmark.queries.oracle.graph_questions import DEPENDENCY
from basetype_benchmark.queries.oracle.world import World, text_of, window_of

DENIED = 0


def security_access(world: World, parameters: Parameters) -> Answer:
    """Q10: badge events of each reader that guards a space of the zone."""
    owners = access_points(world.graph, text_of(parameters, "zone_id"))
    by_point = (
        world.series.read(list(owners), window_of(parameters))
        .group_by("point_id")
        .agg(
            pl.len(),
            (pl.col("value") == DENIED).sum().alias("denied"),
            pl.col("time").min().alias("first"),
            pl.col("time").max().alias("last"),
        )
        .sort("point_id")
    )
    owner_of = {point.id: owner for point, owner in owners.items()}
    return Answer((owner_of[row[0]], *row) for row in by_point.rows())


def access_points(graph: BuildingGraph, zone_id: str) -> dict[NodeRow, str]:
    """Access points of equipment that serves a space of the zone directly, each with its owner."""
    if graph.find(zone_id, NodeType.ZONE) is None:
        return {}
    guards = {
        equipment
        for space in graph.contained_spaces(zone_id)
        for equipment in graph.incoming(Relation.SERVES, space)
    }
    return {
        point: guard
        for guard in sorted(guards)
        for point in graph.points_of(guard)
        if point.point_type == "access_event"
    }


def it_impact(world: World, parameters: Parameters) -> Answer:
    """Q11: dependents and served spaces of each rack of a building, and how the rack runs."""
    graph = world.graph
    racks = racks_of(graph, text_of(parameters, "building_id"))
    points = [point for rack in racks for point in graph.points_of(rack.id)]
    samples = world.series.read(points, window_of(parameters))
    by_point = samples.group_by("point_id").agg(
        pl.col("value").max().alias("max"), pl.col("value").sum().alias("sum"), pl.len()
    )
    statistics = {row[0]: row[1:] for row in by_point.rows()}
    return Answer(
        (
            rack.id,
            rack.name,
            *_count_dependents(graph, rack.id),
            *_rack_state(graph.points_of(rack.id), statistics),
        )
        for rack in racks
    )


def racks_of(graph: BuildingGraph, building_id: str) -> list[NodeRow]:
    """Racks of the building, by id."""
    return [
        node
        for node in sorted(graph.of_type(NodeType.EQUIPMENT))
        if node.equipment_type == "rack" and node.building_id == building_id
    ]


def _count_dependents(graph: BuildingGraph, rack_id: str) -> tuple[int, int]:
    reached = graph.reachable(rack_id, DEPENDENCY) - {rack_id}
    dependents = {key for key in reached if graph.nodes[key].type == NodeType.EQUIPMENT}
    return len(dependents), len(graph.served_spaces(dependents))


def _rack_state(
    points: list[NodeRow], statistics: dict[str, tuple[float, float, int]]
) -> tuple[float | None, float | None]:
    inlets = [
        statistics[point.id][0]
        for point in points
        if point.point_type == "rack_inlet_temperature" and point.id in statistics
    ]
    powers = [
        statistics[point.id][1:]
        for point in points
        if point.point_type == "active_power" and point.id in statistics
    ]
    samples = sum(count for _, count in powers)
    mean = sum(total for total, _ in powers) / samples if samples else None
    return max(inlets, default=None), mean
