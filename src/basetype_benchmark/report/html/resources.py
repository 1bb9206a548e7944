"""Memory and CPU time of the servers, and where they stand against their limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from basetype_benchmark.benchmark.charts.charts import PALETTE
from basetype_benchmark.benchmark.monitoring.resource_use import (
    HARNESS,
    HOST,
    LOAD_PHASE,
    MEASURE_PHASE,
    SourceUse,
)
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.report.html.bars import BarPart, BarRow, BarView, bar_chart
from basetype_benchmark.report.html.curves import Readings, curve_chart
from basetype_benchmark.report.html.facts import LevelFacts, ProfileFacts
from basetype_benchmark.report.html.look import ANONYMOUS, FILE, KERNEL
from basetype_benchmark.report.html.model import Chart, Column, Section, Table, Value
from basetype_benchmark.report.html.wording import (
    mebibytes,
    missing,
    ram,
    ram_value,
)
from basetype_benchmark.units import NS_PER_S

_PHASES = {LOAD_PHASE: "load", MEASURE_PHASE: "measured runs"}
_ROLES = {"graph side": PALETTE[0], "series side": PALETTE[1], "harness": PALETTE[7]}


@dataclass(frozen=True, kw_only=True)
class _Use:
    """What one source used in one phase of the first cell of a level."""

    level: LevelFacts
    phase: str
    elapsed_ns: int
    use: SourceUse
    limit_bytes: int | None


def memory_section(
    profile: ProfileFacts, readings: Readings, key: str, points: int
) -> Section | None:
    """Show what servers held; None where nobody watched."""
    uses = [u for u in _uses(profile) if u.use.source not in (HARNESS, HOST)]
    if not uses:
        return None
    records = [
        record
        for scenario in profile.scenarios
        for level in reversed(scenario.levels)
        for record in level.records
    ]
    curves = curve_chart(records, readings, key, points)
    return Section(
        key=f"{key}-memory-section",
        title="Memory against its limit",
        lead=(
            "What a server held is not what it needs: pages of files stay until somebody wants "
            "their place, and some servers never give memory back. Anonymous memory is the part "
            "that cannot be dropped. The need is told by the levels that failed.",
        ),
        parts=(_memory_bars(uses, key), *(() if curves is None else (curves,))),
    )


def cpu_section(profile: ProfileFacts, key: str) -> Section | None:
    """Show CPU time; None where it was not measured."""
    uses = [u for u in _uses(profile) if u.use.source != HOST and u.use.cpu_ns is not None]
    if not uses:
        return None
    return Section(
        key=f"{key}-cpu",
        title="CPU time",
        lead=(
            "Of all servers of a scenario, and of the harness, which sends the queries and decodes "
            "the answers.",
        ),
        parts=(_cpu_bars(uses, key),),
    )


def _uses(profile: ProfileFacts) -> list[_Use]:
    return [use for level in profile.measured for use in _uses_of(level)]


def _uses_of(level: LevelFacts) -> Iterator[_Use]:
    resources = next((r.result.resources for r in level.records if r.result.resources), None)
    if resources is None:
        return
    limits = {meter.source: meter.ram_bytes for meter in resources.meters}
    for phase in resources.phases:
        if phase.phase in _PHASES:
            for use in phase.sources:
                yield _Use(
                    level=level,
                    phase=phase.phase,
                    elapsed_ns=phase.elapsed_ns,
                    use=use,
                    limit_bytes=limits.get(use.source),
                )


def _levels(uses: Sequence[_Use]) -> list[int | None]:
    """Give the RAM levels there are, the highest first."""
    levels = dict.fromkeys(use.level.ram_bytes for use in uses)
    return sorted(levels, key=lambda level: -(level or 1 << 62))


def _memory_bars(uses: Sequence[_Use], key: str) -> Chart:
    measured = [u for u in uses if u.phase == MEASURE_PHASE] or list(uses)
    return bar_chart(
        key=f"{key}-held",
        title="What each server held at the end of the measured runs",
        caption=(
            "MiB at one moment, split in anonymous memory, file pages and kernel memory; the "
            "upright mark is the server's limit. First cell of each level: n = 1, no interval."
        ),
        units=("MiB",),
        views=[
            BarView(
                name=ram(level),
                rows=tuple(_memory_row(u) for u in measured if u.level.ram_bytes == level),
            )
            for level in _levels(measured)
        ],
        table=_memory_table(uses, key),
        pick="RAM",
    )


def _memory_row(use: _Use) -> BarRow:
    parts = (
        ("anonymous", use.use.anonymous_end_bytes, ANONYMOUS),
        ("file", use.use.file_end_bytes, FILE),
        ("kernel", use.use.kernel_end_bytes, KERNEL),
    )
    return BarRow(
        name=f"{use.level.scenario} {use.use.source}",
        parts=tuple(
            BarPart(
                name=name,
                length=mebibytes(size),
                colour=colour,
                told=f"{name}: {mebibytes(size):g} MiB",
            )
            for name, size, colour in parts
            if size is not None
        ),
        limit=None if use.limit_bytes is None else mebibytes(use.limit_bytes),
    )


def _memory_table(uses: Sequence[_Use], key: str) -> Table:
    rows = [
        (
            Value(text=use.level.scenario),
            ram_value(use.level.ram_bytes),
            Value(text=use.use.source),
            Value(text=_PHASES[use.phase]),
            _size(use.limit_bytes, "no limit"),
            _size(use.use.memory_peak_bytes),
            Value(text="exact" if use.use.memory_peak_is_exact else "of readings"),
            _size(use.use.anonymous_end_bytes),
            _size(use.use.file_end_bytes),
            _size(use.use.kernel_end_bytes),
        )
        for use in uses
    ]
    sizes = ("limit", "peak")
    ends = ("anonymous", "file", "kernel")
    return Table(
        key=f"{key}-held-table",
        caption="Memory of every server: peak of the phase, and its parts at the end, in MiB",
        columns=(
            Column(name="scenario"),
            Column(name="RAM", is_number=True),
            Column(name="server"),
            Column(name="phase"),
            *(Column(name=name, is_number=True) for name in sizes),
            Column(
                name="peak is", hint="exact: told by the kernel; else there may be more between"
            ),
            *(Column(name=name, is_number=True) for name in ends),
        ),
        rows=tuple(rows),
        choices=("scenario", "RAM", "phase"),
    )


def _size(size_bytes: int | None, why_none: str = "–") -> Value:
    return missing(why_none) if size_bytes is None else Value(text=f"{mebibytes(size_bytes):g}")


def _cpu_bars(uses: Sequence[_Use], key: str) -> Chart:
    return bar_chart(
        key=f"{key}-cpu-bars",
        title="CPU time of loading and of the measured runs",
        caption=(
            "CPU seconds, user and system; left of the load, right of all measured runs. First "
            "cell of each level: n = 1, no interval."
        ),
        units=("load, CPU s", "measured runs, CPU s"),
        views=[
            _cpu_view(level, [u for u in uses if u.level.ram_bytes == level])
            for level in _levels(uses)
        ],
        table=_cpu_table(uses, key),
        pick="RAM",
    )


def _cpu_view(level: int | None, uses: Sequence[_Use]) -> BarView:
    scenarios = list(dict.fromkeys(use.level.scenario for use in uses))
    panels = [
        tuple(
            BarRow(
                name=scenario,
                parts=tuple(
                    _cpu_part(use)
                    for use in uses
                    if use.phase == phase and use.level.scenario == scenario
                ),
            )
            for scenario in scenarios
        )
        for phase in _PHASES
    ]
    return BarView(name=ram(level), rows=panels[0], right=panels[1])


def _cpu_part(use: _Use) -> BarPart:
    role = _role(use)
    seconds = float(f"{(use.use.cpu_ns or 0) / NS_PER_S:.4g}")
    told = f"{use.use.source}: {seconds:g} s"
    return BarPart(name=role, length=seconds, colour=_ROLES[role], told=told)


def _role(use: _Use) -> str:
    """Say what a source is in its scenario."""
    if use.use.source == HARNESS:
        return "harness"
    known = SCENARIOS.get(use.level.scenario)
    is_series = known is not None and known.series is not None
    if is_series and known is not None and use.use.source != known.graph.engine:
        return "series side"
    return "graph side"


def _cpu_table(uses: Sequence[_Use], key: str) -> Table:
    rows = [
        (
            Value(text=use.level.scenario),
            ram_value(use.level.ram_bytes),
            Value(text=use.use.source),
            Value(text=_PHASES[use.phase]),
            _seconds(use.use.cpu_user_ns),
            _seconds(use.use.cpu_system_ns),
            Value(text=f"{(use.use.cpu_ns or 0) / max(1, use.elapsed_ns):.2f}"),
        )
        for use in uses
    ]
    return Table(
        key=f"{key}-cpu-table",
        caption="CPU time by source and phase",
        columns=(
            Column(name="scenario"),
            Column(name="RAM", is_number=True),
            Column(name="source"),
            Column(name="phase"),
            Column(name="user", unit="s", is_number=True),
            Column(name="system", unit="s", is_number=True),
            Column(name="cores", is_number=True, hint="CPU time over the time of the phase"),
        ),
        rows=tuple(rows),
        choices=("scenario", "RAM", "phase"),
    )


def _seconds(elapsed_ns: int | None) -> Value:
    return missing("–") if elapsed_ns is None else Value(text=f"{elapsed_ns / NS_PER_S:.3g}")
