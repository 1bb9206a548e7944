"""Adds up the readings of one source over one phase."""

from __future__ import annotations

from operator import attrgetter

from basetype_benchmark.benchmark.monitoring.cadence import Cadence
from basetype_benchmark.benchmark.monitoring.counting import Counting
from basetype_benchmark.benchmark.monitoring.resource_use import SourceUse
from basetype_benchmark.benchmark.resources import COUNTERS, GAUGES, NOTHING_READ, Reading

_read_gauges = attrgetter(*GAUGES)

MADE_ANEW = 0.95
"""A peak that fell below this part of itself began again with a new group or process.

It does not fall otherwise, but the kernel's count for a process is off by some pages.
"""


class PhaseTally:
    """One source in one phase, from the reading at its begin to the one at its end.

    `is_peak_new`: the peak that the kernel keeps was reset right before the begin.
    """

    def __init__(self, begin: Reading, cadence: Cadence, *, is_peak_new: bool) -> None:
        self._begin = begin
        self._end = begin
        self._cadence = cadence
        self._expected, self._taken = cadence.expected, cadence.taken
        self._counting = Counting()
        self._most: dict[str, int] = {}
        self._is_peak_new = is_peak_new
        self._last_peak: int | None = None
        self._is_peak_anew = False
        self.add(begin)

    def add(self, reading: Reading) -> None:
        """Go on to this reading, of any kind; the last one is the phase's end."""
        self._end = reading
        self._counting.add(reading)
        most = self._most
        for name, value in zip(GAUGES, _read_gauges(reading), strict=True):
            if value is not None and value >= most.get(name, 0):
                most[name] = value
        peak = reading.memory_peak_bytes
        if peak is not None:
            self._is_peak_anew |= peak < MADE_ANEW * (self._last_peak or 0)
            self._last_peak = peak

    def add_counters(self, reading: Reading) -> None:
        """Go on to a reading around an execution, which tells no more than these."""
        self._counting.add(reading)
        held = reading.memory_bytes
        if held is not None and held > self._most.get("memory_bytes", -1):
            self._most["memory_bytes"] = held

    def result(self, source: str) -> SourceUse:
        """Close the phase with what was added last as its end."""
        begin, end = self._begin, self._end
        counters = {name: self._counting.total(name) for name in COUNTERS}
        peak, is_exact = self._peak()
        return SourceUse(
            source=source,
            memory_begin_bytes=begin.memory_bytes,
            memory_end_bytes=end.memory_bytes,
            memory_peak_bytes=peak,
            memory_peak_is_exact=is_exact,
            anonymous_peak_bytes=self._most.get("anonymous_bytes"),
            anonymous_end_bytes=end.anonymous_bytes,
            file_peak_bytes=self._most.get("file_bytes"),
            file_end_bytes=end.file_bytes,
            kernel_peak_bytes=self._most.get("kernel_bytes"),
            kernel_end_bytes=end.kernel_bytes,
            **counters,
            is_whole=NOTHING_READ not in (begin, end),
            counter_restarts=self._counting.restarts,
            readings_expected=self._cadence.expected - self._expected,
            readings_taken=self._cadence.taken - self._taken,
        )

    def _peak(self) -> tuple[int | None, bool | None]:
        """Give the most memory held, and whether the kernel saw every moment of the phase.

        Where the kernel's peak cannot be reset it is of this phase all the same if it rose in it.
        """
        before, last = self._begin.memory_peak_bytes, self._end.memory_peak_bytes
        has_risen = before is not None and last is not None and last > before
        seen = self._most.get("memory_bytes")
        is_of_phase = self._is_peak_new or has_risen
        kept = self._most.get("memory_peak_bytes") if is_of_phase else None
        known = [value for value in (seen, kept) if value is not None]
        if last is not None and is_of_phase and not self._is_peak_anew:
            return max(known), True
        return (max(known), False) if known else (None, None)
