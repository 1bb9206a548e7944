"""Q1 to Q5: what the graph alone answers."""

from __future__ import annotations

from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.queries.answer import Answer, Row
from basetype_benchmark.queries.catalog import Parameters
from basetype_benchmark.queries.oracle.building_graph import BuildingGraph
from basetype_benchmark.queries.oracle.world import World, text_of

MAX_FEED_HOPS = 10
DEPENDENCY = (Relation.HAS_PART, Relation.FEEDS)
"""The relations over which a failure spreads, in any mix."""

_FUNCTIONS = (
    Relation.SERVES,
    Relation.FEEDS,
    Relation.HAS_PART,
    Relation.CONTROLS,
    Relation.MONITORS,
)


def energy_chain(world: World, parameters: Parameters) -> Answer:
    """Q1: all nodes downstream of a meter over FEEDS."""
    graph = world.graph
    meter = graph.find(text_of(parameters, "meter_id"), NodeType.METER)
    if meter is None:
        return Answer()
    fed = graph.reachable(meter.id, (Relation.FEEDS,), MAX_FEED_HOPS) - {meter.id}
    nodes = (graph.nodes[key] for key in sorted(fed))
    return Answer((node.id, node.type, node.name) for node in nodes)


def functional_impact(world: World, parameters: Parameters) -> Answer:
    """Q2: spaces affected when a piece of equipment fails."""
    graph = world.graph
    equipment = graph.find(text_of(parameters, "equipment_id"), NodeType.EQUIPMENT)
    if equipment is None:
        return Answer()
    failing = {equipment.id} | graph.reachable(equipment.id, DEPENDENCY)
    spaces = (graph.nodes[key] for key in sorted(graph.served_spaces(failing)))
    return Answer((space.id, space.name, space.space_type, space.floor_id) for space in spaces)


def space_services(world: World, parameters: Parameters) -> Answer:
    """Q3: equipment a space depends on, once per relation."""
    graph = world.graph
    space = graph.find(text_of(parameters, "space_id"), NodeType.SPACE)
    if space is None:
        return Answer()
    zones = [
        key
        for key in graph.incoming(Relation.CONTAINS, space.id)
        if graph.nodes[key].type == NodeType.ZONE
    ]
    related = {(key, "serves") for key in graph.incoming(Relation.SERVES, space.id)}
    related |= {
        (key, "serves_zone") for zone in zones for key in graph.incoming(Relation.SERVES, zone)
    }
    related |= {(key, "located") for key in graph.incoming(Relation.LOCATED_IN, space.id)}
    return Answer(
        (node.id, node.name, node.equipment_type, node.domain, relation)
        for node, relation in ((graph.nodes[key], how) for key, how in sorted(related))
        if node.type == NodeType.EQUIPMENT
    )


def floor_temperature_inventory(world: World, parameters: Parameters) -> Answer:
    """Q4: temperature points of equipment in or serving each space of a floor."""
    graph = world.graph
    floor = graph.find(text_of(parameters, "floor_id"), NodeType.FLOOR)
    if floor is None:
        return Answer()
    rows = {
        row for space in graph.contained_spaces(floor.id) for row in _temperatures(graph, space)
    }
    return Answer(sorted(rows, key=lambda row: (row[0], row[2])))


def _temperatures(graph: BuildingGraph, space_id: str) -> list[Row]:
    touching = {
        *graph.incoming(Relation.LOCATED_IN, space_id),
        *graph.incoming(Relation.SERVES, space_id),
    }
    return [
        (space_id, owner, point.id, point.name, point.unit)
        for owner in touching
        if graph.nodes[owner].type == NodeType.EQUIPMENT
        for point in graph.points_of(owner)
        if point.quantity == "temperature"
    ]


def orphans(world: World, parameters: Parameters) -> Answer:
    """Q5: equipment without points and without a function."""
    graph = world.graph
    return Answer(
        (node.id, node.equipment_type, node.building_id)
        for node in sorted(graph.of_type(NodeType.EQUIPMENT))
        if not graph.outgoing(Relation.HAS_POINT, node.id)
        and not any(
            graph.outgoing(relation, node.id) or graph.incoming(relation, node.id)
            for relation in _FUNCTIONS
        )
    )
