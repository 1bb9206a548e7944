"""Whether what a cell used follows from the readings kept beside it.

The readings around single executions are not kept: a peak that only they saw, and what a query
used, can be bounded and not recomputed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from basetype_benchmark.analysis.verify.bundle import Bundle, cell_file
from basetype_benchmark.analysis.verify.phase_readings import PhaseReadings, part_phases
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.monitoring.resource_use import (
    HOST,
    LOAD_PHASE,
    MEASURE_PHASE,
    CellUse,
    PhaseUse,
    QueryUse,
    SourceUse,
)
from basetype_benchmark.benchmark.resource_monitor import INTERVAL_NS
from basetype_benchmark.benchmark.resources import COUNTERS

_READINGS = "by its readings"
_PARTS = ("anonymous", "file", "kernel")


def check_use(bundle: Bundle) -> Check:
    """Compute anew what each source used in each phase, as far as its readings tell."""
    tally = Tally("resources", "what was used follows from the readings, as far as they tell")
    for cell, record in bundle.cells.items():
        table, use = bundle.readings(cell), record.result.resources
        if table is None or use is None:
            tally.leave_out(f"{cell}: nobody watched it, or its readings cannot be read")
            continue
        _check_cell(record, use, table.to_pylist(), tally)
        _check_limits(record, use, _host_bytes(bundle), tally)
    return tally.result()


def _host_bytes(bundle: Bundle) -> int | None:
    found = None if bundle.environment is None else bundle.environment.host.get("memory_bytes")
    return found if isinstance(found, int) else None


def _check_limits(record: CellRecord, use: CellUse, host_bytes: int | None, tally: Tally) -> None:
    """See that nobody held more than its limit, or than the machine has."""
    limits = {meter.source: meter.ram_bytes or host_bytes for meter in use.meters}
    for index, phase in enumerate(use.phases):
        for source in phase.sources:
            peak, limit = source.memory_peak_bytes, limits.get(source.source)
            if peak is not None and limit is not None:
                field = f"result.resources.phases.{index}.sources.{source.source}.memory_peak_bytes"
                problem = f"is {peak}, above its limit, {limit}"
                tally.demand(peak <= limit, cell_file(record.cell), field, problem)


def _check_cell(
    record: CellRecord, use: CellUse, rows: Sequence[dict[str, Any]], tally: Tally
) -> None:
    file, field = cell_file(record.cell), "result.resources"
    tally.compare(file, f"{field}.interval_ns", use.interval_ns, INTERVAL_NS, "in every campaign")
    parted = {
        meter.source: part_phases([row for row in rows if row["source"] == meter.source])
        for meter in use.meters
    }
    before_ns = 0
    for index, phase in enumerate(use.phases):
        where = f"{field}.phases.{index}"
        tally.demand(phase.begin_ns >= before_ns, file, f"{where}.begin_ns", "is too early")
        before_ns = phase.begin_ns + phase.elapsed_ns
        found = {
            source.source: next(parted[source.source], None)
            for source in phase.sources
            if source.source in parted
        }
        for source in phase.sources:
            place = f"{where}.sources.{source.source}"
            readings = found.get(source.source)
            if readings is None or readings.phase != phase.phase:
                tally.demand(False, file, place, f"has no readings of {phase.phase}")
                continue
            _check_times(file, where, phase, readings, tally)
            _check_source(file, place, source, readings, tally)
    _check_sums(record, use, tally)
    _check_queries(record, use, tally)


def _check_times(
    file: str, field: str, phase: PhaseUse, readings: PhaseReadings, tally: Tally
) -> None:
    """See that a phase lies between the readings at its begin and at its end."""
    begin, end = readings.begin["t_ns"], readings.end["t_ns"]
    tally.demand(
        phase.begin_ns >= begin, file, f"{field}.begin_ns", f"is before its reading, {begin}"
    )
    is_within = phase.begin_ns + phase.elapsed_ns <= end
    tally.demand(is_within, file, f"{field}.elapsed_ns", f"goes beyond its end, {end}")


def _check_source(
    file: str, field: str, stated: SourceUse, readings: PhaseReadings, tally: Tally
) -> None:
    due: dict[str, object] = {
        "memory_begin_bytes": readings.begin["memory_bytes"],
        "memory_end_bytes": readings.end["memory_bytes"],
        "is_whole": readings.is_whole,
        "readings_expected": readings.expected(INTERVAL_NS),
        "readings_taken": readings.taken(INTERVAL_NS),
    }
    for part in _PARTS:
        due[f"{part}_end_bytes"] = readings.end[f"{part}_bytes"]
        due[f"{part}_peak_bytes"] = readings.most(f"{part}_bytes")
    for name, value in due.items():
        tally.compare(file, f"{field}.{name}", getattr(stated, name), value, _READINGS)
    _check_peak(file, field, stated, readings, tally)
    _check_counters(file, field, stated, readings, tally)


def _check_peak(
    file: str, field: str, stated: SourceUse, readings: PhaseReadings, tally: Tally
) -> None:
    seen, peak = readings.most("memory_bytes"), stated.memory_peak_bytes
    field = f"{field}.memory_peak_bytes"
    if stated.source == HOST and readings.most("memory_peak_bytes") is None:
        tally.compare(file, field, peak, seen, _READINGS)
        return
    is_told = (peak is None) == (stated.memory_peak_is_exact is None)
    tally.demand(is_told, file, field, f"is {peak}, exact: {stated.memory_peak_is_exact}")
    if seen is not None:
        problem = f"is {peak}, less than a reading saw, {seen}"
        tally.demand(peak is not None and peak >= seen, file, field, problem)
    if stated.memory_peak_is_exact:
        kernel = readings.most("memory_peak_bytes")
        problem = f"is {peak}, and the kernel's is {kernel}"
        tally.demand(kernel is not None and (peak or 0) >= kernel, file, field, problem)


def _check_counters(
    file: str, field: str, stated: SourceUse, readings: PhaseReadings, tally: Tally
) -> None:
    """Compare what was counted with the difference of the readings at both ends.

    A counter that began again in between has counted more than that; one that did not, as much.
    """
    restarts, has_more = stated.counter_restarts, False
    falls = readings.falls
    problem = f"is {restarts}, and the readings fall {falls} times"
    tally.demand(restarts >= falls, file, f"{field}.counter_restarts", problem)
    for name in COUNTERS:
        begin, end, total = readings.begin[name], readings.end[name], getattr(stated, name)
        if begin is None or end is None:
            has_more |= total is not None
            continue
        if not restarts:
            tally.compare(file, f"{field}.{name}", total, end - begin, _READINGS)
            continue
        problem = f"is {total}, less than the readings at both ends differ by, {end - begin}"
        tally.demand(total is not None and total >= end - begin, file, f"{field}.{name}", problem)
        has_more |= total is None or total > end - begin
    if restarts:
        problem = f"is {restarts}, and no counter has counted more than its ends differ by"
        tally.demand(has_more, file, f"{field}.counter_restarts", problem)


def _check_sums(record: CellRecord, use: CellUse, tally: Tally) -> None:
    """See that the parts fit into the whole."""
    file, result = cell_file(record.cell), record.result
    total = sum(phase.elapsed_ns for phase in use.phases)
    problem = f"is less than its phases together, {total} ns"
    tally.demand(total <= result.elapsed_ns, file, "result.elapsed_ns", problem)
    loading = next((phase for phase in use.phases if phase.phase == LOAD_PHASE), None)
    if result.load is not None and loading is not None:
        problem = f"is longer than the phase load, {loading.elapsed_ns} ns"
        is_within = result.load.elapsed_ns <= loading.elapsed_ns
        tally.demand(is_within, file, "result.load.elapsed_ns", problem)


def _check_queries(record: CellRecord, use: CellUse, tally: Tally) -> None:
    """Bound what the executions used by what the phase did."""
    file = cell_file(record.cell)
    for query in record.result.queries:
        for used in query.resources:
            field = f"result.queries.{query.query}.resources.{used.source}"
            is_within = used.executions <= query.planned_runs
            tally.demand(is_within, file, f"{field}.executions", "are more than were planned")
    phase = next((phase for phase in use.phases if phase.phase == MEASURE_PHASE), None)
    for source in () if phase is None else phase.sources:
        uses = [u for q in record.result.queries for u in q.resources if u.source == source.source]
        _check_query_sums(file, source, uses, tally)


def _check_query_sums(file: str, source: SourceUse, uses: Sequence[QueryUse], tally: Tally) -> None:
    field = f"result.queries.*.resources.{source.source}"
    for name, whole in (("cpu_ns", source.cpu_ns), ("read_bytes", source.read_bytes)):
        total = sum(getattr(used, name) or 0 for used in uses)
        if whole is not None:
            problem = f"are {total} together, and the whole phase took {whole}"
            tally.demand(total <= whole, file, f"{field}.{name}", problem)
    peak = source.memory_peak_bytes
    most = max((used.memory_peak_bytes or 0 for used in uses), default=0)
    if peak is not None:
        problem = f"is up to {most}, and in the whole phase {peak}"
        tally.demand(most <= peak, file, f"{field}.memory_peak_bytes", problem)
