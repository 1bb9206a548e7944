"""Memory and CPU time of the servers, and where they stand against their limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from basetype_benchmark.benchmark.charts.charts import PALETTE
from basetype_benchmark.benchmark.monitoring.resource_use import (
    HARNESS,
    HOST,
    LOAD_PHASE,
    MEASURE_PHASE,
    TOLD_PHASES,
    SourceUse,
    is_server,
)
from basetype_benchmark.config.ram import NO_LIMIT
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.report.html.bars import BarPart, BarRow, BarView, bar_chart
from basetype_benchmark.report.html.curves import Readings, curve_chart
from basetype_benchmark.report.html.facts import LevelFacts, ProfileFacts
from basetype_benchmark.report.html.look import ANONYMOUS, FILE, KERNEL
from basetype_benchmark.report.html.model import Chart, Column, Section, Table, Value
from basetype_benchmark.report.html.wording import (
    NOT_MEASURED,
    mebibytes,
    missing,
    ram,
    ram_value,
    seconds_value,
    size_value,
)
from basetype_benchmark.units import NS_PER_S

_NO_LOAD = "loaded at another level"
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
    uses = [u for u in _uses(profile) if is_server(u.use.source)]
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
        if phase.phase in TOLD_PHASES:
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
        tell="%{x:,.4~r} MiB",
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
            )
            for name, size, colour in parts
            if size is not None
        ),
        limit=None if use.limit_bytes is None else mebibytes(use.limit_bytes),
    )


def _memory_table(uses: Sequence[_Use], key: str) -> Table:
    rows = [
        (
            Value(text=first.level.scenario),
            ram_value(first.level.ram_bytes),
            Value(text=first.use.source),
            size_value(first.limit_bytes, NO_LIMIT),
            *(_peak(by_phase.get(phase)) for phase in TOLD_PHASES),
            *(
                size_value(getattr(last.use, f"{part}_end_bytes"))
                for part in ("anonymous", "file", "kernel")
            ),
        )
        for by_phase in _by_source(uses)
        for first, last in [(next(iter(by_phase.values())), list(by_phase.values())[-1])]
    ]
    names = ("limit", "peak, load", "peak, runs", "anonymous", "file", "kernel")
    return Table(
        key=f"{key}-held-table",
        caption=(
            "Memory of every server in MiB: peaks while loading and in the measured runs (~: the "
            "highest reading, not all there was), and the parts at the end"
        ),
        columns=(
            Column(name="scenario"),
            Column(name="RAM", is_number=True),
            Column(name="server"),
            *(Column(name=name, is_number=True) for name in names),
        ),
        rows=tuple(rows),
        choices=("scenario", "RAM"),
    )


def _by_source(uses: Sequence[_Use]) -> list[dict[str, _Use]]:
    """Put the phases of one source at one level together."""
    found: dict[tuple[str, int | None, str], dict[str, _Use]] = {}
    for use in uses:
        key = (use.level.scenario, use.level.ram_bytes, use.use.source)
        found.setdefault(key, {})[use.phase] = use
    return list(found.values())


def _peak(use: _Use | None) -> Value:
    peak = None if use is None else use.use.memory_peak_bytes
    if use is None or peak is None:
        return missing("–")
    value = size_value(peak)
    return value if use.use.memory_peak_is_exact else replace(value, text=f"~{value.text}")


def _cpu_bars(uses: Sequence[_Use], key: str) -> Chart:
    return bar_chart(
        key=f"{key}-cpu-bars",
        title="CPU time of loading and of the measured runs",
        caption=(
            "CPU seconds, user and system; left of the load, right of all measured runs. First "
            "cell of each level: n = 1, no interval."
        ),
        units=("load, CPU s", "measured runs, CPU s"),
        tell="%{x:,.4~r} s",
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
                why_empty=_NO_LOAD if phase == LOAD_PHASE else NOT_MEASURED,
            )
            for scenario in scenarios
        )
        for phase in TOLD_PHASES
    ]
    return BarView(name=ram(level), rows=panels[0], right=panels[1])


def _cpu_part(use: _Use) -> BarPart:
    role = _role(use)
    seconds = float(f"{(use.use.cpu_ns or 0) / NS_PER_S:.4g}")
    return BarPart(name=role, length=seconds, colour=_ROLES[role])


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
            Value(text=first.level.scenario),
            ram_value(first.level.ram_bytes),
            Value(text=first.use.source),
            *(value for phase in TOLD_PHASES for value in _cpu_values(by_phase.get(phase))),
        )
        for by_phase in _by_source(uses)
        for first in [next(iter(by_phase.values()))]
    ]
    return Table(
        key=f"{key}-cpu-table",
        caption=(
            "CPU seconds by source, while loading and in the measured runs; cores: CPU time over "
            "the time of the phase"
        ),
        columns=(
            Column(name="scenario"),
            Column(name="RAM", is_number=True),
            Column(name="source"),
            *(
                Column(name=f"{phase}: {what}", is_number=True)
                for phase in ("load", "runs")
                for what in ("user", "system", "cores")
            ),
        ),
        rows=tuple(rows),
        choices=("scenario", "RAM"),
    )


def _cpu_values(use: _Use | None) -> tuple[Value, ...]:
    if use is None or use.use.cpu_ns is None:
        return missing("–"), missing("–"), missing("–")
    cores = use.use.cpu_ns / max(1, use.elapsed_ns)
    return (
        seconds_value(use.use.cpu_user_ns),
        seconds_value(use.use.cpu_system_ns),
        Value(text=f"{cores:.2f}"),
    )
