"""The charts of the answer: the least RAM that works, and the front of least time and RAM."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.benchmark.charts.charts import PALETTE
from basetype_benchmark.benchmark.estimate import Estimate
from basetype_benchmark.benchmark.ratio_words import TOO_FEW
from basetype_benchmark.benchmark.statistics import Interval
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.report.html.axes import log_axis, place_ms, row_axis
from basetype_benchmark.report.html.facts import ProfileFacts, ScenarioFacts
from basetype_benchmark.report.html.look import colour_of, styles_of, title_of
from basetype_benchmark.report.html.model import Chart, Column, Json, Table, Value, View
from basetype_benchmark.report.html.ram_axis import RamAxis, ram_axis
from basetype_benchmark.report.html.tradeoff import Place, Spot
from basetype_benchmark.report.html.wording import (
    latency_interval,
    least_ram,
    milliseconds,
    missing,
    ram,
    ram_value,
)

_ROW = 34
_FRAME = 96


def least_chart(profile: ProfileFacts, key: str) -> Chart:
    """Show for each scenario which levels failed, which passed, and where the least must lie."""
    scenarios = [s for s in profile.scenarios if any(v.ram_bytes is not None for v in s.levels)]
    axis = ram_axis([level.ram_bytes for s in scenarios for level in s.levels if level.ram_bytes])
    traces = [trace for s in scenarios for trace in _least_traces(s, axis)]
    return Chart(
        key=f"{key}-least",
        title="Least RAM that works",
        label=f"For each scenario the levels that failed and passed. {_told(scenarios)}",
        caption=(
            "✕ failed, ○ passed, ● the least that passed; the bar spans where the least RAM that "
            "works must lie. A level passes when the data could be loaded and every query was "
            f"answered rightly. RAM is that of all servers together; {_counts(profile)}."
        ),
        height=_FRAME + _ROW * len(scenarios),
        layout={
            "xaxis": axis.layout(),
            "yaxis": row_axis([s.scenario for s in scenarios]) | {"ticklabelstandoff": 6},
            "showlegend": False,
            "margin": {"l": 60, "r": 20, "t": 10, "b": 56},
        },
        views=(View(name="all", traces=tuple(traces)),),
        table=_least_table(scenarios, key),
    )


def _told(scenarios: Sequence[ScenarioFacts]) -> str:
    """Say the chart in words."""
    return "; ".join(
        f"{s.scenario}: {least_ram(s.least.failed_at, s.least.passed_at)}"
        for s in scenarios
        if s.least is not None
    )


def _counts(profile: ProfileFacts) -> str:
    most = profile.repetitions
    return f"n = {most} {'cell' if most == 1 else 'cells'} a level at most"


def _least_traces(scenario: ScenarioFacts, axis: RamAxis) -> list[Json]:
    """Draw one row; the span goes to the edge of the axis where nothing failed, or passed."""
    colour = colour_of(scenario.scenario)
    levels = [v for v in scenario.levels if v.ram_bytes is not None and v.is_measured]
    traces: list[Json] = []
    if scenario.least is not None and scenario.least.failed_at and scenario.least.passed_at:
        span = [axis.place(scenario.least.failed_at), axis.place(scenario.least.passed_at)]
        line = {"color": colour, "width": 11}
        traces.append(_row(scenario, span, "lines", line=line, opacity=0.35, hoverinfo="skip"))
    failed = [v for v in levels if not v.is_viable]
    passed = [v for v in levels if v.is_viable]
    least = None if scenario.least is None else scenario.least.passed_at
    if failed:
        marker = {"symbol": "x-thin", "size": 9, "line": {"width": 2.2, "color": colour}}
        texts = [f"{ram(v.ram_bytes)}: {v.failure.words if v.failure else ''}" for v in failed]
        places = [axis.place(v.ram_bytes) for v in failed]
        traces.append(_row(scenario, places, "markers", marker=marker, text=texts))
    if passed:
        symbols = ["circle" if v.ram_bytes == least else "circle-open" for v in passed]
        sizes = [13 if v.ram_bytes == least else 8 for v in passed]
        marker = {"symbol": symbols, "size": sizes, "color": colour}
        marker |= {"line": {"width": 1.8, "color": colour}, "opacity": 1}
        texts = [f"{ram(v.ram_bytes)}: passed" for v in passed]
        places = [axis.place(v.ram_bytes) for v in passed]
        traces.append(_row(scenario, places, "markers", marker=marker, text=texts))
    return traces


def _row(scenario: ScenarioFacts, places: Sequence[float], mode: str, **look: object) -> Json:
    name = f"{scenario.scenario}, {title_of(scenario.scenario)}"
    return {
        "type": "scatter",
        "mode": mode,
        "x": list(places),
        "y": [scenario.scenario] * len(places),
        "hovertemplate": f"{name}<br>%{{text}}<extra></extra>",
        **look,
    }


def _least_table(scenarios: Sequence[ScenarioFacts], key: str) -> Table:
    rows = [
        (
            Value(text=level.scenario),
            ram_value(level.ram_bytes),
            Value(text="passed", mark="good")
            if level.failure is None
            else Value(text=level.failure.words, mark="error"),
            Value(text="" if level.failure is None else level.failure.reason),
        )
        for scenario in scenarios
        for level in scenario.levels
        if level.is_measured
    ]
    return Table(
        key=f"{key}-least-table",
        caption="Levels tried, and how each ended",
        columns=(
            Column(name="scenario"),
            Column(name="RAM", is_number=True),
            Column(name="level"),
            Column(name="reason"),
        ),
        rows=tuple(rows),
        choices=("scenario",),
    )


def front_chart(spots: Sequence[Spot], key: str) -> Chart:
    """Show RAM against time for every level that can be compared, and the front."""
    scenarios = sorted({spot.scenario for spot in spots}, key=_order)
    axis = ram_axis([spot.ram_bytes for spot in spots])
    on = [spot for spot in spots if spot.place is Place.ON]
    traces = [_front_line(on, axis), *(_spots(spots, one, axis) for one in scenarios)]
    queries = max((len(spot.level.summary.queries) for spot in spots), default=0)
    return Chart(
        key=f"{key}-front",
        title="The trade-off: time against RAM",
        label=f"Geometric mean of the medians against RAM. On the front: {_names(on) or 'none'}.",
        caption=(
            "Lower left is better. The dotted line is the front: levels shown to take less time "
            "than all others with as little RAM. Time in ms: geometric mean of the medians of "
            f"{queries} queries, n = {_runs(spots)} answered runs a level, bars are 95 % "
            "intervals; none where there are too few runs. Levels that failed are not on it."
        ),
        height=430,
        layout={
            "xaxis": axis.layout(),
            "yaxis": log_axis("geometric mean of p50, ms (logarithmic)"),
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
            "margin": {"l": 70, "r": 20, "t": 46, "b": 56},
        },
        views=(View(name="all", traces=tuple(traces)),),
        table=_front_table(spots, key),
        styles=styles_of(scenarios),
    )


def _order(scenario: str) -> int:
    """Sort scenarios as everywhere, whichever needs the least RAM."""
    known = list(SCENARIOS)
    return known.index(scenario) if scenario in known else len(known)


def _names(spots: Sequence[Spot]) -> str:
    return "; ".join(
        f"{spot.scenario} with {ram(spot.ram_bytes)}, {milliseconds(spot.mean.value)} ms"
        for spot in spots
    )


def _runs(spots: Sequence[Spot]) -> str:
    runs = sorted({spot.level.runs for spot in spots}) or [0]
    return str(runs[0]) if len(runs) == 1 else f"{runs[0]} to {runs[-1]}"


def _front_line(on: Sequence[Spot], axis: RamAxis) -> Json:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "front",
        "x": [axis.place(spot.ram_bytes) for spot in on],
        "y": [place_ms(spot.mean.value) for spot in on],
        "line": {"shape": "hv", "dash": "2px,3px", "color": PALETTE[7], "width": 2},
        "hoverinfo": "skip",
    }


def _spots(spots: Sequence[Spot], scenario: str, axis: RamAxis) -> Json:
    ours = [spot for spot in spots if spot.scenario == scenario]
    return {
        "type": "scatter",
        "mode": "markers",
        "like": scenario,
        "x": [axis.place(spot.ram_bytes) for spot in ours],
        "y": [place_ms(spot.mean.value) for spot in ours],
        "error_y": _error_bars(ours),
        "text": [
            f"{ram(s.ram_bytes)}: {milliseconds(s.mean.value)} ms "
            f"({latency_interval(s.mean.interval)})<br>n = {s.level.runs}; {s.place.value}"
            for s in ours
        ],
    }


def _error_bars(spots: Sequence[Spot]) -> Json:
    reaches = [_reach(spot.mean) for spot in spots]
    return {
        "type": "data",
        "symmetric": False,
        "array": [up for _, up in reaches],
        "arrayminus": [down for down, _ in reaches],
        "color": colour_of(spots[0].scenario),
        "thickness": 1.4,
        "width": 4,
    }


def _reach(mean: Estimate) -> tuple[float, float]:
    """Give how far a bar goes down and up in ms; not at all where the interval tells nothing."""
    interval = mean.interval
    if not interval.is_telling:
        return 0.0, 0.0
    return place_ms(mean.value - interval.low_ns), place_ms(interval.high_ns - mean.value)


def _ends(interval: Interval) -> tuple[Value, Value]:
    if not interval.is_telling:
        return missing(TOO_FEW), missing(TOO_FEW)
    low, high = (Value(text=milliseconds(end)) for end in (interval.low_ns, interval.high_ns))
    return low, high


def _front_table(spots: Sequence[Spot], key: str) -> Table:
    rows = [
        (
            Value(text=spot.scenario),
            ram_value(spot.ram_bytes),
            Value(text=milliseconds(spot.mean.value)),
            *_ends(spot.mean.interval),
            Value(text=str(spot.level.runs)),
            Value(text=spot.place.value, mark="good" if spot.place is Place.ON else ""),
        )
        for spot in spots
    ]
    numbers = ("time", "95 % from", "to")
    return Table(
        key=f"{key}-front-table",
        caption="Time against RAM of every level that can be compared",
        columns=(
            Column(name="scenario"),
            Column(name="RAM", is_number=True),
            *(Column(name=name, unit="ms", is_number=True) for name in numbers),
            Column(name="n", is_number=True),
            Column(name="place"),
        ),
        rows=tuple(rows),
        choices=("scenario", "place"),
    )
