"""The tables of ``btb compare``."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from basetype_benchmark.analysis.comparison import (
    Comparison,
    LevelComparison,
    QueryComparison,
    Verdict,
)
from basetype_benchmark.analysis.comparison_beside import NO_INTERVAL
from basetype_benchmark.analysis.comparison_rows import beside_rows, query_row, subject_of
from basetype_benchmark.analysis.comparison_words import (
    LEGEND,
    NOTHING_DIFFERS,
    conclusion,
    failures,
    level_name,
    name_unstable,
    warnings,
)
from basetype_benchmark.analysis.environments import WEIGHTS, Weight
from basetype_benchmark.analysis.run_counts import RUN_COUNT_LEGEND
from basetype_benchmark.benchmark.ratio import Ratio
from basetype_benchmark.benchmark.ratio_words import format_factor, format_interval
from basetype_benchmark.cli.formatters import (
    NOT_MEASURED,
    format_milliseconds,
    print_note,
    print_table,
    print_warning,
)
from basetype_benchmark.units import format_number

_RATIO = ("B / A", "95 % interval")
_STYLES = {Verdict.FASTER: "green", Verdict.SLOWER: "red", Verdict.NOT_RANKED: "yellow"}
_WEIGHT_STYLES = {Weight.VOID: "bold red", Weight.DOUBTFUL: "yellow", Weight.SUBJECT: "green"}


def print_by_query(comparison: Comparison) -> None:
    """Print what differs, then every query of every level."""
    _print_head(comparison)
    for level in comparison.levels:
        if not level.is_void:
            _print_queries(level)
    for level in comparison.levels:
        print_note(f"{level_name(level)}: {conclusion(level)}")
    _print_foot(comparison)


def print_by_scenario(comparison: Comparison) -> None:
    """Print what differs, then one line for each level."""
    _print_head(comparison)
    rows: list[list[str | Text]] = [
        [
            level_name(level),
            *_factors(level.ratio),
            str(level.ranked),
            _coloured(level.verdict.value, level.verdict),
        ]
        for level in comparison.levels
    ]
    columns = ["compared", *_RATIO, "queries", "says"]
    print_table(columns, rows, title="By scenario", numeric=(*_RATIO, "queries"))
    _print_foot(comparison)


def _print_head(comparison: Comparison) -> None:
    print_note(f"A: {comparison.a}")
    print_note(f"B: {comparison.b}")
    rows: list[list[str | Text]] = [
        [
            Text(difference.weight.value, style=_WEIGHT_STYLES[difference.weight]),
            subject_of(difference),
            difference.a,
            difference.b,
        ]
        for difference in comparison.differences
    ]
    if not rows:
        print_note(NOTHING_DIFFERS)
    else:
        print_table(["so", "differs", "A", "B"], rows, title="What differs")
        for weight in dict.fromkeys(d.weight for d in comparison.differences):
            print_note(f"{weight.value}: {WEIGHTS[weight]}")
    for line in warnings(comparison):
        print_warning(line)


def _print_queries(level: LevelComparison) -> None:
    columns = ["query", "A p50 ms", "B p50 ms", "n", *_RATIO, "says"]
    rows = [_query_row(query) for query in level.queries]
    rows.append(
        [
            "all",
            _milliseconds(level.a.geometric_mean_p50_ns),
            _milliseconds(level.b.geometric_mean_p50_ns),
            "",
            *_factors(level.ratio),
            _coloured(level.verdict.value, level.verdict),
        ]
    )
    numbers = [name for name in columns if name not in ("query", "n", "says")]
    print_table(columns, rows, title=level_name(level), numeric=numbers)


def _query_row(query: QueryComparison) -> list[str | Text]:
    row = query_row(query)
    return [
        row.query,
        _milliseconds(row.a_p50_ns),
        _milliseconds(row.b_p50_ns),
        row.n,
        *_factors(row.ratio),
        _coloured(row.says, row.verdict),
    ]


def _coloured(words: str, verdict: Verdict) -> Text:
    return Text(words, style=_STYLES.get(verdict, ""))


def _factors(ratio: Ratio | None) -> tuple[str, str]:
    if ratio is None:
        return NOT_MEASURED, NOT_MEASURED
    return format_factor(ratio.value), format_interval(ratio)


def _milliseconds(elapsed_ns: float | None) -> str:
    return NOT_MEASURED if elapsed_ns is None else format_milliseconds(elapsed_ns)


def _print_foot(comparison: Comparison) -> None:
    _print_beside(comparison.levels)
    print_note(LEGEND)
    print_note(RUN_COUNT_LEGEND)
    print_note("all: the geometric mean of the p50, - unless every query is ok; its ratio is over")
    print_note("  the queries that are ok on both sides")
    for level in comparison.levels:
        for line in failures(level):
            print_warning(f"{level_name(level)}, not ranked: {line}")
        unstable = name_unstable(level)
        if unstable is not None:
            print_warning(f"{level_name(level)}, {unstable} (why: --html, --json)")


def _print_beside(levels: Sequence[LevelComparison]) -> None:
    """What loading took and how big it is; these have no interval, and no verdict."""
    rows = [
        [row.compared, row.what, _number(row.a), _number(row.b), _factor(row.factor)]
        for row in beside_rows(levels)
    ]
    numbers = ("A", "B", "B / A")
    if rows:
        columns = ["compared", "", *numbers]
        print_table(columns, rows, title="Loading, disk and memory", numeric=numbers)
        print_note(NO_INTERVAL)


def _factor(factor: float | None) -> str:
    return NOT_MEASURED if factor is None else format_factor(factor)


def _number(value: float | None) -> str:
    return NOT_MEASURED if value is None else format_number(value)
