"""What a cell used of its machine: by phase and source, and by query. Units are in the names.

None means not measured; a zero was measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, TypeVar

from pydantic import ConfigDict, Field

from basetype_benchmark.benchmark.strict import STRICT

Count = Annotated[int, Field(ge=0)]
Number = TypeVar("Number", int, float)

CLEAR_PHASE = "clear"
LOAD_PHASE = "load"
COUNT_PHASE = "count"
WARMUP_PHASE = "warm-up"
MEASURE_PHASE = "measure"
HARNESS = "harness"
HOST = "host"

TOLD_PHASES = (LOAD_PHASE, MEASURE_PHASE)
"""The phases that are told: what comes once, and what comes again with every round of queries."""


def is_server(source: str) -> bool:
    """Whether a source is a server, and not the harness or the host."""
    return source not in (HARNESS, HOST)


def total(values: Iterable[Number | None]) -> Number | None:
    """Add up what each tells; None when one does not, or there is none."""
    told = list(values)
    known = [value for value in told if value is not None]
    return sum(known) if known and len(known) == len(told) else None


@dataclass(frozen=True, kw_only=True)
class MeterRecord:
    """One source, and what reads it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    source: str
    """Whose use: the id of the engine of a server, ``harness`` (this process and its helpers) or
    ``host`` (all that runs on the machine)."""
    meter: str
    """What reads it: ``cgroup v2``, ``cgroup v1``, ``docker stats``, ``processes``, ``own
    processes``, ``/proc`` or ``nothing``."""
    ram_bytes: Count | None
    """The limit that the kernel holds it to. None: there is none."""


@dataclass(frozen=True, kw_only=True)
class SourceUse:
    """What one source used in one phase. Begin and end are read exactly then."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    source: str
    """Whose use."""
    memory_begin_bytes: Count | None
    """Memory held at the begin: anonymous, page cache and kernel memory together, as a limit counts
    it; of the harness what is resident, of the host what is not free. None: it could not be read
    then."""
    memory_end_bytes: Count | None
    """The same at the end. None: it could not be read then."""
    memory_peak_bytes: Count | None
    """The most held in the phase. None: it was never read."""
    memory_peak_is_exact: bool | None
    """True: the kernel watched all the time. False: it is the most that a reading saw, and there
    may have been more in between. None: there is no peak."""
    anonymous_peak_bytes: Count | None
    """The most that a reading saw of memory without a file behind it; shared memory, as
    PostgreSQL's buffers, is counted here. None: the meter does not tell."""
    anonymous_end_bytes: Count | None
    """The same at the end. None: it could not be read then."""
    file_peak_bytes: Count | None
    """The most that a reading saw of page cache. None: the meter does not tell."""
    file_end_bytes: Count | None
    """The same at the end. None: it could not be read then."""
    kernel_peak_bytes: Count | None
    """The most that a reading saw of kernel memory. None: the meter does not tell."""
    kernel_end_bytes: Count | None
    """The same at the end. None: it could not be read then."""
    cpu_user_ns: Count | None
    """CPU time in programs, of one CPU. None: the meter does not tell."""
    cpu_system_ns: Count | None
    """CPU time in the kernel, of one CPU. None: the meter does not tell."""
    read_bytes: Count | None
    """From block devices, without what the page cache served. None: the kernel does not count it.
    """
    written_bytes: Count | None
    """To block devices. None: the kernel does not count it."""
    memory_pressure_ns: Count | None
    """Time in which at least one process waited for memory (PSI ``some``). None: the kernel does
    not tell."""
    oom_kills: Count | None
    """Processes that the kernel ended for lack of memory. None: nothing tells."""
    is_whole: bool
    """Whether it could be read at both ends of the phase. If not, counters are what was seen in
    between, and there was more."""
    counter_restarts: Count
    """How often a counter fell, because the group was made anew. What was used between the last
    reading and the end of the old group is missing."""
    readings_expected: Count
    """Moments of the phase at which a timed reading was due."""
    readings_taken: Count
    """Those at which one was taken. Fewer: the sampler fell behind, or the meter failed."""

    @property
    def cpu_ns(self) -> int | None:
        """User and system time together; None unless both are known."""
        if self.cpu_user_ns is None or self.cpu_system_ns is None:
            return None
        return self.cpu_user_ns + self.cpu_system_ns


@dataclass(frozen=True, kw_only=True)
class PhaseUse:
    """One phase of a cell, and who used what in it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    phase: str
    """``clear``, ``load``, ``count``, ``warm-up`` or ``measure``."""
    begin_ns: Count
    """After the begin of the cell."""
    elapsed_ns: Count
    """How long it was."""
    package_energy_j: Annotated[float, Field(ge=0)] | None
    """What the processor packages of the host took, all that runs on it included (RAPL). None: the
    host does not tell, as most virtual machines."""
    sources: tuple[SourceUse, ...]
    """Each source."""

    @property
    def servers(self) -> tuple[SourceUse, ...]:
        """Each server."""
        return tuple(use for use in self.sources if is_server(use.source))


@dataclass(frozen=True, kw_only=True)
class CellUse:
    """What a cell used of its machine."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    interval_ns: Count
    """Time between two readings of the sampler."""
    meters: tuple[MeterRecord, ...]
    """What reads each source."""
    phases: tuple[PhaseUse, ...]
    """The phases in their order."""

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
    """What one source used in measured executions of one query, from right before to after each."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    source: str
    """Whose use."""
    executions: Count
    """How many were read at both ends: all of a long query, of a short one as many as reading does
    not disturb. The sums are over those, so that ``cpu_ns / executions`` is the cost of one."""
    cpu_ns: Count | None
    """User and system time together, of one CPU. None: it was not told in all of them."""
    read_bytes: Count | None
    """From block devices. None: it was not told in all of them."""
    memory_peak_bytes: Count | None
    """The most memory held that a reading of any kind saw while one of them ran. None: it was never
    read."""
