"""Records one source: what its meter reads, in which phase, in whose execution."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from basetype_benchmark.benchmark.monitoring.cadence import Cadence
from basetype_benchmark.benchmark.monitoring.phase_tally import PhaseTally
from basetype_benchmark.benchmark.monitoring.query_tally import ExecutionTally, QueryTally
from basetype_benchmark.benchmark.monitoring.reading_log import Moment, ReadingLog
from basetype_benchmark.benchmark.monitoring.resource_use import QueryUse, SourceUse
from basetype_benchmark.benchmark.resources import NOTHING_READ, Meter, Reading

SLOW_NS = 20_000_000
"""What reads slower than that is not read for every execution: a campaign would be all waiting."""

TRIES = 3  # a busy machine can stop the harness for as long once


@dataclass(frozen=True, kw_only=True)
class MeteredSource:
    """One source and its meter; `ram_bytes` is the limit that the kernel holds it to.

    Of one that is not `has_executions` the use of single queries is not asked.
    """

    name: str
    meter: Meter
    ram_bytes: int | None = None
    has_executions: bool = True


class SourceRecorder:
    """Reads one meter and adds up what it says; from any thread, one at a time.

    `begin_ns` is the begin of the cell on the clock.
    """

    def __init__(
        self,
        source: MeteredSource,
        *,
        log: ReadingLog,
        clock: Callable[[], int],
        begin_ns: int,
        interval_ns: int,
    ) -> None:
        self.source = source
        self.has_executions = source.has_executions
        self._log = log
        self._clock = clock
        self._begin_ns = begin_ns
        self._cadence = Cadence(begin_ns, interval_ns)
        self._lock = threading.Lock()
        self._phase: str | None = None
        self._tally: PhaseTally | None = None
        self._execution: ExecutionTally | None = None
        self._queries: defaultdict[str, QueryTally] = defaultdict(QueryTally)

    def forgo_slow_executions(self) -> None:
        """Read a few times, and give up the readings of executions when that is always slow."""
        self.has_executions = self.has_executions and any(
            self._time_reading() < SLOW_NS for _ in range(TRIES)
        )

    def _time_reading(self) -> int:
        begin_ns = self._clock()
        self.source.meter.read_counters()
        return self._clock() - begin_ns

    @property
    def next_ns(self) -> int:
        """When the next timed reading is due."""
        return self._cadence.next_ns

    def read_if_due(self) -> None:
        """Take the timed reading, unless one at a boundary has stood for it."""
        with self._lock:
            if self._cadence.is_due(self._clock()):
                self._read(Moment.TIMED)

    def begin_phase(self, phase: str) -> None:
        """Reset the peak where the kernel can, and read."""
        with self._lock:
            self._phase = phase
            is_peak_new = self.source.meter.reset_peak()
            self._tally = PhaseTally(
                self._read(Moment.BEGIN), self._cadence, is_peak_new=is_peak_new
            )

    def end_phase(self) -> SourceUse | None:
        """Read, and sum up the phase; None when none was begun."""
        with self._lock:
            if self._tally is None:
                return None
            self._read(Moment.END)
            use = self._tally.result(self.source.name)
            self._phase = self._tally = self._execution = None
            return use

    def begin_execution(self) -> None:
        """Read what is cheap to read, right before an execution."""
        with self._lock:
            self._execution = ExecutionTally(self._read_counters())

    def end_execution(self, query: str) -> None:
        """Read the same right after it, and count it for the query."""
        with self._lock:
            if self._execution is not None:
                self._execution.close(self._read_counters())
                self._queries[query].add(self._execution)
                self._execution = None

    def query_use(self, query: str) -> QueryUse:
        """Sum up the executions of one query."""
        with self._lock:
            return self._queries[query].result(self.source.name)

    def _read(self, moment: Moment) -> Reading:
        now_ns = self._clock()
        reading = self.source.meter.read()
        self._cadence.take(now_ns, is_read=reading != NOTHING_READ)
        if self._tally is not None:
            self._tally.add(reading)
        if self._execution is not None:
            self._execution.add(reading)
        self._log.add(self.source.name, self._phase, moment, now_ns - self._begin_ns, reading)
        return reading

    def _read_counters(self) -> Reading:
        reading = self.source.meter.read_counters()
        if self._tally is not None:
            self._tally.add_counters(reading)
        return reading
