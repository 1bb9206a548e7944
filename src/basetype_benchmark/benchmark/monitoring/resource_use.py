"""What a cell used of its machine: by phase and source, and by query. Units are in the names.

None means not measured; a zero was measured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from basetype_benchmark.benchmark.strict import STRICT

Count = Annotated[int, Field(ge=0)]

CLEAR_PHASE = "clear"
LOAD_PHASE = "load"
COUNT_PHASE = "count"
WARMUP_PHASE = "warm-up"
MEASURE_PHASE = "measure"
HARNESS = "harness"
HOST = "host"


@dataclass(frozen=True, kw_only=True)
class MeterRecord:
    """One source, what reads it, and the limit that the kernel holds it to; None: there is none.

    A source is the id of an engine whose server is read, ``harness`` or ``host``.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    source: str
    meter: str
    ram_bytes: Count | None


@dataclass(frozen=True, kw_only=True)
class SourceUse:
    """What one source used in one phase.

    Begin and end are read exactly then. `memory_peak_bytes` is the most it held: where
    `memory_peak_is_exact` the kernel watched it over the phase, else it is the most that a reading
    saw, and there may have been more in between. So are the peaks of the parts.

    The counters are what was counted between the first and the last reading of the phase that told;
    not `is_whole`: the source could not be read at the phase's begin or at its end, and there was
    more. `counter_restarts`: how often a counter fell, because the source was made anew; what it
    used between the last reading before and its end is missing.

    `readings_expected` counts the moments of the phase at which the sampler was to read,
    `readings_taken` those at which something was read.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    source: str
    memory_begin_bytes: Count | None
    memory_end_bytes: Count | None
    memory_peak_bytes: Count | None
    memory_peak_is_exact: bool | None
    anonymous_peak_bytes: Count | None
    anonymous_end_bytes: Count | None
    file_peak_bytes: Count | None
    file_end_bytes: Count | None
    kernel_peak_bytes: Count | None
    kernel_end_bytes: Count | None
    cpu_user_ns: Count | None
    cpu_system_ns: Count | None
    read_bytes: Count | None
    written_bytes: Count | None
    memory_pressure_ns: Count | None
    oom_kills: Count | None
    is_whole: bool
    counter_restarts: Count
    readings_expected: Count
    readings_taken: Count

    @property
    def cpu_ns(self) -> int | None:
        """User and system time together; None unless both are known."""
        if self.cpu_user_ns is None or self.cpu_system_ns is None:
            return None
        return self.cpu_user_ns + self.cpu_system_ns


@dataclass(frozen=True, kw_only=True)
class PhaseUse:
    """One phase of a cell: when it began after the cell did, how long it was, who used what.

    `package_energy_j` is what the processor packages of the host took, all that runs on it
    included; None where the host does not tell.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    phase: str
    begin_ns: Count
    elapsed_ns: Count
    package_energy_j: Annotated[float, Field(ge=0)] | None
    sources: tuple[SourceUse, ...]


@dataclass(frozen=True, kw_only=True)
class CellUse:
    """All phases of a cell, in their order; `interval_ns` lies between readings of the sampler."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    interval_ns: Count
    meters: tuple[MeterRecord, ...]
    phases: tuple[PhaseUse, ...]

    def followed_by(self, later: CellUse) -> CellUse:
        """Join the two goes in which a cell ran; of the meters, the later ones are told."""
        return replace(later, phases=(*self.phases, *later.phases))

    def find(self, phase: str, source: str) -> SourceUse | None:
        """Give what a source used in a phase; None when there is no such phase or source."""
        return next(
            (u for p in self.phases if p.phase == phase for u in p.sources if u.source == source),
            None,
        )


@dataclass(frozen=True, kw_only=True)
class QueryUse:
    """What one source used in measured executions of one query, right before to right after each.

    `executions` is how many were read at both ends: all of a long query, of a short one as many as
    reading does not disturb. The sums are over those. A counter that did not tell in all of them is
    None. `memory_peak_bytes` is the most that a reading of any kind saw while one of them ran.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    source: str
    executions: Count
    cpu_ns: Count | None
    read_bytes: Count | None
    memory_peak_bytes: Count | None
