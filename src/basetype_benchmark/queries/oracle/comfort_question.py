"""Q13: comfort of a space type in office hours, by occupancy."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.queries.answer import Answer, Row
from basetype_benchmark.queries.catalog import Parameters
from basetype_benchmark.queries.oracle.building_graph import BuildingGraph, NodeRow
from basetype_benchmark.queries.oracle.world import World, text_of, window_of

TEMPERATURE = "zone_air_temperature"
_SETPOINT = "zone_air_temperature_setpoint"
PEOPLE = "people_count"
_LAST_WORKDAY = 5  # Polars counts Monday as 1
_FIRST_HOUR, _END_HOUR = 9, 17
_LOW_BELOW, _MEDIUM_BELOW = 5, 15


@dataclass(frozen=True, kw_only=True)
class SpaceHour:
    """One hour of one space that has a temperature; means over the samples of the hour."""

    temperature: float
    setpoint: float | None
    people: float | None

    @property
    def band(self) -> str:
        """Occupancy band."""
        if self.people is None:
            return "unknown"
        if self.people == 0:
            return "none"
        if self.people < _LOW_BELOW:
            return "low"
        return "medium" if self.people < _MEDIUM_BELOW else "high"


def office_comfort(world: World, parameters: Parameters) -> Answer:
    """Q13: temperatures and deviation from the setpoint per occupancy band."""
    space_of = comfort_points(world.graph, text_of(parameters, "space_type"))
    hour, weekday = pl.col("time").dt.hour(), pl.col("time").dt.weekday()
    plan = world.series.scan(list(space_of), window_of(parameters)).filter(
        weekday <= _LAST_WORKDAY, hour >= _FIRST_HOUR, hour < _END_HOUR
    )
    by_band: dict[str, list[SpaceHour]] = defaultdict(list)
    for space_hour in _space_hours(world.series.collect(plan), space_of):
        by_band[space_hour.band].append(space_hour)
    return Answer(_summary(band, by_band[band]) for band in sorted(by_band))


def comfort_points(graph: BuildingGraph, space_type: str) -> dict[NodeRow, str]:
    """Comfort points of the equipment located in spaces of the type, each with its space."""
    return {
        point: space.id
        for space in graph.of_type(NodeType.SPACE)
        if space.space_type == space_type
        for equipment in graph.incoming(Relation.LOCATED_IN, space.id)
        if graph.nodes[equipment].type == NodeType.EQUIPMENT
        for point in graph.points_of(equipment)
        if point.point_type in (TEMPERATURE, _SETPOINT, PEOPLE)
    }


def _space_hours(samples: pl.DataFrame, space_of: dict[NodeRow, str]) -> Iterator[SpaceHour]:
    described = pl.DataFrame(
        [(point.id, space_id, point.point_type) for point, space_id in space_of.items()],
        schema=dict.fromkeys(("point_id", "space_id", "point_type"), pl.String),
        orient="row",
    )
    means = (
        samples.join(described, on="point_id")
        .group_by("space_id", pl.col("time").dt.truncate("1h"), "point_type")
        .agg(pl.col("value").mean())
    )
    hours: dict[tuple[str, object], dict[str, float]] = defaultdict(dict)
    for space_id, hour, point_type, mean in means.rows():
        hours[space_id, hour][point_type] = mean
    for values in hours.values():
        if TEMPERATURE in values:
            yield SpaceHour(
                temperature=values[TEMPERATURE],
                setpoint=values.get(_SETPOINT),
                people=values.get(PEOPLE),
            )


def _summary(band: str, hours: list[SpaceHour]) -> Row:
    temperatures = [hour.temperature for hour in hours]
    deviations = [h.temperature - h.setpoint for h in hours if h.setpoint is not None]
    return (
        band,
        len(hours),
        _mean(temperatures),
        min(temperatures),
        max(temperatures),
        _mean(deviations) if deviations else None,
    )


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)
