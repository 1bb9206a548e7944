"""What a question may be asked about, and how big each answer is, found without answering it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.queries.catalog import Question
from basetype_benchmark.queries.oracle.building_graph import BuildingGraph
from basetype_benchmark.queries.oracle.comfort_question import (
    PEOPLE,
    TEMPERATURE,
    comfort_points,
)
from basetype_benchmark.queries.oracle.operations_questions import access_points, racks_of
from basetype_benchmark.queries.oracle.oracle import ANSWERINGS
from basetype_benchmark.queries.oracle.series_questions import analog_sensors, building_points
from basetype_benchmark.queries.oracle.tenant_questions import energy_points
from basetype_benchmark.queries.oracle.world import World
from basetype_benchmark.queries.window import Window

_SUBJECTS: Mapping[str, NodeType] = {
    "Q1": NodeType.METER,
    "Q2": NodeType.EQUIPMENT,
    "Q3": NodeType.SPACE,
    "Q4": NodeType.FLOOR,
}
_Size = Callable[[BuildingGraph, str], int]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A value for the question's first parameter, and a measure of the size of its answer."""

    value: str
    size: int


def find_candidates(question: Question, world: World, window: Window | None) -> list[Candidate]:
    """Give what `question` may be asked about; empty answers are left out where that is known."""
    sizes = _sizes(question, world, window)
    return [Candidate(value=value, size=size) for value, size in sizes.items() if size]


def _sizes(question: Question, world: World, window: Window | None) -> Mapping[str, int]:
    if question.id in _SUBJECTS:
        return _row_counts(question, world)
    if question.id == "Q6" and window is not None:
        return _sample_counts(world, window)
    values, size_of = _HYBRID[question.id]
    return {value: size_of(world.graph, value) for value in values(world.graph)}


def _row_counts(question: Question, world: World) -> Mapping[str, int]:
    (parameter,) = question.parameters
    answer = ANSWERINGS[question.id]
    return {
        node.id: len(answer(world, {parameter.name: node.id}))
        for node in world.graph.of_type(_SUBJECTS[question.id])
    }


def _sample_counts(world: World, window: Window) -> Mapping[str, int]:
    points = world.graph.of_type(NodeType.POINT)
    plan = world.series.scan(points, window).group_by("point_id").agg(pl.len())
    return dict(world.series.collect(plan).rows())


def _ids_of(node_type: NodeType) -> Callable[[BuildingGraph], Iterable[str]]:
    return lambda graph: [node.id for node in graph.of_type(node_type)]


def _security_zones(graph: BuildingGraph) -> Iterable[str]:
    return [zone.id for zone in graph.of_type(NodeType.ZONE) if zone.zone_kind == "security"]


def _space_types(graph: BuildingGraph) -> Iterable[str]:
    """Types in which people are counted; elsewhere all space-hours fall into one band."""
    found = {space.space_type for space in graph.of_type(NodeType.SPACE)}
    known = [space_type for space_type in found if space_type is not None]
    return [value for value in known if _counted_spaces(graph, value)] or known


def _counted_spaces(graph: BuildingGraph, space_type: str) -> int:
    points = comfort_points(graph, space_type)
    return len({space for point, space in points.items() if point.point_type == PEOPLE})


def _measured_spaces(graph: BuildingGraph, space_type: str) -> int:
    points = comfort_points(graph, space_type)
    return len({space for point, space in points.items() if point.point_type == TEMPERATURE})


def _count(found: Callable[[BuildingGraph, str], Iterable[object]]) -> _Size:
    return lambda graph, value: sum(1 for _ in found(graph, value))


_HYBRID: Mapping[str, tuple[Callable[[BuildingGraph], Iterable[str]], _Size]] = {
    "Q7": (_ids_of(NodeType.BUILDING), _count(analog_sensors)),
    "Q8": (_ids_of(NodeType.TENANT), _count(energy_points)),
    "Q9": (_ids_of(NodeType.TENANT), _count(energy_points)),
    "Q10": (_security_zones, _count(access_points)),
    "Q11": (_ids_of(NodeType.BUILDING), _count(racks_of)),
    "Q12": (_ids_of(NodeType.BUILDING), _count(building_points)),
    "Q13": (_space_types, _measured_spaces),
}
