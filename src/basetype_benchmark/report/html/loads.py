"""What it takes to load a dataset, and how big the stores are."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.report.html.bars import BarPart, BarRow, BarView, bar_chart
from basetype_benchmark.report.html.facts import LevelFacts, ProfileFacts
from basetype_benchmark.report.html.look import colour_of
from basetype_benchmark.report.html.model import Column, Folded, Section, Table, Value
from basetype_benchmark.report.html.wording import (
    NOT_MEASURED,
    mebibytes,
    missing,
    plural,
    ram,
    ram_value,
    seconds_value,
    size_value,
    span,
)
from basetype_benchmark.units import NS_PER_S, format_number


def load_section(profile: ProfileFacts, key: str) -> Section | None:
    """Show load time and size on disk; None where nothing was loaded."""
    shown = [level for s in profile.scenarios if (level := _shown(s.levels)) is not None]
    if not shown:
        return None
    table = _table(profile.measured, key)
    loads = sorted({level.summary.loads for level in shown})
    return Section(
        key=f"{key}-loads",
        title="Load time and size on disk",
        lead=(
            "From an empty schema to indexes and statistics ready, over all stores of a scenario; "
            "at the highest level at which each was loaded.",
        ),
        parts=(
            bar_chart(
                key=f"{key}-load-bars",
                title="Load time and size on disk",
                caption=(
                    "Left: load time in s, median of n = "
                    f"{span(loads)} loads, no interval. Right: size of all stores "
                    "on disk in MiB after the load, the largest of all cells. Shorter is better."
                ),
                units=("load, s", "on disk, MiB"),
                tell="%{text}",
                views=[
                    BarView(
                        name="all",
                        rows=tuple(map(_load_bar, shown)),
                        right=tuple(map(_size_bar, shown)),
                    )
                ],
                table=table,
            ),
            Folded(title="Phases of the loads", part=_phases(shown, key)),
        ),
    )


def _shown(levels: Sequence[LevelFacts]) -> LevelFacts | None:
    """Give the highest level with a load of its own."""
    loaded = [level for level in levels if level.summary.load_ns is not None]
    return loaded[-1] if loaded else None


def _load_bar(level: LevelFacts) -> BarRow:
    summary = level.summary
    seconds = (summary.load_ns or 0) / NS_PER_S
    told = f"{format_number(seconds, 4)} s, with {ram(level.ram_bytes)}, n = {summary.loads}"
    return _row(level, float(f"{seconds:.4g}"), told)


def _size_bar(level: LevelFacts) -> BarRow:
    size = level.summary.size_bytes
    if size is None:
        return BarRow(name=level.scenario)
    value = mebibytes(size)
    return _row(level, value, f"{format_number(value, 4)} MiB on disk")


def _row(level: LevelFacts, length: float, told: str) -> BarRow:
    colour = colour_of(level.scenario)
    part = BarPart(name=level.scenario, length=length, colour=colour, told=told)
    return BarRow(name=level.scenario, parts=(part,))


def _table(levels: Sequence[LevelFacts], key: str) -> Table:
    rows = []
    for level in levels:
        summary = level.summary
        if summary.load_ns is None and summary.size_bytes is None:
            continue
        rows.append(
            (
                Value(text=level.scenario),
                ram_value(level.ram_bytes),
                seconds_value(summary.load_ns, "loaded at another level"),
                Value(text=str(summary.loads)),
                size_value(summary.size_bytes, NOT_MEASURED),
            )
        )
    return Table(
        key=f"{key}-load-table",
        caption=f"Loads of {plural(len(rows), 'level')}",
        columns=(
            Column(name="scenario"),
            Column(name="RAM", is_number=True),
            Column(name="load", unit="s", is_number=True),
            Column(name="n", is_number=True, hint="loads"),
            Column(name="on disk", unit="MiB", is_number=True),
        ),
        rows=tuple(rows),
        choices=("scenario",),
    )


def _phases(levels: Sequence[LevelFacts], key: str) -> Table:
    """Give the phases of the first load of each level shown."""
    rows = [
        (
            Value(text=level.scenario),
            Value(text=store.version),
            Value(text=phase.name),
            seconds_value(phase.elapsed_ns),
            missing("–") if phase.items is None else Value(text=str(phase.items)),
        )
        for level in levels
        for record in level.records[:1]
        if record.result.load is not None
        for store in record.result.load.stores
        for phase in store.phases
    ]
    return Table(
        key=f"{key}-phases",
        caption="Phases of one load of each scenario",
        columns=(
            Column(name="scenario"),
            Column(name="store"),
            Column(name="phase"),
            Column(name="time", unit="s", is_number=True),
            Column(name="items", is_number=True, hint="rows, nodes or triples written"),
        ),
        rows=tuple(rows),
        choices=("scenario",),
    )
