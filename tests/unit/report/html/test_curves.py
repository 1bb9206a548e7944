"""Memory over time: thinned, and no peak lost."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.analysis.campaign_data import read_campaign_data
from basetype_benchmark.report.html.curves import (
    ALL_POINTS,
    LEAST_POINTS,
    MOST_POINTS,
    curve_chart,
    points_for,
    thin,
)
from tests.made_campaign import Making, make_campaign


def chart_of(folder: Path, making: Making, points: int):
    data = read_campaign_data(make_campaign(folder, making))
    return curve_chart(data.cells, data.readings, "d1", points)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 10**9)), min_size=1, max_size=300),
    st.integers(2, 40),
)
def test_first_last_least_and_highest_are_kept(readings: list[tuple[int, int]], most: int):
    t_ns = np.cumsum([step for step, _ in readings])
    values = np.array([value for _, value in readings], dtype=np.float64)
    kept = thin(t_ns, values, most)
    assert (np.diff(kept) > 0).all()
    assert {0, len(readings) - 1} <= set(kept.tolist())
    assert values[kept].max() == values.max()
    assert values[kept].min() == values.min()
    assert len(kept) <= max(most, 2) + 2


def test_few_readings_are_all_kept():
    assert thin(np.arange(5), np.arange(5.0), 5).tolist() == [0, 1, 2, 3, 4]


def test_points_are_shared_out():
    assert points_for(1) == MOST_POINTS
    assert points_for(100) == ALL_POINTS // 100
    assert points_for(10_000) == LEAST_POINTS


def test_each_cell_is_a_view_with_a_panel_for_each_server(tmp_path: Path):
    chart = chart_of(tmp_path / "c", Making(scenarios=("P1", "O2"), levels_mib=(512,)), 100)
    assert [view.name for view in chart.views] == ["small-2d.P1.0.5g.r1", "small-2d.O2.0.5g.r1"]
    assert [view.panels for view in chart.views] == [
        ("postgresql, MiB",),
        ("oxigraph, MiB", "postgresql, MiB"),
    ]
    assert chart.views[0].limits == {"y": 512}
    assert chart.views[1].limits == {"y": 256, "y2": 256}
    assert [span[0] for span in chart.views[0].spans] == ["load", "measure"]
    assert {trace["like"] for trace in chart.views[1].traces} <= chart.styles.keys()


def test_parts_are_those_that_were_read_and_thinned_together(tmp_path: Path):
    making = Making(scenarios=("P1",), levels_mib=(512,), readings=500)
    chart = chart_of(tmp_path / "c", making, 40)
    view = chart.views[0]
    times = view.shared["y"]
    assert 20 <= len(times) <= 42
    parts = {trace["like"]: trace["y"] for trace in view.traces}
    assert parts.keys() == {"anonymous y", "file y", "kernel y"}
    assert all(len(values) == len(times) for values in parts.values())
    row = chart.table.rows[0]
    assert [value.text for value in row[4:]] == ["500", str(len(times))]


@pytest.mark.parametrize("is_watched", [True, False])
def test_without_readings_there_is_no_chart(tmp_path: Path, is_watched: bool):
    making = Making(scenarios=("P1",), levels_mib=(512,), readings=0, is_watched=is_watched)
    assert chart_of(tmp_path / "c", making, 40) is None
