"""The small table of the answer: a row for each way of storing."""

from __future__ import annotations

from basetype_benchmark.config.ram import format_ram
from basetype_benchmark.report.html.facts import LevelFacts, ProfileFacts, ScenarioFacts
from basetype_benchmark.report.html.look import is_in_memory, title_of
from basetype_benchmark.report.html.model import Column, Table, Value
from basetype_benchmark.report.html.tradeoff import Place, Spot, find_spots
from basetype_benchmark.report.html.wording import (
    NOT_MEASURED,
    least_ram,
    milliseconds,
    missing,
    ram,
)
from basetype_benchmark.units import MIB


def answer_table(profile: ProfileFacts, key: str) -> Table:
    """Say of each scenario how little RAM is enough, how fast it is with it, and at best."""
    spots = find_spots(profile)
    rows = [
        (
            Value(text=scenario.scenario),
            Value(text=title_of(scenario.scenario)),
            Value(text="in memory" if is_in_memory(scenario.scenario) else "on disk"),
            _least(scenario),
            *_time(scenario.at_least_ram),
            *_time(scenario.fastest),
            _plateau(scenario),
            _front(scenario, spots),
        )
        for scenario in profile.scenarios
    ]
    return Table(
        key=f"{key}-answer-table",
        caption=(
            "Time: geometric mean of the medians of all queries in ms, with its 95 % interval; n "
            "is in the tables below. Least RAM: of all servers of the scenario together."
        ),
        columns=(
            Column(name="scenario"),
            Column(name="way of storing"),
            Column(name="graph"),
            Column(name="least RAM that works", is_number=True),
            Column(name="time with it", unit="ms", is_number=True),
            Column(name="95 %"),
            Column(name="least time", unit="ms", is_number=True),
            Column(name="95 % of it"),
            Column(name="more RAM stops helping at", hint="the plateau that a gradient found"),
            Column(name="trade-off"),
        ),
        rows=tuple(rows),
    )


def _least(scenario: ScenarioFacts) -> Value:
    least = scenario.least
    if least is None:
        return missing()
    text = least_ram(least.failed_at, least.passed_at)
    if least.passed_at is None:
        return Value(text=text, mark="error")
    return Value(text=text, order=least.passed_at / MIB)


def _time(level: LevelFacts | None) -> tuple[Value, Value]:
    """Give a time and its interval."""
    if level is None or level.mean_ns is None:
        return missing(), Value(text="")
    interval = level.summary.geometric_mean_interval
    where = f" ({ram(level.ram_bytes)})"
    time = Value(text=milliseconds(level.mean_ns), detail=where)
    if interval is None:
        return time, Value(text="too few runs")
    low, high = milliseconds(interval.low_ns), milliseconds(interval.high_ns)
    return time, Value(text=f"{low} – {high}")


def _plateau(scenario: ScenarioFacts) -> Value:
    if scenario.findings is None:
        return missing(NOT_MEASURED)
    plateau = scenario.findings.plateau
    return missing("not found") if plateau is None else Value(text=format_ram(plateau.lower_bytes))


def _front(scenario: ScenarioFacts, spots: tuple[Spot, ...]) -> Value:
    ours = [spot for spot in spots if spot.scenario == scenario.scenario]
    if not ours or len({spot.ram_bytes for spot in spots}) < 2:
        return missing()
    on = [spot for spot in ours if spot.place is Place.ON]
    if on:
        return Value(text=Place.ON.value, mark="good")
    is_open = any(spot.place is Place.OPEN for spot in ours)
    return Value(text=(Place.OPEN if is_open else Place.BEHIND).value)
