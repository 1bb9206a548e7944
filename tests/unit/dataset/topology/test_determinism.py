"""The same profile and seed give the same graph anywhere; buildings nest by position."""

import os
import subprocess
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basetype_benchmark.config.profiles import BuildingPlan, Profile, Scale, find_profile
from basetype_benchmark.dataset.fingerprint import digest_graph
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.streams import stream
from basetype_benchmark.dataset.topology import build_graph
from tests.unit.dataset.topology.test_relations import ENDS, ends_of
from tests.unit.dataset.topology.walk import shipped, walk

FIRST = BuildingPlan(archetype="office", floors=2, spaces_per_floor=7, tenants=2, floor_area_m2=480)
SECOND = BuildingPlan(archetype="office", floors=3, spaces_per_floor=10, tenants=3)
PRINT_DIGEST = """
from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.fingerprint import digest_graph
from basetype_benchmark.dataset.topology import build_graph
print(digest_graph(build_graph(find_profile("tiny-2d"), 42)).hex())
"""


def build(*plans: BuildingPlan, seed: int = 42) -> Graph:
    scale = Scale(name="test", purpose="test", buildings=plans)
    return build_graph(Profile(scale=scale, duration="2d", days=2), seed)


def of_building(graph: Graph, building_id: str) -> tuple[pa.Table, pa.Table]:
    """Nodes and relations whose id or source lies in a building."""
    tables = []
    for table, column in ((graph.nodes, "id"), (graph.edges, "src_id")):
        inside = pc.equal(pc.list_element(pc.split_pattern(table[column], "."), 0), building_id)
        tables.append(table.filter(inside).combine_chunks())
    return tables[0], tables[1]


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_another_process_with_another_hash_seed_builds_the_same_graph(hash_seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRINT_DIGEST],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == digest_graph(shipped("tiny").graph).hex()


def test_the_duration_has_no_part_in_the_graph() -> None:
    days, week = (build_graph(find_profile(f"tiny-{length}"), 42) for length in ("2d", "1w"))
    assert days.nodes.equals(week.nodes)
    assert days.edges.equals(week.edges)


def test_another_seed_gives_another_building() -> None:
    assert not build(FIRST).nodes.equals(build(FIRST, seed=43).nodes)
    assert build(FIRST).ghosts != build(FIRST, seed=43).ghosts


def test_a_bigger_scale_begins_with_the_same_building() -> None:
    alone, both = build(FIRST), build(FIRST, SECOND)
    for one, other in zip(of_building(alone, "b01"), of_building(both, "b01"), strict=True):
        assert one.num_rows > 100
        assert one.equals(other)
    for one, other in zip(of_building(alone, "site"), of_building(both, "site"), strict=True):
        assert set(one[one.column_names[0]].to_pylist()) <= set(
            other[other.column_names[0]].to_pylist()
        )


def test_a_building_does_not_depend_on_the_one_before_it() -> None:
    after_small, after_big = build(FIRST, SECOND), build(SECOND, SECOND)
    pairs = zip(of_building(after_small, "b02"), of_building(after_big, "b02"), strict=True)
    assert all(one.equals(other) for one, other in pairs)


def test_the_same_plan_at_another_position_is_another_building() -> None:
    built = walk(build(SECOND, SECOND))
    areas = [
        [
            built.properties(space)["area_m2"]
            for space in built.of_type("Space", building_id=building)
        ]
        for building in ("b01", "b02")
    ]
    assert len(areas[0]) == len(areas[1])
    assert not set(areas[0]) & set(areas[1])


def test_streams_repeat_themselves_and_differ_by_every_name() -> None:
    first = stream(42, "b01", "sizes").random(4)
    assert (first == stream(42, "b01", "sizes").random(4)).all()
    others = [stream(43, "b01", "sizes"), stream(42, "b02", "sizes"), stream(42, "b01", "ghosts")]
    assert all((first != other.random(4)).all() for other in others)
    assert (stream(1, "ab", "c").random(4) != stream(1, "a", "bc").random(4)).all()


def test_streams_give_these_numbers_on_any_machine() -> None:
    assert stream(42, "b01", "sizes").random(3).tolist() == [
        0.0001927545611767334,
        0.047300314444265745,
        0.5556491850210824,
    ]


@settings(max_examples=12, deadline=None)
@given(
    floors=st.integers(1, 4),
    spaces=st.integers(3, 30),
    tenants=st.integers(1, 8),
    floor_m2=st.none() | st.integers(300, 4000),
    seed=st.integers(-5, 2**64),
)
def test_any_plan_gives_a_graph_that_holds_together(
    floors: int, spaces: int, tenants: int, floor_m2: int | None, seed: int
) -> None:
    plan = BuildingPlan(
        archetype="office",
        floors=floors,
        spaces_per_floor=spaces,
        tenants=tenants,
        floor_area_m2=floor_m2,
    )
    built = walk(build(plan, seed=seed))
    assert len(built.nodes) == built.graph.nodes.num_rows
    assert all(pairs <= ENDS[relation] for relation, pairs in ends_of(built).items())
    assert len({(e["rel_type"], e["src_id"], e["dst_id"]) for e in built.edges}) == len(built.edges)
    assert len(built.of_type("Space")) == floors * spaces
    assert len(built.graph.ghosts) >= 2
