"""The small table of the answer: a row for each way of storing."""

from __future__ import annotations

from collections.abc import Callable

from basetype_benchmark.report.html.facts import LevelFacts, ProfileFacts, ScenarioFacts
from basetype_benchmark.report.html.look import is_in_memory, title_of
from basetype_benchmark.report.html.model import Column, Table, Value
from basetype_benchmark.report.html.tradeoff import Place, Spot, find_spots
from basetype_benchmark.report.html.wording import (
    mebibytes,
    milliseconds,
    missing,
    span,
)
from basetype_benchmark.units import MIB, NS_PER_MS


def answer_table(profile: ProfileFacts, key: str) -> Table:
    """Say of each scenario how little RAM is enough, how fast it is with it, and with the most."""
    columns = _columns(profile)
    return Table(
        key=f"{key}-answer-table",
        caption=(
            "The least RAM that works lies between the level that failed and the one that passed; "
            "– where nothing tried was too little. Time: geometric mean of the medians of all "
            f"queries, n = {_runs(profile)} answered runs a level."
        ),
        columns=tuple(column for column, _ in columns),
        rows=tuple(tuple(tell(scenario) for _, tell in columns) for scenario in profile.scenarios),
    )


def _columns(profile: ProfileFacts) -> list[tuple[Column, Callable[[ScenarioFacts], Value]]]:
    """Give the columns, and what each tells of a scenario; without limits, few."""
    spots = find_spots(profile)
    least = Column(name="failed / passed at", unit="MiB", is_number=True, hint="the least RAM")
    time = Column(
        name="time at most RAM", unit="ms (95 %)", is_number=True, hint="the highest that works"
    )
    columns: list[tuple[Column, Callable[[ScenarioFacts], Value]]] = [
        (Column(name="scenario"), lambda s: Value(text=s.scenario)),
        (Column(name="way of storing"), lambda s: Value(text=title_of(s.scenario))),
        (least, _least),
        (
            Column(name="time with it", unit="ms (95 %)", is_number=True),
            lambda s: _time(s.at_least_ram),
        ),
        (time, lambda s: _time(s.with_most_ram)),
        (Column(name="more stops helping", hint="the plateau that a gradient found"), _plateau),
        (Column(name="trade-off"), lambda s: _front(s, spots)),
        (Column(name="graph"), lambda s: Value(text=_kind(s))),
    ]
    if profile.limits:
        return columns
    return [columns[index] for index in (0, 1, 2, 4, 7)]


def _kind(scenario: ScenarioFacts) -> str:
    return "in memory" if is_in_memory(scenario.scenario) else "on disk"


def _runs(profile: ProfileFacts) -> str:
    """Count the answered runs of the levels that have a time."""
    timed = [level.runs for level in profile.measured if level.mean_ns is not None]
    return span(timed or [0])


def _least(scenario: ScenarioFacts) -> Value:
    least = scenario.least
    if least is None:
        return missing()
    failed = "–" if least.failed_at is None else f"{mebibytes(least.failed_at):g}"
    if least.passed_at is None:
        return Value(text=f"{failed} / none", mark="error")
    passed = mebibytes(least.passed_at)
    return Value(text=f"{failed} / {passed:g}", order=passed)


def _time(level: LevelFacts | None) -> Value:
    """Give a time and its interval."""
    if level is None or level.mean_ns is None:
        return missing()
    interval = level.summary.geometric_mean_interval
    told = "too few runs"
    if interval is not None and interval.is_telling:
        told = f"{milliseconds(interval.low_ns)} – {milliseconds(interval.high_ns)}"
    return Value(text=f"{milliseconds(level.mean_ns)} ({told})", order=level.mean_ns / NS_PER_MS)


def _plateau(scenario: ScenarioFacts) -> Value:
    if scenario.findings is None:
        return missing()
    plateau, words = scenario.findings.plateau, scenario.findings.plateau_words
    return missing(words) if plateau is None else Value(text=words, order=plateau.lower_bytes / MIB)


def _front(scenario: ScenarioFacts, spots: tuple[Spot, ...]) -> Value:
    ours = [spot for spot in spots if spot.scenario == scenario.scenario]
    if not ours or len({spot.ram_bytes for spot in spots}) < 2:
        return missing()
    on = [spot for spot in ours if spot.place is Place.ON]
    if on:
        return Value(text=Place.ON.value, mark="good")
    is_open = any(spot.place is Place.OPEN for spot in ours)
    return Value(text=(Place.OPEN if is_open else Place.BEHIND).value)
