"""Watches what a cell uses: reads meters at a fixed rate, and exactly where phases and runs end."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

from basetype_benchmark.benchmark.monitoring.energy import EnergyMeter, NoEnergyMeter
from basetype_benchmark.benchmark.monitoring.reading_budget import READING_SHARE, ReadingBudget
from basetype_benchmark.benchmark.monitoring.reading_log import ReadingLog
from basetype_benchmark.benchmark.monitoring.resource_use import (
    CellUse,
    MeterRecord,
    PhaseUse,
    QueryUse,
    SourceUse,
)
from basetype_benchmark.benchmark.monitoring.source_recorder import MeteredSource, SourceRecorder

INTERVAL_NS = 500_000_000
UJ_PER_J = 1_000_000


class Monitor(Protocol):
    """What a runner tells as it goes, and gets back at the end."""

    def phase(self, name: str) -> AbstractContextManager[None]:
        """Watch a phase of the cell while the context is open; they do not nest."""
        ...

    def begin_execution(self, query: str) -> None:
        """Say that a measured execution is about to begin, outside its clock."""
        ...

    def end_execution(self, query: str) -> None:
        """Say that it has ended, with or without an answer, outside its clock."""
        ...

    def result(self) -> CellUse | None:
        """Give all phases that have ended; None where nobody watched."""
        ...

    def query_use(self, query: str) -> tuple[QueryUse, ...]:
        """Give what the executions of a query used, by source; empty where nobody watched."""
        ...


class NoMonitor:
    """A `Monitor` that watches nothing."""

    def phase(self, name: str) -> AbstractContextManager[None]:
        """Do nothing."""
        return nullcontext()

    def begin_execution(self, query: str) -> None:
        """Do nothing."""

    def end_execution(self, query: str) -> None:
        """Do nothing."""

    def result(self) -> None:
        """Nobody watched."""
        return

    def query_use(self, query: str) -> tuple[QueryUse, ...]:
        """Nobody watched."""
        return ()


NO_MONITOR = NoMonitor()


class ResourceMonitor:
    """Reads every source at the begin and the end of each phase, of executions, and in between.

    The cell began at `begin_ns` on the clock, else when the monitor is made. `read_due` takes the
    readings in between; call it from a `SamplingThread`. What readings around the executions of a
    query take is at most `reading_share` of what these take. Whoever opened the meters closes them.
    """

    def __init__(
        self,
        sources: Sequence[MeteredSource],
        *,
        log: ReadingLog | None = None,
        energy: EnergyMeter | None = None,
        interval_ns: int = INTERVAL_NS,
        clock: Callable[[], int] = time.perf_counter_ns,
        begin_ns: int | None = None,
        reading_share: float = READING_SHARE,
    ) -> None:
        self.log = ReadingLog() if log is None else log
        self._clock = clock
        self._interval_ns = interval_ns
        self._begin_ns = clock() if begin_ns is None else begin_ns
        self._recorders = [
            SourceRecorder(
                source,
                log=self.log,
                clock=clock,
                begin_ns=self._begin_ns,
                interval_ns=interval_ns,
            )
            for source in sources
        ]
        for recorder in self._recorders:
            recorder.forgo_slow_executions()
        self._executing = [recorder for recorder in self._recorders if recorder.has_executions]
        self._budgets = defaultdict[str, ReadingBudget](lambda: ReadingBudget(reading_share))
        self._is_read = False
        self._execution_ns = self._reading_ns = 0
        self._energy = NoEnergyMeter() if energy is None else energy
        self._energy_lock = threading.Lock()
        self._phases: list[PhaseUse] = []
        self._is_in_phase = False

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Watch a phase of the cell while the context is open.

        Raises:
            ValueError: another phase is open.
        """
        if self._is_in_phase:
            raise ValueError(f"phase {name} cannot begin within another phase")
        self._is_in_phase = True
        try:
            for recorder in self._recorders:
                recorder.begin_phase(name)
            begin_ns, energy_uj = self._clock(), self._read_energy_uj()
            try:
                yield
            finally:
                elapsed_ns = self._clock() - begin_ns
                self._phases.append(self._close_phase(name, begin_ns, elapsed_ns, energy_uj))
        finally:
            self._is_in_phase = False

    def begin_execution(self, query: str) -> None:
        """Read the counters right before an execution, if the query's budget allows it."""
        begin_ns = self._clock()
        self._is_read = self._budgets[query].allows
        if self._is_read:
            for recorder in self._executing:
                recorder.begin_execution()
        self._execution_ns = self._clock()
        self._reading_ns = self._execution_ns - begin_ns

    def end_execution(self, query: str) -> None:
        """Read the counters right after it where they were read before, and count it."""
        end_ns = self._clock()
        executing_ns = end_ns - self._execution_ns
        if self._is_read:
            for recorder in self._executing:
                recorder.end_execution(query)
            self._reading_ns += self._clock() - end_ns
        self._budgets[query].add(executing_ns, self._reading_ns, is_read=self._is_read)

    def read_due(self) -> int:
        """Take the timed readings that are due; give the nanoseconds until the next is."""
        for recorder in self._recorders:
            recorder.read_if_due()
        self._read_energy_uj()  # often, since what it reads wraps around
        now_ns = self._clock()
        upcoming = [recorder.next_ns for recorder in self._recorders]
        return max(0, min(upcoming, default=now_ns + self._interval_ns) - now_ns)

    def result(self) -> CellUse:
        """Give all phases that have ended."""
        return CellUse(
            interval_ns=self._interval_ns,
            meters=tuple(
                MeterRecord(source=s.name, meter=s.meter.source, ram_bytes=s.ram_bytes)
                for s in (recorder.source for recorder in self._recorders)
            ),
            phases=tuple(self._phases),
        )

    def query_use(self, query: str) -> tuple[QueryUse, ...]:
        """Give what the measured executions of a query used, by source."""
        return tuple(
            recorder.query_use(query)
            for recorder in self._recorders
            if recorder.source.has_executions
        )

    def _close_phase(
        self, name: str, begin_ns: int, elapsed_ns: int, energy_before_uj: int | None
    ) -> PhaseUse:
        energy_uj = self._read_energy_uj()
        uses: list[SourceUse] = []
        for recorder in self._recorders:
            use = recorder.end_phase()
            if use is not None:
                uses.append(use)
        return PhaseUse(
            phase=name,
            begin_ns=begin_ns - self._begin_ns,
            elapsed_ns=elapsed_ns,
            package_energy_j=_joules(energy_before_uj, energy_uj),
            sources=tuple(uses),
        )

    def _read_energy_uj(self) -> int | None:
        with self._energy_lock:
            return self._energy.read_uj()


def _joules(before_uj: int | None, after_uj: int | None) -> float | None:
    if before_uj is None or after_uj is None:
        return None
    return (after_uj - before_uj) / UJ_PER_J
