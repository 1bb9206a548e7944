"""What a level took beside its queries: loading, disk, memory and CPU time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from basetype_benchmark.analysis.summary import CpuUse, ServerPeak
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.monitoring.resource_use import (
    TOLD_PHASES,
    SourceUse,
    total,
)
from basetype_benchmark.units import NS_PER_S


def loads_ns(records: Sequence[CellRecord]) -> list[int]:
    """Give what each load took that these cells did themselves and that ended well."""
    return [
        record.result.load.elapsed_ns
        for record in records
        if record.result.load is not None and record.loaded_in_cell in (None, record.cell)
    ]


def largest_size_bytes(records: Sequence[CellRecord]) -> int | None:
    """Give the most that all stores of a cell took on disk; None where that is not known."""
    loads = [record.result.load for record in records if record.result.load is not None]
    return max((size for load in loads if (size := load.size_bytes) is not None), default=None)


def server_peaks(records: Sequence[CellRecord]) -> tuple[ServerPeak, ...]:
    """Give the highest peaks of every server, while it was loaded and while it was measured."""
    peaks = []
    for phase in TOLD_PHASES:
        uses = [use for record in records for use in server_uses(record, phase)]
        for source in dict.fromkeys(use.source for use in uses):
            peaks.append(_peak(phase, source, [use for use in uses if use.source == source]))
    return tuple(peaks)


def cpu_uses(records: Sequence[CellRecord]) -> tuple[CpuUse, ...]:
    """Give the CPU time of all servers, while they were loaded and while they were measured."""
    found = []
    for phase in TOLD_PHASES:
        totals = [_cpu_s(uses) for record in records if (uses := server_uses(record, phase))]
        known = [total for total in totals if total is not None]
        if totals:
            found.append(CpuUse(phase=phase, cpu_s=median(known) if known else None))
    return tuple(found)


def server_uses(record: CellRecord, phase: str) -> list[SourceUse]:
    """Give what each server of a cell used in a phase; nothing where nobody watched."""
    use = record.result.resources
    return [
        source
        for told in (() if use is None else use.phases)
        if told.phase == phase
        for source in told.servers
    ]


def _peak(phase: str, source: str, uses: Sequence[SourceUse]) -> ServerPeak:
    highest = _most(use.memory_peak_bytes for use in uses)
    return ServerPeak(
        phase=phase,
        source=source,
        memory_bytes=highest,
        anonymous_bytes=_most(use.anonymous_peak_bytes for use in uses),
        file_bytes=_most(use.file_peak_bytes for use in uses),
        is_exact=highest is not None and all(bool(use.memory_peak_is_exact) for use in uses),
    )


def _most(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _cpu_s(uses: Sequence[SourceUse]) -> float | None:
    elapsed_ns = total(use.cpu_ns for use in uses)
    return None if elapsed_ns is None else elapsed_ns / NS_PER_S
