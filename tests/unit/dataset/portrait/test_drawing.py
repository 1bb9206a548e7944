"""What Plotly is given: the values of every line, with units, on the right axes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import polars as pl
import pytest

from basetype_benchmark.dataset.portrait.drawing import draw
from basetype_benchmark.dataset.portrait.figure import (
    Band,
    Figure,
    Line,
    NumberAxis,
    Panel,
    Style,
    TimeAxis,
)

HOUR_S = 3600.0
START_MS = datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1000
DAYS = TimeAxis(first_day=date(2024, 1, 1), days=2, days_off=(0,))
HOURS = NumberAxis(title="hour", unit="h", low=0.0, high=24.0, ticks=((0.0, "0"), (12.0, "noon")))


def line(style: Style = Style.LINE, **changes: object) -> Line:
    settings: dict = {
        "name": "air",
        "x": np.arange(3) * HOUR_S,
        "y": np.array([1.0, np.nan, 3.0]),
        "colour": 0,
        "style": style,
    }
    return Line(**(settings | changes))


def drawn(*lines: Line, axis: TimeAxis | NumberAxis = DAYS, **settings: object) -> go.Figure:
    panel = Panel(title="Temperature", unit="°C", lines=lines, **settings)
    return draw(Figure(key="one", title="One", caption="", axis=axis, panels=(panel,)))


def test_traces_are_the_lines(figures: Mapping[str, Figure]):
    for made in figures.values():
        lines = [item for panel in made.panels for item in panel.lines]
        for trace, shown in zip(draw(made).data, lines, strict=True):
            assert trace.name == shown.name
            x = trace.x if not isinstance(made.axis, TimeAxis) else (trace.x - START_MS) / 1000
            of_samples = np.isin(x, shown.x)
            assert x[of_samples] == pytest.approx(shown.x)
            assert trace.y[of_samples] == pytest.approx(shown.y, rel=1e-6, nan_ok=True)
            if shown.style in (Style.LINE, Style.DASHED, Style.BAR):
                assert of_samples.all()


def test_a_trace_is_what_is_stored(figures: Mapping[str, Figure], samples: pl.DataFrame):
    (supply, *_) = draw(figures["plant"]).data
    rows = samples.filter(pl.col("point_id") == "b01.f01.s04.chiller1.supply_temp").sort("time")
    times_ms = rows["time"].dt.epoch("ms").to_numpy()
    is_sample = np.isfinite(supply.y)
    assert supply.x[is_sample] == pytest.approx(times_ms)
    assert supply.y[is_sample] == pytest.approx(rows["value"].to_numpy(), rel=1e-6)


def test_every_axis_and_value_has_its_unit(figures: Mapping[str, Figure]):
    for made in figures.values():
        chart = draw(made)
        titles = [text.text for text in chart.layout.annotations]
        assert titles == [f"<b>{panel.title}</b> ({panel.unit})" for panel in made.panels]
        assert all(panel.unit for panel in made.panels)
        units = [panel.unit for panel in made.panels for _ in panel.lines]
        for trace, unit in zip(chart.data, units, strict=True):
            assert trace.hovertemplate.endswith(f" {unit}<extra></extra>")
        assert chart.layout.xaxis.title.text


def test_panels_lie_above_each_other_over_one_axis(figures: Mapping[str, Figure]):
    chart = draw(figures["weather"])
    assert {trace.xaxis for trace in chart.data} == {"x"}
    domains = [chart.layout[f"yaxis{place}"].domain for place in ("", 2, 3, 4, 5, 6)]
    assert domains[0][1] == 1.0
    assert domains[-1][0] == pytest.approx(0.0, abs=1e-12)
    for above, below in pairwise(domains):
        assert below[0] < below[1] < above[0]
    assert chart.layout.xaxis.anchor == "y6"


def test_each_panel_has_its_own_legend():
    panel = Panel(title="T", unit="K", lines=(line(),))
    chart = draw(Figure(key="k", title="t", caption="", axis=DAYS, panels=(panel, panel)))
    assert [trace.legend for trace in chart.data] == ["legend", "legend2"]
    assert chart.layout.legend2.y == chart.layout.yaxis2.domain[1]


def test_missing_values_break_the_line():
    (trace,) = drawn(line()).data
    assert np.isnan(trace.y).tolist() == [False, True, False]
    assert not trace.connectgaps


@pytest.mark.parametrize(
    ("style", "shape", "dash"),
    [(Style.LINE, None, None), (Style.DASHED, None, "5px,3px"), (Style.STEP, "hv", None)],
)
def test_styles_of_lines(style: Style, shape: str | None, dash: str | None):
    (trace,) = drawn(line(style)).data
    assert (trace.line.shape, trace.line.dash) == (shape, dash)


def test_steps_hold_to_the_end_and_are_told_just_before_they_change():
    (trace,) = drawn(line(Style.STEP, y=np.array([1.0, 1.0, 3.0]))).data
    assert ((trace.x - START_MS) / 1000).tolist() == [0, 3600, 7199, 7200, 172_800]
    assert trace.y.tolist() == [1, 1, 1, 3, 3]


def test_a_step_that_ended_in_silence_is_not_held():
    (trace,) = drawn(line(Style.STEP, y=np.array([1.0, 1.0, np.nan]))).data
    assert trace.x[-1] == START_MS + 7_200_000


def test_areas_stand_on_each_other():
    low, high = drawn(
        line(Style.AREA, y=np.ones(3)), line(Style.AREA, y=np.full(3, 2.0), colour=1)
    ).data
    assert low.stackgroup == high.stackgroup is not None
    assert low.x.tolist() == high.x.tolist()
    assert high.y.tolist() == [2, 2, 2, 2]


def test_bars_stand_on_each_other_within_their_hour():
    hours = np.arange(24.0)
    bars = [line(Style.BAR, x=hours, y=hours, colour=colour) for colour in (0, 1)]
    chart = drawn(*bars, axis=HOURS)
    assert chart.layout.barmode == "stack"
    for bar in chart.data:
        assert bar.type == "bar"
        assert 0 <= bar.offset < bar.offset + bar.width <= 1


def test_days_off_are_shaded_in_every_panel():
    panel = Panel(title="T", unit="K", lines=(line(),))
    chart = draw(Figure(key="k", title="t", caption="", axis=DAYS, panels=(panel, panel)))
    assert [(item.x0, item.x1, item.yref) for item in chart.layout.shapes] == [
        (START_MS, START_MS + 86_400_000, "y domain"),
        (START_MS, START_MS + 86_400_000, "y2 domain"),
    ]


def test_a_band_is_marked_and_named():
    chart = drawn(line(), axis=HOURS, band=Band(name="good", low=18.0, high=27.0))
    (shape,) = chart.layout.shapes
    assert (shape.name, shape.y0, shape.y1, shape.yref) == ("good", 18.0, 27.0, "y")
    assert shape.showlegend


def test_logarithmic_axes_and_their_ticks():
    axis = NumberAxis(title="t", unit="s", low=1.0, high=100.0, ticks=((60.0, "1 min"),), log=True)
    chart = drawn(line(), axis=axis, log=True)
    assert chart.layout.xaxis.type == chart.layout.yaxis.type == "log"
    assert chart.layout.xaxis.range == (0.0, 2.0)
    assert chart.layout.xaxis.ticktext == ("1 min",)


def test_time_runs_over_all_days():
    axis = drawn(line()).layout.xaxis
    assert axis.type == "date"
    assert axis.range == (START_MS, START_MS + 2 * 86_400_000)


def test_values_begin_at_zero_where_it_is_asked():
    assert drawn(line(), from_zero=True).layout.yaxis.rangemode == "tozero"
    assert drawn(line()).layout.yaxis.rangemode == "normal"


def test_a_panel_without_samples_says_so():
    chart = drawn(line(x=np.empty(0), y=np.empty(0)))
    assert chart.layout.annotations[-1].text == "no samples in these days"


def test_names_are_written_as_they_are():
    (trace,) = drawn(line(name='<a href="x">&amp;')).data
    assert trace.name == '&lt;a href="x"&gt;&amp;amp;'
