"""Q8 and Q9: energy and carbon of a tenant."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, datetime

from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.queries.answer import Answer
from basetype_benchmark.queries.catalog import Parameters
from basetype_benchmark.queries.oracle.building_graph import BuildingGraph, NodeRow
from basetype_benchmark.queries.oracle.world import World, text_of, window_of
from basetype_benchmark.queries.window import Window

GRAMS_PER_KG = 1000


def tenant_energy(world: World, parameters: Parameters) -> Answer:
    """Q8: energy of a tenant by end use, and how many meters say so."""
    meter_of = energy_points(world.graph, text_of(parameters, "tenant_id"))
    samples = world.series.read(list(meter_of), window_of(parameters))
    end_uses = {point.id: (meter.end_use, meter.id) for point, meter in meter_of.items()}
    meters: dict[str | None, set[str]] = defaultdict(set)
    values: dict[str | None, list[float]] = defaultdict(list)
    for point_id, value in samples.select("point_id", "value").rows():
        end_use, meter_id = end_uses[point_id]
        meters[end_use].add(meter_id)
        values[end_use].append(value)
    return Answer(
        (end_use, len(meters[end_use]), math.fsum(values[end_use]))
        for end_use in sorted(values, key=str)
    )


def tenant_carbon(world: World, parameters: Parameters) -> Answer:
    """Q9: energy and carbon of a tenant by day, over the samples whose hour has an intensity."""
    window = window_of(parameters)
    points = list(energy_points(world.graph, text_of(parameters, "tenant_id")))
    intensity = _intensity_by_hour(world, window)
    energy: dict[date, list[float]] = defaultdict(list)
    carbon: dict[date, list[float]] = defaultdict(list)
    samples = world.series.read(points, window)
    for time, value in samples.select("time", "value").rows():
        grams_per_kwh = intensity.get(_hour_of(time))
        if grams_per_kwh is not None:
            energy[time.date()].append(value)
            carbon[time.date()].append(value * grams_per_kwh)
    return Answer(
        (day, math.fsum(energy[day]), math.fsum(carbon[day]) / GRAMS_PER_KG)
        for day in sorted(energy)
    )


def energy_points(graph: BuildingGraph, tenant_id: str) -> dict[NodeRow, NodeRow]:
    """Interval points of the meters of the tenant's spaces, each with its meter."""
    if graph.find(tenant_id, NodeType.TENANT) is None:
        return {}
    meters = {
        meter
        for space in graph.outgoing(Relation.OCCUPIES, tenant_id)
        for meter in graph.outgoing(Relation.IS_METERED_BY, space)
    }
    return {
        point: graph.nodes[meter]
        for meter in sorted(meters)
        for point in graph.points_of(meter)
        if point.point_type == "energy_interval"
    }


def _intensity_by_hour(world: World, window: Window) -> dict[datetime, float]:
    """Intensities of all hours that the window touches, also of the hour it begins in."""
    sites = world.graph.of_type(NodeType.SITE)
    points = [
        point
        for site in sites
        for point in world.graph.points_of(site.id)
        if point.point_type == "carbon_intensity"
    ]
    hours = Window(start=_hour_of(window.start), end=window.end)
    return dict(world.series.read(points, hours).select("time", "value").rows())


def _hour_of(time: datetime) -> datetime:
    return time.replace(minute=0, second=0, microsecond=0)
