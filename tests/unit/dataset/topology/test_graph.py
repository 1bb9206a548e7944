"""The shape of the tables, their size, and what is kept in the properties."""

import json
import re
from collections import Counter
from itertools import pairwise

import polars as pl
import pytest

from basetype_benchmark.config.profiles import (
    BuildingPlan,
    Profile,
    Scale,
    find_profile,
    load_scales,
)
from basetype_benchmark.dataset.catalogue.vocabulary import Domain
from basetype_benchmark.dataset.model import EDGE_SCHEMA, NODE_SCHEMA, Behaviour
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.dataset.writer import count_by
from basetype_benchmark.errors import ConfigError
from tests.unit.dataset.topology.walk import Walk, shipped

EXPECTED = {  # spaces, equipment, points, m2
    "tiny": (14, 110, 1_200, 980),
    "small": (90, 1_050, 12_500, 10_000),
}
PROMISED = {  # spaces, equipment, points
    "tiny": (14, 110, 1_200),
    "small": (90, 1_050, 12_500),
    "medium": (430, 4_600, 53_000),
    "large": (875, 9_600, 110_000),
    "xlarge": (3_100, 33_000, 365_000),
}
POINT_PROPERTIES = {
    "behaviour",
    "interval_s",
    "resolution",
    "deadband",
    "heartbeat_s",
    "haystack",
}


@pytest.mark.parametrize("seed", [1, 2024])
@pytest.mark.parametrize("scale", EXPECTED)
def test_other_seeds_give_buildings_of_much_the_same_size(scale: str, seed: int) -> None:
    built = shipped(scale, seed)
    counts = Counter(row["type"] for row in built.nodes.values())
    spaces, equipment, points, area_m2 = EXPECTED[scale]
    assert counts["Space"] == spaces
    assert counts["Equipment"] == pytest.approx(equipment, rel=0.15)
    assert counts["Point"] == pytest.approx(points, rel=0.15)
    total = sum(built.properties(space)["area_m2"] for space in built.of_type("Space"))
    assert total == pytest.approx(area_m2, rel=0.01)


@pytest.mark.parametrize(
    "scale",
    [
        pytest.param(scale, marks=pytest.mark.thorough if scale == "xlarge" else ())
        for scale in PROMISED
    ],
)
def test_every_scale_has_the_size_and_the_density_of_points_it_promises(scale: str) -> None:
    graph = build_graph(find_profile(f"{scale}-2d"), 42)
    counts = count_by(graph.nodes, "type")
    found = [counts[name] for name in ("Space", "Equipment", "Point")]
    assert found == [pytest.approx(size, rel=0.1) for size in PROMISED[scale]]
    nodes = pl.DataFrame(graph.nodes)
    properties = nodes.filter(pl.col("type") == "Space")["properties"]
    area_m2 = properties.str.json_path_match("$.area_m2").cast(pl.Float64).sum()
    of_buildings = nodes.filter(pl.col("type") == "Point", pl.col("building_id").is_not_null())
    assert 1.2 <= of_buildings.height / area_m2 <= 1.3
    assert len(graph.ghosts) == pytest.approx(0.003 * counts["Equipment"], rel=0.25, abs=2)


def test_scales_from_small_on_nest_in_each_other() -> None:
    scales = load_scales()
    assert not scales["tiny"].nests_in(scales["small"])
    for smaller, bigger in pairwise(["small", "medium", "large", "xlarge"]):
        assert scales[smaller].nests_in(scales[bigger])
        assert not scales[bigger].nests_in(scales[smaller])


def test_the_catalogue_is_as_varied_as_a_building() -> None:
    built = shipped("small")
    kinds = {row["equipment_type"] for row in built.nodes.values()} - {None}
    point_types = {row["point_type"] for row in built.nodes.values()} - {None}
    domains = {row["domain"] for row in built.nodes.values()} - {None}
    assert len(kinds) >= 60
    assert len(point_types) >= 200
    assert domains >= set(Domain) - {Domain.METERING}


def test_tables_have_the_schema_and_are_sorted(built: Walk) -> None:
    assert built.graph.nodes.schema == NODE_SCHEMA
    assert built.graph.edges.schema == EDGE_SCHEMA
    ids = built.graph.nodes.column("id").to_pylist()
    assert ids == sorted(set(ids))


def test_ids_nest_and_end_in_what_the_node_is(built: Walk) -> None:
    for node_id, row in built.nodes.items():
        parent, _, last = node_id.rpartition(".")
        assert re.fullmatch("[a-z][a-z0-9_]*", last)
        assert not parent or parent in built.nodes
        if row["type"] == "Equipment":
            assert re.fullmatch(row["equipment_type"] + "[1-9][0-9]*", last)
        elif row["type"] in ("Building", "Floor", "Space"):
            assert re.fullmatch(row["type"][0].lower() + "[0-9]{2}", last)


def test_both_ends_of_every_relation_exist(built: Walk) -> None:
    assert {e[end] for e in built.edges for end in ("src_id", "dst_id")} <= built.nodes.keys()


def test_places_are_those_of_the_ids(built: Walk) -> None:
    for node_id, row in built.nodes.items():
        for column, node_type in (
            ("building_id", "Building"),
            ("floor_id", "Floor"),
            ("space_id", "Space"),
        ):
            if row[column] is not None:
                assert built.nodes[row[column]]["type"] == node_type
        if row["type"] not in ("Site", "Building") and not node_id.startswith("site."):
            assert row["building_id"] == node_id.split(".")[0]


def test_columns_are_filled_where_they_apply(built: Walk) -> None:
    columns = {
        "Space": {"space_type"},
        "Zone": {"zone_kind"},
        "Equipment": {"equipment_type", "domain", "space_id", "floor_id"},
        "Meter": {"end_use", "space_id"},
        "Point": {"point_type", "quantity", "role", "signal", "properties"},
    }
    only = {"space_type", "zone_kind", "equipment_type", "end_use", "point_type", "quantity"}
    for row in built.nodes.values():
        own = columns.get(row["type"], set())
        assert all(row[name] is not None for name in own | {"brick_class", "name"})
        assert all(row[name] is None for name in only - own)


def test_properties_are_compact_json_with_sorted_keys(built: Walk) -> None:
    for row in built.nodes.values():
        if row["properties"] is not None:
            content = json.loads(row["properties"])
            assert row["properties"] == json.dumps(
                content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
            )


def test_points_say_exactly_what_the_simulation_needs(built: Walk) -> None:
    for point in built.of_type("Point"):
        properties = built.properties(point)
        assert properties.keys() - {"nominal"} == POINT_PROPERTIES
        Behaviour(properties["behaviour"])
        assert isinstance(properties.get("nominal", 0.0), int | float)
        assert (properties["interval_s"] == 0) == (built.nodes[point]["signal"] == "event")


def test_equipment_and_spaces_describe_themselves(built: Walk) -> None:
    for node in built.of_type("Equipment"):
        assert built.properties(node).keys() == {
            "manufacturer",
            "model",
            "serial",
            "install_date",
            "haystack",
            "nominal_kw",
        }
    for space in built.of_type("Space"):
        properties = built.properties(space)
        assert properties.keys() == {
            "area_m2",
            "volume_m3",
            "capacity",
            "window_m2",
            "exterior_wall_m2",
            "orientation",
            "schedule",
        }
        assert properties["orientation"] in ("n", "e", "s", "w", None)
        assert (properties["orientation"] is None) == (properties["exterior_wall_m2"] == 0)
        assert (
            properties["window_m2"] < properties["exterior_wall_m2"] or not properties["window_m2"]
        )
    for tenant in built.of_type("Tenant"):
        assert built.properties(tenant).keys() == {"lease_start"}


def test_facades_look_in_four_directions(built: Walk) -> None:
    seen = {built.properties(space)["orientation"] for space in built.of_type("Space")}
    assert {"n", "e", "s", "w"} <= seen


def test_an_unknown_archetype_is_refused() -> None:
    plan = BuildingPlan(archetype="castle", floors=1, spaces_per_floor=5, tenants=1)
    scale = Scale(name="odd", purpose="test", buildings=(plan,))
    with pytest.raises(ConfigError, match=r"no archetype 'castle'.*choose from: office"):
        build_graph(Profile(scale=scale, duration="2d", days=2), 42)
