"""A comparison in words: the same in the terminal and on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from basetype_benchmark.analysis.comparison import (
    Comparison,
    LevelComparison,
    QueryComparison,
    Verdict,
)
from basetype_benchmark.analysis.environments import Difference, Weight
from basetype_benchmark.analysis.summary import QuerySummary
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.ratio_words import format_factor, format_interval
from basetype_benchmark.config.ram import format_limits

LEGEND = (
    "B / A: the time in B over that in A, below 1 is faster; faster or slower is said only where "
    "the 95 % interval excludes 1"
)
NOTHING_DIFFERS = "no difference is known between the environments of A and B"
_SETTINGS = "settings of "
_SETTINGS_FOLLOW = frozenset({"RAM level", "scenario"})


def level_name(level: LevelComparison) -> str:
    """Name what is compared: ``tiny-2d, P1 in A and O2 in B, 0.25 GiB``."""
    a, b = level.a, level.b
    scenario = _both(a.scenario, b.scenario)
    return f"{a.profile}, {scenario}, {_rams(a.ram_bytes, b.ram_bytes)}"


def conclusion(level: LevelComparison) -> str:
    """Say what the queries of a level say together."""
    if level.is_void:
        return "not compared: A and B were not measured on the same data"
    if level.ratio is None:
        return "not ranked: no query was answered rightly on both sides, often enough to tell"
    queries = f"over {level.ranked} of {len(level.queries)} queries"
    times = f"{format_factor(level.ratio.value)} times the time of A"
    took = f"B took {times} ({format_interval(level.ratio)}) {queries}"
    meaning = {
        Verdict.FASTER: "B is faster",
        Verdict.SLOWER: "B is slower",
        Verdict.NO_DIFFERENCE: "that shows no difference",
    }
    return f"{took}: {meaning[level.verdict]}"


def failures(level: LevelComparison) -> Iterator[str]:
    """Name every query that is not ranked because a side did not answer it rightly, and why."""
    for side, found in (("A", level.a), ("B", level.b)):
        if found.outcome is not CellOutcome.COMPLETED:
            outcome = "not measured" if found.outcome is None else found.outcome.value
            reason = "" if found.reason is None else f": {found.reason}"
            yield f"{side} ended with {outcome}{reason}"
    alike: dict[str, list[str]] = {}
    for query in level.queries:
        if query.is_failed:
            told = f"{_outcome('A', query.a)}; {_outcome('B', query.b)}"
            alike.setdefault(told, []).append(query.query)
    for told, queries in alike.items():
        yield f"{', '.join(queries)}: {told}"


def warnings(comparison: Comparison) -> Iterator[str]:
    """Say what a reader should know before the ratios."""
    subjects = _subjects(comparison.differences)
    if len(subjects) > 1:
        yield (
            f"{len(subjects)} things differ that may be what is compared: "
            f"{', '.join(d.what for d in subjects)}. A ratio cannot say which of them did it"
        )
    if any(min(len(level.a.cells), len(level.b.cells)) < 2 for level in comparison.levels):
        yield (
            "where a side has one repetition, the intervals leave out what differs between two "
            "starts of the servers: measure with --repeat 3 before you believe a small difference"
        )
    for side, cells in (("A", comparison.only_in_a), ("B", comparison.only_in_b)):
        if cells:
            yield f"only in {side}, and not compared: {', '.join(cells)}"


def unstable(level: LevelComparison) -> Iterator[str]:
    """Name the queries whose figures mean little, and why."""
    for query in level.queries:
        for side, found in (("A", query.a), ("B", query.b)):
            if found is not None and found.is_unstable:
                yield f"{query.query} in {side}: {'; '.join(found.instability)}"


def name_unstable(level: LevelComparison) -> str | None:
    """Name those queries in one line; None where there is none."""
    found = {
        side: [query.query for query, summary in queries if summary and summary.is_unstable]
        for side, queries in (
            ("A", [(query, query.a) for query in level.queries]),
            ("B", [(query, query.b) for query in level.queries]),
        )
    }
    told = [
        f"in {side} {'all' if len(names) == len(level.queries) else ', '.join(names)}"
        for side, names in found.items()
        if names
    ]
    return f"figures that mean little: {'; '.join(told)}" if told else None


def _subjects(differences: Sequence[Difference]) -> list[Difference]:
    """Leave out settings where they follow from what else differs."""
    follows = any(d.what in _SETTINGS_FOLLOW for d in differences)
    return [
        d
        for d in differences
        if d.weight is Weight.SUBJECT and not (follows and d.what.startswith(_SETTINGS))
    ]


def _both(a: str, b: str) -> str:
    return a if a == b else f"{a} in A and {b} in B"


def _rams(a: int | None, b: int | None) -> str:
    return _both(*format_limits((a, b)))


def _outcome(side: str, query: QuerySummary | None) -> str:
    if query is None:
        return f"{side} did not ask it"
    reason = "" if query.is_ok or query.reason is None else f" ({query.reason})"
    return f"{side} {query.outcome.value}{reason}"


def verdict_in_words(query: QueryComparison) -> str:
    """Say what a query says; where it is not ranked, why."""
    if query.ratio is not None:
        return query.verdict.value
    if not query.is_failed:
        return Verdict.NOT_RANKED.value
    return " / ".join(
        "not asked" if side is None else side.outcome.value.replace("_", " ")
        for side in (query.a, query.b)
    )
