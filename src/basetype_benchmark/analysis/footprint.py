"""What a cell took of its machine: CPU time, memory over time, bytes read and written, energy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.monitoring.resource_use import (
    TOLD_PHASES,
    CellUse,
    PhaseUse,
    SourceUse,
    total,
)
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.units import GIB, NS_PER_S

ENERGY_NOT_MEASURABLE = (
    "energy is not measurable here: the processors of this host do not tell what they take (RAPL). "
    "In most virtual machines they cannot; on bare metal root alone may read it"
)
ENERGY_MEASURED = (
    "energy is that of all processor packages of the host (RAPL), whoever caused it, the harness "
    "included; RAM, disks and power supply are not in it"
)

_NS_PER_HOUR = 3600 * NS_PER_S


@dataclass(frozen=True, kw_only=True)
class Footprint:
    """What all servers of a cell together took in one phase; None: not measured.

    `limit_gib_hours` is what was set aside for them: the limit over the time that the phase took;
    None without a limit. `used_gib_hours` is what they held: the area under their readings, with a
    straight line between two. `package_energy_j` is that of the whole host.

    Not `is_whole`: a server could not be read at the begin or the end, so that there was more.
    """

    cell: str
    profile: str
    scenario: str
    ram_bytes: int | None
    repetition: int
    outcome: CellOutcome
    phase: str
    elapsed_s: float
    cpu_s: float | None
    limit_gib_hours: float | None
    used_gib_hours: float | None
    read_bytes: int | None
    written_bytes: int | None
    package_energy_j: float | None
    is_whole: bool


def footprint_rows(data: CampaignData) -> tuple[Footprint, ...]:
    """Give the footprint of every cell that was watched, a row for its load and one for its runs.

    For whoever shows it: `btb results --footprint`, the report. A cell of a gradient on stores that
    a lower level had loaded has no row for a load.

    Raises:
        CheckFailed: a table of readings is missing, torn, or not of this version.
    """
    return tuple(
        footprint
        for record in data.cells
        if (use := record.result.resources) is not None
        for footprint in _footprints(record, use, data.readings(record.cell))
    )


def energy_note(rows: Sequence[Footprint]) -> str:
    """Say what the energy is, or why there is none."""
    is_measured = any(row.package_energy_j is not None for row in rows)
    return ENERGY_MEASURED if is_measured else ENERGY_NOT_MEASURABLE


def gib_hours(memory_bytes: Sequence[int], t_ns: Sequence[int]) -> float:
    """Give the area under readings of memory at moments, by the trapezoidal rule."""
    held_gib = np.asarray(memory_bytes, dtype=np.float64) / GIB  # products would overflow integers
    return float(np.trapezoid(held_gib, np.asarray(t_ns, dtype=np.float64) / _NS_PER_HOUR))


def _footprints(record: CellRecord, use: CellUse, readings: pl.DataFrame) -> Iterable[Footprint]:
    for phase in use.phases:
        if phase.phase in TOLD_PHASES:
            yield _footprint(record, phase, readings)


def _footprint(record: CellRecord, phase: PhaseUse, readings: pl.DataFrame) -> Footprint:
    servers = phase.servers
    limit = record.ram_bytes
    return Footprint(
        cell=record.cell,
        profile=record.result.profile,
        scenario=record.result.scenario,
        ram_bytes=limit,
        repetition=record.repetition,
        outcome=record.result.outcome,
        phase=phase.phase,
        elapsed_s=phase.elapsed_ns / NS_PER_S,
        cpu_s=_seconds(total(use.cpu_ns for use in servers)),
        limit_gib_hours=None if limit is None else limit / GIB * phase.elapsed_ns / _NS_PER_HOUR,
        used_gib_hours=_used(servers, phase, readings),
        read_bytes=total(use.read_bytes for use in servers),
        written_bytes=total(use.written_bytes for use in servers),
        package_energy_j=phase.package_energy_j,
        is_whole=all(use.is_whole for use in servers),
    )


def _seconds(elapsed_ns: int | None) -> float | None:
    return None if elapsed_ns is None else elapsed_ns / NS_PER_S


def _used(servers: Sequence[SourceUse], phase: PhaseUse, readings: pl.DataFrame) -> float | None:
    """Add up the areas of all servers; None unless each was read twice at least."""
    return total(_area(readings, use.source, phase.phase) for use in servers)


def _area(readings: pl.DataFrame, source: str, phase: str) -> float | None:
    told = readings.filter(
        pl.col("source") == source, pl.col("phase") == phase, pl.col("memory_bytes").is_not_null()
    ).sort("t_ns")
    if told.height < 2:
        return None
    return gib_hours(told["memory_bytes"].to_list(), told["t_ns"].to_list())
