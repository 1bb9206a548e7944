"""Latency against RAM: lines over the levels, or one row a scenario where there is one level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from basetype_benchmark.benchmark.statistics import Interval
from basetype_benchmark.report.html.axes import log_axis, place_ms, row_axis
from basetype_benchmark.report.html.facts import LevelFacts, ProfileFacts
from basetype_benchmark.report.html.look import (
    FAILED,
    colour_of,
    styles_of,
)
from basetype_benchmark.report.html.model import Chart, Column, Json, Table, Value, View
from basetype_benchmark.report.html.ram_axis import RamAxis, ram_axis
from basetype_benchmark.report.html.wording import (
    OUTCOMES,
    milliseconds,
    missing,
    ram,
    ram_value,
)

ALL_QUERIES = "all (geometric mean)"
_ROW = 24


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a level gives for a view: a time with its interval, or in a word why there is none."""

    level: LevelFacts
    value_ns: float | None
    interval: Interval | None
    n: int
    why_none: str


Measure = Callable[[LevelFacts], Figure]


def latency_chart(profile: ProfileFacts, key: str) -> Chart:
    """Show time against RAM; a view for all queries together, and one for each."""
    levels = profile.measured
    scenarios = list(dict.fromkeys(level.scenario for level in levels))
    is_over_levels = len({level.ram_bytes for level in levels}) > 1
    draw = _over_levels if is_over_levels else _by_scenario
    measures = {ALL_QUERIES: mean_of_level} | {
        f"{query} {name}": _of_query(query) for query, name in profile.names.items()
    }
    views = [draw(name, [measure(v) for v in levels]) for name, measure in measures.items()]
    across = "against RAM" if is_over_levels else f"with {ram(levels[0].ram_bytes)}"
    return Chart(
        key=f"{key}-latency",
        title=f"Latency {across}",
        label=f"Latency {across}, a line for each scenario; the figures are in the table below.",
        caption=(
            "Median (p50) in ms of the answered runs of a level, or the geometric mean of the "
            "medians of all queries; bars are 95 % intervals, n is told where you point. "
            "✕ in the lower strip: not answered rightly, so that there is no time to show."
        ),
        height=(470 if is_over_levels else 110) + _ROW * len(scenarios),
        layout=_layout(is_over_levels, scenarios, [v.ram_bytes for v in levels]),
        views=tuple(views),
        table=_table(levels, key),
        pick="Query",
        styles=styles_of(scenarios) | {f"{s} failed": _failed_style(s) for s in scenarios},
    )


def mean_of_level(level: LevelFacts) -> Figure:
    """Give the time of all queries together."""
    summary = level.summary
    return Figure(
        level=level,
        value_ns=level.mean_ns,
        interval=_telling(summary.geometric_mean_interval) if level.is_viable else None,
        n=level.runs,
        why_none=level.failure.words if level.failure else "no mean",
    )


def _of_query(query: str) -> Measure:
    def measure(level: LevelFacts) -> Figure:
        found = level.summary.find(query)
        is_ranked = found is not None and found.is_ok and found.latency is not None
        known = found.latency if found is not None and is_ranked else None
        return Figure(
            level=level,
            value_ns=None if known is None else known.p50_ns,
            interval=None if known is None else _telling(known.p50_interval),
            n=0 if known is None else known.n,
            why_none=OUTCOMES.get(found.outcome, found.outcome) if found else "not run",
        )

    return measure


def _layout(is_over_levels: bool, scenarios: Sequence[str], levels: Sequence[int | None]) -> Json:
    if not is_over_levels:
        return {
            "xaxis": log_axis("ms (logarithmic)"),
            "yaxis": row_axis(scenarios),
            "showlegend": False,
            "margin": {"l": 60, "r": 30, "t": 10, "b": 56},
        }
    lane = (14 * len(scenarios) + 20) / (390 + _ROW * len(scenarios))
    return {
        "xaxis": ram_axis(levels).layout() | {"anchor": "y2"},
        "yaxis": log_axis("ms (logarithmic)") | {"domain": [lane + 0.06, 1]},
        "yaxis2": row_axis(scenarios) | {"domain": [0, lane], "tickfont": {"size": 10}},
        "legend": {"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0},
        "margin": {"l": 70, "r": 20, "t": 46, "b": 56},
    }


def _over_levels(name: str, figures: Sequence[Figure]) -> View:
    axis = ram_axis([figure.level.ram_bytes for figure in figures])
    traces = []
    for scenario in dict.fromkeys(figure.level.scenario for figure in figures):
        ours = sorted(
            (f for f in figures if f.level.scenario == scenario),
            key=lambda f: axis.place(f.level.ram_bytes),
        )
        traces.append(_line(scenario, [f for f in ours if f.value_ns is not None], axis))
        failed = [f for f in ours if f.value_ns is None]
        if failed:
            traces.append(_crosses(scenario, failed, axis))
    return View(name=name, traces=tuple(traces))


def _line(scenario: str, figures: Sequence[Figure], axis: RamAxis) -> Json:
    return {
        "mode": "lines+markers",
        "like": scenario,
        "x": [axis.place(figure.level.ram_bytes) for figure in figures],
        "y": [place_ms(figure.value_ns or 0.0) for figure in figures],
        **_told(figures),
    }


def _crosses(scenario: str, figures: Sequence[Figure], axis: RamAxis) -> Json:
    return {
        "like": f"{scenario} failed",
        "x": [axis.place(figure.level.ram_bytes) for figure in figures],
        "y": [scenario] * len(figures),
        "text": [figure.why_none for figure in figures],
    }


def _failed_style(scenario: str) -> Json:
    return {
        "type": "scatter",
        "mode": "markers",
        "yaxis": "y2",
        "showlegend": False,
        "marker": FAILED | {"line": {"width": 2, "color": colour_of(scenario)}},
        "hovertemplate": f"{scenario}<br>%{{text}}<extra></extra>",
    }


def _by_scenario(name: str, figures: Sequence[Figure]) -> View:
    traces, notes = [], []
    for figure in figures:
        scenario = figure.level.scenario
        if figure.value_ns is None:
            notes.append(_note(scenario, f"✕ {figure.why_none}"))
            continue
        traces.append(
            {
                "mode": "markers",
                "like": scenario,
                "x": [place_ms(figure.value_ns)],
                "y": [scenario],
                "across": True,
                **_told([figure]),
            }
        )
    return View(name=name, traces=tuple(traces), layout={"annotations": notes})


def _note(scenario: str, text: str) -> Json:
    return {
        "xref": "paper",
        "x": 0.01,
        "xanchor": "left",
        "y": scenario,
        "text": text,
        "showarrow": False,
    }


def _telling(interval: Interval | None) -> Interval | None:
    return interval if interval is not None and interval.is_telling else None


def _told(figures: Sequence[Figure]) -> Json:
    """Give the reach of the intervals up and down, None where there is none; n is one or many."""
    known = [(f.value_ns or 0.0, f.interval) for f in figures]
    counts = [figure.n for figure in figures]
    return {
        "up": [None if i is None else place_ms(max(0.0, i.high_ns - value)) for value, i in known],
        "down": [None if i is None else place_ms(max(0.0, value - i.low_ns)) for value, i in known],
        "n": counts[0] if len(set(counts)) == 1 else counts,
    }


def _table(levels: Sequence[LevelFacts], key: str) -> Table:
    """Give the means; those of single queries are in the section on queries."""
    rows = []
    for figure in map(mean_of_level, levels):
        interval = figure.interval
        rows.append(
            (
                Value(text=figure.level.scenario),
                ram_value(figure.level.ram_bytes),
                _time(figure),
                missing("–") if interval is None else Value(text=milliseconds(interval.low_ns)),
                missing("–") if interval is None else Value(text=milliseconds(interval.high_ns)),
                Value(text=str(figure.n)),
                Value(text=str(len(figure.level.records))),
            )
        )
    return Table(
        key=f"{key}-latency-table",
        caption="Geometric mean of the medians of all queries; each query is in the next section",
        columns=(
            Column(name="scenario"),
            Column(name="RAM", is_number=True),
            Column(name="time", unit="ms", is_number=True),
            Column(name="95 % from", unit="ms", is_number=True),
            Column(name="to", unit="ms", is_number=True),
            Column(name="n", is_number=True),
            Column(name="cells", is_number=True),
        ),
        rows=tuple(rows),
        choices=("scenario", "RAM"),
    )


def _time(figure: Figure) -> Value:
    if figure.value_ns is None:
        return Value(text=figure.why_none, mark="error")
    return Value(text=milliseconds(figure.value_ns))
