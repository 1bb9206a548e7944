"""The page of a comparison: what differs first, then ratios, then what is beside them."""

from __future__ import annotations

from basetype_benchmark.analysis.comparison import (
    Comparison,
    LevelComparison,
    QueryComparison,
    Verdict,
)
from basetype_benchmark.analysis.comparison_rows import (
    BesideRow,
    beside_rows,
    query_row,
    subject_of,
)
from basetype_benchmark.analysis.comparison_words import (
    LEGEND,
    NOTHING_DIFFERS,
    conclusion,
    failures,
    level_name,
    unstable,
    warnings,
)
from basetype_benchmark.analysis.environments import WEIGHTS, Difference, Weight
from basetype_benchmark.analysis.run_counts import RUN_COUNT_LEGEND
from basetype_benchmark.benchmark.ratio import Ratio
from basetype_benchmark.benchmark.ratio_words import format_factor, format_interval
from basetype_benchmark.report.compare_chart import ratio_chart
from basetype_benchmark.report.html.model import (
    Column,
    Folded,
    Notes,
    Page,
    Part,
    Section,
    Table,
    Value,
)
from basetype_benchmark.report.html.page import render
from basetype_benchmark.report.html.wording import NOT_MEASURED, missing, number_value
from basetype_benchmark.units import NS_PER_MS

_MARKS = {Verdict.FASTER: "good", Verdict.SLOWER: "warn"}
_WEIGHT_MARKS = {Weight.VOID: "wrong_answer", Weight.DOUBTFUL: "warn", Weight.SUBJECT: "good"}


def comparison_page(comparison: Comparison) -> str:
    """Write a comparison as HTML: one file that opens offline."""
    levels = [
        _level_section(number, level) for number, level in enumerate(comparison.levels, start=1)
    ]
    return render(
        Page(
            title="BaseType Benchmark, comparison",
            question=f"{comparison.b} against {comparison.a}",
            facts=(("A", comparison.a), ("B", comparison.b)),
            profiles=(),
            sections=(_environment_section(comparison), *levels, _beside_section(comparison)),
        )
    )


def _environment_section(comparison: Comparison) -> Section:
    parts: list[Part] = []
    if comparison.differences:
        parts.append(
            Table(
                key="differences",
                caption="What differs between A and B",
                columns=(Column(name="so"), Column(name="differs"), *_text_columns("A", "B")),
                rows=tuple(map(_difference_row, comparison.differences)),
            )
        )
        weights = dict.fromkeys(difference.weight for difference in comparison.differences)
        parts.append(Notes(key="weights", items=tuple(f"{w.value}: {WEIGHTS[w]}" for w in weights)))
    told = tuple(warnings(comparison))
    if told:
        parts.append(Notes(key="warnings", title="Before you read on", items=told))
    lead = () if comparison.differences else (f"{NOTHING_DIFFERS.capitalize()}.",)
    return Section(key="environments", title="What differs", lead=lead, parts=tuple(parts))


def _text_columns(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name=name) for name in names)


def _difference_row(difference: Difference) -> tuple[Value, ...]:
    return (
        Value(text=difference.weight.value, mark=_WEIGHT_MARKS[difference.weight]),
        Value(text=subject_of(difference)),
        Value(text=difference.a),
        Value(text=difference.b),
    )


def _level_section(number: int, level: LevelComparison) -> Section:
    parts: list[Part] = []
    if level.ranked:
        parts.append(ratio_chart(f"ratios-{number}", level, _query_table(number, level)))
    elif not level.is_void and _is_answered(level):
        parts.append(_query_table(number, level))
    failed, shaky = tuple(failures(level)), tuple(unstable(level))
    if failed:
        parts.append(Notes(key=f"failed-{number}", title="Not ranked", items=failed))
    if shaky:
        notes = Notes(key=f"unstable-{number}", items=shaky)
        parts.append(Folded(title=f"Figures that mean little: {len(shaky)}", part=notes))
    return Section(
        key=f"level-{number}",
        title=level_name(level),
        lead=(f"{conclusion(level)[0].upper()}{conclusion(level)[1:]}.",),
        parts=tuple(parts),
    )


def _is_answered(level: LevelComparison) -> bool:
    """Whether there is a figure to show: a level that was not enough has none."""
    sides = [side for query in level.queries for side in (query.a, query.b)]
    return any(side is not None and side.is_ok for side in sides)


def _query_table(number: int, level: LevelComparison) -> Table:
    return Table(
        key=f"queries-{number}",
        caption=f"Median of each query, {level_name(level)}. {LEGEND}; {RUN_COUNT_LEGEND}",
        columns=(
            Column(name="query"),
            Column(name="name"),
            Column(name="A p50", unit="ms", is_number=True),
            Column(name="B p50", unit="ms", is_number=True),
            Column(name="n"),
            Column(name="B / A", is_number=True),
            Column(name="95 % interval"),
            Column(name="says"),
        ),
        rows=tuple(map(_query_row, level.queries)),
    )


def _query_row(query: QueryComparison) -> tuple[Value, ...]:
    row = query_row(query)
    return (
        Value(text=row.query),
        Value(text=row.name),
        _milliseconds(row.a_p50_ns),
        _milliseconds(row.b_p50_ns),
        Value(text=row.n),
        *_factors(row.ratio),
        Value(text=row.says, mark=_MARKS.get(row.verdict, "")),
    )


def _milliseconds(elapsed_ns: float | None) -> Value:
    return number_value(None if elapsed_ns is None else elapsed_ns / NS_PER_MS)


def _factors(ratio: Ratio | None) -> tuple[Value, Value]:
    if ratio is None:
        return missing("–"), missing("–")
    return _factor(ratio.value), Value(text=format_interval(ratio))


def _factor(factor: float | None) -> Value:
    return missing("–") if factor is None else Value(text=format_factor(factor), order=factor)


def _beside_section(comparison: Comparison) -> Section:
    table = Table(
        key="beside",
        caption="Loading, disk and memory: what was seen, without an interval",
        columns=(
            Column(name="compared"),
            Column(name="what"),
            *(Column(name=name, is_number=True) for name in ("A", "B", "B / A")),
        ),
        rows=tuple(map(_beside_row, beside_rows(comparison.levels))),
    )
    return Section(key="beside-section", title="Loading, disk and memory", lead=(), parts=(table,))


def _beside_row(row: BesideRow) -> tuple[Value, ...]:
    return (
        Value(text=row.compared),
        Value(text=row.what),
        number_value(row.a, NOT_MEASURED),
        number_value(row.b, NOT_MEASURED),
        _factor(row.factor),
    )
