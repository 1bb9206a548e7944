"""Every behaviour of the model is simulated, on a building of one space with one device each."""

import json

import numpy as np
import pyarrow as pa
import pytest

from basetype_benchmark.dataset.fingerprint import point_runs
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import EDGE_SCHEMA, NODE_SCHEMA, Behaviour
from basetype_benchmark.dataset.simulation.building import Building, read_buildings
from basetype_benchmark.dataset.simulation.day import initial_state, next_state, simulate_day
from basetype_benchmark.dataset.simulation.reporting import Reporter

DAYS = 2


def node(node_id: str, kind: str, building_id: str | None = "b01", **columns: object) -> dict:
    properties = json.dumps(columns.pop("properties", {}))
    row = {"id": node_id, "type": kind, "name": node_id, "building_id": building_id}
    return row | {"properties": properties} | columns


def edge(relation: str, source: str, target: str, medium: str | None = None) -> dict:
    return {"rel_type": relation, "src_id": source, "dst_id": target, "medium": medium}


def one_of_each(interval_s: int) -> Graph:
    nodes = [
        node("site", "Site", None),
        node("b01", "Building"),
        node("b01.s1", "Space", properties={"area_m2": 30, "capacity": 4, "schedule": "office"}),
        node("b01.m", "Meter", space_id="b01.s1", end_use="it"),
    ]
    edges = [edge("CONTAINS", "site", "b01")]
    for behaviour in Behaviour:
        device, point = f"b01.{behaviour.value}", f"b01.{behaviour.value}.p"
        rules = {"behaviour": behaviour.value, "interval_s": interval_s, "resolution": 0.01}
        nodes += [
            node(
                device,
                "Equipment",
                space_id="b01.s1",
                domain="it",
                equipment_type="device",
                properties={"nominal_kw": 1.0},
            ),
            node(point, "Point", properties=rules | {"deadband": 0.1, "heartbeat_s": 3600}),
        ]
        edges += [
            edge("HAS_POINT", device, point),
            edge("SERVES", device, "b01.s1"),
            edge("FEEDS", "b01.m", device, "electricity"),
        ]
    return Graph(
        nodes=pa.Table.from_pylist(sorted(nodes, key=lambda row: row["id"]), schema=NODE_SCHEMA),
        edges=pa.Table.from_pylist(edges, schema=EDGE_SCHEMA),
        ghosts=(),
    )


def report(building: Building) -> list[pa.Table]:
    state = initial_state(1, building)
    tables = []
    for day_index in range(DAYS):
        day = simulate_day(1, building, day_index, state)
        tables.append(Reporter(1, building).report_day(day).table)
        state = next_state(day)
    return tables


@pytest.mark.parametrize("interval_s", [0, 60, 300, 420, 900, 3600])
def test_every_behaviour_reports_every_day(interval_s: int):
    (building,) = read_buildings(one_of_each(interval_s))
    for table in report(building):
        ids, _ = point_runs(table)
        assert ids == sorted(f"b01.{behaviour.value}.p" for behaviour in Behaviour)
        assert np.isfinite(table.column("value").to_numpy()).all()


def test_days_are_the_same_whatever_was_simulated_before():
    (building,) = read_buildings(one_of_each(300))
    assert report(building)[1].equals(report(building)[1])


def test_site_without_spaces_reports():
    graph = one_of_each(300)
    rows = [
        row | {"building_id": None} if row["id"].startswith("b01.outdoor") else row
        for row in graph.nodes.to_pylist()
    ]
    nodes = pa.Table.from_pylist(rows, schema=NODE_SCHEMA)
    building, site = read_buildings(Graph(nodes=nodes, edges=graph.edges, ghosts=()))
    assert (building.id, site.id) == ("b01", "site")
    ids, _ = point_runs(report(site)[0])
    assert ids == sorted(f"b01.{name}.p" for name in Behaviour if name.startswith("outdoor"))
