"""What is told of a scale before it is made is what comes out."""

import pytest

from basetype_benchmark.config.profiles import BuildingPlan, Scale, load_scales
from basetype_benchmark.dataset.extent import measure_extent
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.writer import count_by
from tests.unit.dataset.topology.walk import shipped


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_the_counts_are_those_of_the_graph(name: str) -> None:
    extent = measure_extent(load_scales()[name])
    graph = shipped(name).graph
    counts = count_by(graph.nodes, "type")
    assert (extent.buildings, extent.spaces) == (counts["Building"], counts["Space"])
    assert extent.points == counts["Point"]
    assert extent.equipment == counts["Equipment"] - len(graph.ghosts)


def test_rows_and_size_of_a_day_are_about_those_measured(tiny: Dataset) -> None:
    extent = measure_extent(load_scales()["tiny"])
    assert 2 * extent.rows_a_day == pytest.approx(tiny.manifest.counts.samples, rel=0.15)
    assert 2 * extent.bytes_a_day == pytest.approx(tiny.manifest.size_bytes, rel=0.25)


def test_buildings_add_up() -> None:
    plan = BuildingPlan(archetype="pavilion", floors=1, spaces_per_floor=5, tenants=1)
    one, two = (
        measure_extent(Scale(name="x", purpose="x", buildings=(plan,) * count)) for count in (1, 2)
    )
    assert (one.area_m2, two.area_m2) == (500, 1000)
    assert two.equipment == 2 * one.equipment
    assert one.points < two.points < 2 * one.points  # the site's are counted once
