"""Whatever plan a profile file may state becomes a building whose day can be simulated."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basetype_benchmark.config.profiles import LEAST_SPACE_M2, BuildingPlan, Profile, Scale
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.integrity import check_graph
from basetype_benchmark.dataset.simulation.building import read_buildings
from basetype_benchmark.dataset.simulation.day import initial_state, simulate_day
from basetype_benchmark.dataset.simulation.reporting import Reporter
from basetype_benchmark.dataset.subgraph import cut_out
from basetype_benchmark.dataset.topology import build_graph

SEED = 42


@st.composite
def plans(draw: st.DrawFn) -> BuildingPlan:
    spaces = draw(st.integers(3, 20))
    least_m2 = max(50, LEAST_SPACE_M2 * spaces)
    return BuildingPlan(
        archetype=draw(st.sampled_from(["office", "pavilion"])),
        floors=draw(st.integers(1, 2)),
        spaces_per_floor=spaces,
        floor_area_m2=draw(st.none() | st.just(least_m2) | st.integers(least_m2, 3000)),
        tenants=draw(st.integers(1, 50)),
    )


def build(plan: BuildingPlan) -> Graph:
    scale = Scale(name="any", purpose="test", buildings=(plan,))
    return build_graph(Profile(scale=scale, duration="2d", days=2), SEED)


def simulate(graph: Graph) -> pl.DataFrame:
    """The samples of the building's first day, with the type of their point."""
    [building] = read_buildings(cut_out(graph, "b01"))
    day = simulate_day(SEED, building, 0, initial_state(SEED, building))
    samples = pl.DataFrame(Reporter(SEED, building).report_day(day).table)
    points = pl.DataFrame(graph.nodes).select("point_type", point_id="id")
    return samples.with_columns(pl.col("point_id").cast(pl.String)).join(points, on="point_id")


def check(plan: BuildingPlan) -> None:
    graph = build(plan)
    check_graph(Path("any"), graph.nodes, graph.edges)
    samples = simulate(graph)
    points = pl.DataFrame(graph.nodes).filter(type="Point", building_id="b01")
    assert samples["point_id"].n_unique() == len(points)
    assert samples["value"].is_finite().all()
    temperatures = samples.filter(point_type="zone_air_temperature")["value"]
    assert temperatures.is_between(-20, 50).all()


@settings(max_examples=5, deadline=None)
@given(plan=plans())
def test_any_plan_of_an_ordinary_size(plan: BuildingPlan) -> None:
    check(plan)


@pytest.mark.parametrize(
    ("archetype", "floors", "spaces", "floor_m2"),
    [
        ("office", 1, 3, 50),
        ("office", 1, 200, 2000),
        ("pavilion", 1, 3, 20_000),
        ("pavilion", 30, 3, 50),
    ],
    ids=["smallest", "many spaces", "three halls", "a needle"],
)
def test_plans_at_the_limits(archetype: str, floors: int, spaces: int, floor_m2: int) -> None:
    check(
        BuildingPlan(
            archetype=archetype,
            floors=floors,
            spaces_per_floor=spaces,
            floor_area_m2=floor_m2,
            tenants=50,
        )
    )
