"""Q6, Q7 and Q12: statistics of the samples of one point or of a building's points."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from basetype_benchmark.dataset.model import NodeType, Role, Signal
from basetype_benchmark.queries.answer import Answer, Row
from basetype_benchmark.queries.catalog import Parameters
from basetype_benchmark.queries.oracle.building_graph import BuildingGraph, NodeRow
from basetype_benchmark.queries.oracle.world import World, text_of, window_of
from basetype_benchmark.queries.tolerance import floats_agree

TOP = 20
MORE_SAMPLES_THAN = 100
LARGER_MEAN_THAN = 0.001

_VALUE = pl.col("value")


def hourly_profile(world: World, parameters: Parameters) -> Answer:
    """Q6: mean, minimum, maximum and number of samples of one point by hour."""
    point = world.graph.find(text_of(parameters, "point_id"), NodeType.POINT)
    if point is None:
        return Answer()
    samples = world.series.read([point], window_of(parameters))
    hours = samples.group_by(hour=pl.col("time").dt.truncate("1h")).agg(
        _VALUE.mean().alias("avg"),
        _VALUE.min().alias("min"),
        _VALUE.max().alias("max"),
        pl.len(),
    )
    return Answer(hours.sort("hour").rows())


def drift_top20(world: World, parameters: Parameters) -> Answer:
    """Q7: the sensors that vary most relative to their mean, with those that tie at the cut."""
    sensors = analog_sensors(world.graph, text_of(parameters, "building_id"))
    by_point = world.series.collect(
        world.series.scan(sensors, window_of(parameters))
        .group_by("point_id")
        .agg(_VALUE.mean().alias("mean"), _VALUE.var(ddof=0).alias("variance"), pl.len())
        .filter(pl.col("len") > MORE_SAMPLES_THAN, pl.col("mean").abs() > LARGER_MEAN_THAN)
    )
    rows = [
        (point_id, world.graph.nodes[point_id].name, mean, variance, variance / mean**2, samples)
        for point_id, mean, variance, samples in by_point.rows()
    ]
    return _cut_ranking(sorted(rows, key=lambda row: (-row[4], row[0])))


def building_dashboard(world: World, parameters: Parameters) -> Answer:
    """Q12: how many points of each quantity a building has, and statistics of their samples."""
    points = building_points(world.graph, text_of(parameters, "building_id"))
    described = pl.DataFrame(
        [(point.id, point.quantity) for point in points],
        schema={"point_id": pl.String, "quantity": pl.String},
        orient="row",
    )
    by_point = world.series.collect(
        world.series.scan(points, window_of(parameters))
        .group_by("point_id")
        .agg(
            _VALUE.sum().alias("sum"),
            _VALUE.min().alias("min"),
            _VALUE.max().alias("max"),
            pl.len().alias("samples"),
        )
    )
    by_quantity = (
        described.join(by_point, on="point_id", how="left")
        .group_by("quantity")
        .agg(
            pl.len().alias("points"),
            pl.col("samples").count().alias("active_points"),
            pl.col("samples").sum(),
            (pl.col("sum").sum() / pl.col("samples").sum()).alias("avg"),
            pl.col("min").min(),
            pl.col("max").max(),
        )
        .with_columns(pl.when(pl.col("samples") > 0).then(pl.col("avg")))
    )
    return Answer(by_quantity.sort("quantity").rows())


def building_points(graph: BuildingGraph, building_id: str) -> list[NodeRow]:
    """Points whose `building_id` is the building."""
    return [p for p in graph.of_type(NodeType.POINT) if p.building_id == building_id]


def analog_sensors(graph: BuildingGraph, building_id: str) -> list[NodeRow]:
    """Points of the building that Q7 ranks."""
    return [
        point
        for point in building_points(graph, building_id)
        if point.role == Role.SENSOR and point.signal == Signal.ANALOG
    ]


def _cut_ranking(ranked: list[Row]) -> Answer:
    kept, rest = ranked[:TOP], ranked[TOP:]
    return Answer(kept, beyond_cut=_tying_with(kept[-1][4], rest) if rest else ())


def _tying_with(cut: float, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if floats_agree(row[4], cut)]
