"""What was not measured, and what is doubtful: said, so that nobody takes it for a zero."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.summary import CampaignSummary
from basetype_benchmark.benchmark.monitoring.resource_use import SourceUse
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.config.ram import format_ram
from basetype_benchmark.report.html.model import (
    Column,
    Folded,
    Notes,
    Part,
    Section,
    Table,
    Value,
)
from basetype_benchmark.report.html.wording import OUTCOMES, in_words, plural, ram

_MOST_NAMES = 6
_METERS = {
    "memory_peak_bytes": "memory",
    "anonymous_end_bytes": "anonymous memory",
    "file_end_bytes": "file pages",
    "kernel_end_bytes": "kernel memory",
    "cpu_user_ns": "CPU time",
    "read_bytes": "bytes read",
    "written_bytes": "bytes written",
    "memory_pressure_ns": "memory pressure",
}


def omission_section(data: CampaignData, summary: CampaignSummary) -> Section:
    """Say everything that is missing or doubtful in the campaign."""
    groups = (
        ("Not run", (*_missing_cells(data), *_skipped(data))),
        ("Meters that could not be read", (*_meters(data), *_energy(data))),
        ("Doubtful", (*_doubts(data), *_contradictions(data), *_noise(summary))),
    )
    notes = [
        Notes(key=f"omitted-{index}", title=title, items=items or ("Nothing.",))
        for index, (title, items) in enumerate(groups, start=1)
    ]
    return Section(
        key="omissions",
        title="What was not measured, and what is doubtful",
        lead=("A figure that is missing was not measured; zero is never written for it.",),
        parts=(
            *notes,
            *_folded("Cells that ended before their end", _ended_table(data)),
            *_folded("Queries without a time", _query_table(summary)),
            *_folded("Figures that mean little (△)", _unstable_table(summary)),
        ),
    )


def _folded(title: str, table: Table) -> tuple[Part, ...]:
    """Fold a table; nothing where it is empty."""
    if not table.rows:
        return ()
    return (Folded(title=f"{title}: {plural(len(table.rows), 'row')}", part=table),)


def _some(names: Sequence[str]) -> str:
    if len(names) <= _MOST_NAMES:
        return in_words(names)
    return f"{', '.join(names[:_MOST_NAMES])} and {len(names) - _MOST_NAMES} more"


def _missing_cells(data: CampaignData) -> Iterator[str]:
    missing = data.missing
    if missing:
        yield (
            f"{len(missing)} of {plural(len(data.campaign.cells), 'cell')} planned have no result: "
            f"{_some(missing)}."
        )


def _skipped(data: CampaignData) -> Iterator[str]:
    for part in data.campaign.skipped:
        yield f"{part.what}: {part.why}."
    if data.gradient is not None:
        for made in data.gradient.decisions:
            if made.kind == "skip" and made.ram_bytes is not None:
                yield f"{made.scenario} at {format_ram(made.ram_bytes)}: {made.reason}."


def _table(key: str, caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    return Table(
        key=key,
        caption=caption,
        columns=tuple(Column(name=name) for name in columns),
        rows=tuple(tuple(Value(text=text) for text in row) for row in rows),
        choices=tuple(name for name in columns if name in ("scenario", "outcome")),
    )


def _ended_table(data: CampaignData) -> Table:
    rows = [
        (
            record.cell,
            record.result.scenario,
            record.result.outcome.value.replace("_", " "),
            record.result.reason or "no reason is known",
        )
        for record in data.cells
        if record.result.outcome is not CellOutcome.COMPLETED
    ]
    columns = ("cell", "scenario", "outcome", "reason")
    return _table("ended", "Cells that ended before their end", columns, rows)


def _query_table(summary: CampaignSummary) -> Table:
    """Name what is no success, together where scenario, outcome and reason are the same."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for level in summary.levels:
        for query in level.queries:
            if query.outcome is not Outcome.OK:
                words = OUTCOMES.get(query.outcome, query.outcome)
                reason = query.reason or "no reason is known"
                key = (f"{level.scenario}, {ram(level.ram_bytes)}", level.profile, words, reason)
                found.setdefault(key, []).append(query.query)
    rows = [
        (where, dataset, words, ", ".join(names), reason)
        for (where, dataset, words, reason), names in found.items()
    ]
    columns = ("where", "dataset", "outcome", "queries", "reason")
    return _table("no-time", "Queries without a time", columns, rows)


def _unstable_table(summary: CampaignSummary) -> Table:
    rows = [
        (query.query, level.scenario, level.profile, ram(level.ram_bytes), why)
        for level in summary.levels
        for query in level.queries
        for why in query.instability
    ]
    columns = ("query", "scenario", "dataset", "RAM", "why")
    return _table("unstable", "Figures that mean little, and why", columns, rows)


def _uses(data: CampaignData) -> Iterator[tuple[str, str, SourceUse]]:
    """Give source, meter and use of every phase of every cell."""
    for record in data.cells:
        resources = record.result.resources
        if resources is None:
            continue
        meters = {meter.source: meter.meter for meter in resources.meters}
        for phase in resources.phases:
            for use in phase.sources:
                yield use.source, meters.get(use.source, "unknown"), use


def _meters(data: CampaignData) -> Iterator[str]:
    unwatched = [record.cell for record in data.cells if record.result.resources is None]
    if unwatched:
        yield f"Nothing was watched in {_some(unwatched)}."
    assert _METERS.keys() <= {field.name for field in fields(SourceUse)}
    unread: dict[tuple[str, str], dict[str, None]] = {}
    total: dict[tuple[str, str], int] = {}
    counts: dict[tuple[str, str, str], int] = {}
    for source, meter, use in _uses(data):
        total[source, meter] = total.get((source, meter), 0) + 1
        for name, words in _METERS.items():
            if getattr(use, name) is None:
                unread.setdefault((source, meter), {})[words] = None
                counts[source, meter, words] = counts.get((source, meter, words), 0) + 1
    for (source, meter), unknown in unread.items():
        told = [
            f"{words} ({counts[source, meter, words]} of {total[source, meter]} phases)"
            for words in unknown
        ]
        yield f"{source}, read by {meter}: {in_words(told)}."


def _energy(data: CampaignData) -> Iterator[str]:
    phases = [p for r in data.cells if r.result.resources for p in r.result.resources.phases]
    if phases and all(phase.package_energy_j is None for phase in phases):
        yield "Energy: this host does not tell it."


def _doubts(data: CampaignData) -> Iterator[str]:
    not_dropped = [record.cell for record in data.cells if record.caches_dropped is False]
    if not_dropped:
        yield (
            "Pages of files of an earlier level may still have been in memory, as not all could be "
            f"dropped: {_some(not_dropped)}."
        )
    torn = sum(not use.is_whole for _, _, use in _uses(data))
    if torn:
        yield (
            f"{plural(torn, 'phase')} of a source could not be read at its begin or end: what it "
            "used there is told too low."
        )
    inexact = {source for source, _, use in _uses(data) if use.memory_peak_is_exact is False}
    if inexact:
        yield (
            f"Peaks of {in_words(sorted(inexact))} are the highest reading; there may have been "
            "more between two readings."
        )


def _contradictions(data: CampaignData) -> Iterator[str]:
    for scenario in data.gradient.scenarios if data.gradient is not None else ():
        for found in scenario.findings.contradictions:
            yield f"{scenario.scenario} {found}."


def _noise(summary: CampaignSummary) -> Iterator[str]:
    """Say how steady the machine was, as the noise sentinel has it."""
    noise = summary.noise
    if noise is None:
        yield "How steady the machine was is not known: no noise sentinel ran."
        return
    for steady in noise.steadiness:
        spread = "" if steady.spread is None else f", {steady.spread:.1%} from one to the next"
        yield (
            f"The same {steady.work} work, done {plural(steady.readings, 'time')} between the "
            f"cells, took at most {steady.most:+.0%} against the median{spread}."
        )
    for cell, why in noise.drifting.items():
        yield f"{cell} was measured in drift: {why}."
    if noise.unwatched:
        yield f"Nothing is known of the machine around {_some(noise.unwatched)}."
