"""Scenario by query: a grid of medians coloured by rank, where failures are shown as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

from basetype_benchmark.analysis.summary import QuerySummary
from basetype_benchmark.benchmark.statistics import Interval
from basetype_benchmark.report.html.facts import LevelFacts, ProfileFacts
from basetype_benchmark.report.html.model import Column, Folded, Legend, Part, Section, Table, Value
from basetype_benchmark.report.html.wording import (
    MEANINGS,
    OUTCOMES,
    latency_interval,
    milliseconds,
    missing,
    outcome_value,
    plural,
    ram,
    ram_value,
)

SHADE_STARTS = (1.0, 1.25, 2.0, 4.0, 8.0, 16.0, 32.0)
"""From how many times the least time of a query on each shade is taken."""


def query_section(profile: ProfileFacts, key: str) -> Section:
    """Show every query of every level."""
    levels = profile.measured
    seen = {q.outcome.value for level in levels for q in level.summary.queries}
    parts: list[Part] = [
        Legend(
            title="times the least time of the query:",
            texts=tuple(f"{start:g}×" for start in SHADE_STARTS),
        ),
        grid(levels, profile.names, key),
        Folded(title="All figures of all queries", part=all_figures(levels, key)),
    ]
    outcomes = "; ".join(
        f"{OUTCOMES[outcome]}: {MEANINGS[outcome]}" for outcome in OUTCOMES if outcome in seen
    )
    return Section(
        key=f"{key}-queries",
        title="Every query, every outcome",
        lead=(
            "p50 in ms of each query, and the geometric mean of all. Shades compare within a "
            "query, over all rows. What was not answered rightly is hatched, named, and neither "
            "coloured nor ranked; sorted by a column, it comes last.",
            *((f"{outcomes[0].upper()}{outcomes[1:]}.",) if outcomes else ()),
        ),
        parts=tuple(parts),
    )


def grid(levels: Sequence[LevelFacts], names: Mapping[str, str], key: str) -> Table:
    """Give a row for each level and a column for each query."""
    least = {query: _least(levels, query) for query in names}
    rows = [
        (
            Value(text=level.scenario),
            ram_value(level.ram_bytes),
            _mean(level),
            *(_figure(level, query, least[query]) for query in names),
        )
        for level in levels
    ]
    return Table(
        key=f"{key}-grid",
        caption=f"p50 in ms by scenario and query, {plural(len(levels), 'level')}",
        columns=(
            Column(name="scenario"),
            Column(name="RAM", is_number=True),
            Column(name="mean", is_number=True, hint="geometric mean of the medians"),
            *(Column(name=query, is_number=True, hint=name) for query, name in names.items()),
        ),
        rows=tuple(rows),
        choices=("scenario", "RAM"),
        is_grid=True,
        details=f"{key}-all",
    )


def shade_of(value: float, least: float) -> int:
    """Give the shade of a time by how many times the least it is."""
    ratio = max(1.0, value / least)
    return max(i for i, start in enumerate(SHADE_STARTS) if log(ratio) >= log(start) - 1e-9)


def _least(levels: Sequence[LevelFacts], query: str) -> float | None:
    found = [level.summary.find(query) for level in levels]
    return min(
        (q.latency.p50_ns for q in found if q is not None and q.is_ok and q.latency is not None),
        default=None,
    )


def _mean(level: LevelFacts) -> Value:
    where = f"{level.scenario}, {ram(level.ram_bytes)}, all queries"
    if level.mean_ns is None:
        failure = level.failure
        if failure is None:
            return missing("no mean")
        told = f"{where}: {failure.words}: {failure.reason}"
        return Value(text=failure.words, mark="error", detail=told)
    interval = latency_interval(level.summary.geometric_mean_interval)
    return Value(
        text=milliseconds(level.mean_ns),
        detail=f"{where}: geometric mean {milliseconds(level.mean_ns)} ms; 95 % {interval}; "
        f"n {level.runs}",
    )


def _figure(level: LevelFacts, query: str, least: float | None) -> Value:
    found = level.summary.find(query)
    if found is None:
        return missing("not run")
    if not found.is_ok or found.latency is None or least is None:
        return outcome_value(found.outcome)
    return Value(
        text=milliseconds(found.latency.p50_ns),
        mark="warn" if found.is_unstable else "",
        shade=shade_of(found.latency.p50_ns, least),
    )


def all_figures(levels: Sequence[LevelFacts], key: str) -> Table:
    """Give a row for each query of each level."""
    rows = [_row(level, query) for level in levels for query in level.summary.queries]
    return Table(
        key=f"{key}-all",
        caption="Every query at every level, in ms; intervals are 95 %",
        columns=(
            Column(name="scenario"),
            Column(name="RAM", is_number=True),
            Column(name="query"),
            Column(name="n", is_number=True, hint="answered runs"),
            Column(name="p50", is_number=True),
            Column(name="p50 from – to"),
            Column(name="p95", is_number=True),
            Column(name="p95 from – to"),
            Column(name="note"),
        ),
        rows=tuple(rows),
        choices=("scenario", "RAM", "query"),
    )


def _row(level: LevelFacts, query: QuerySummary) -> tuple[Value, ...]:
    known = query.latency if query.is_ok else None
    head = (
        Value(text=level.scenario),
        ram_value(level.ram_bytes),
        Value(text=query.query),
        Value(text=str(query.answered_runs)),
    )
    if known is None:
        failed = outcome_value(query.outcome)
        return (*head, failed, Value(text=""), missing("–"), Value(text=""), _note(query.reason))
    return (
        *head,
        Value(text=milliseconds(known.p50_ns)),
        _span(known.p50_interval),
        Value(text=milliseconds(known.p95_ns)),
        _span(known.p95_interval),
        _note("; ".join(query.instability), mark="warn"),
    )


def _span(interval: Interval | None) -> Value:
    if interval is None or not interval.is_telling:
        return missing("–")
    return Value(text=f"{milliseconds(interval.low_ns)}–{milliseconds(interval.high_ns)}")


def _note(text: str | None, mark: str = "") -> Value:
    return Value(text=text or "", mark=mark if text else "")
