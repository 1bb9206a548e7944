"""Adds up what one source used in single executions, by query although they are shuffled."""

from __future__ import annotations

from basetype_benchmark.benchmark.monitoring.counting import Counting
from basetype_benchmark.benchmark.monitoring.resource_use import QueryUse
from basetype_benchmark.benchmark.resources import NOTHING_READ, Reading


def is_nothing(reading: Reading) -> bool:
    """Whether nothing could be read; comparing all fields is slow, and most often needless."""
    return reading.cpu_user_ns is None and reading == NOTHING_READ


class ExecutionTally:
    """One source in one execution, from the reading right before it to the one right after."""

    def __init__(self, before: Reading) -> None:
        self.is_whole = not is_nothing(before)
        self._counting = Counting()
        self._memory_bytes: int | None = None
        self.add(before)

    def add(self, reading: Reading) -> None:
        """Go on to this reading."""
        self._counting.add(reading)
        if reading.memory_bytes is not None:
            self._memory_bytes = max(reading.memory_bytes, self._memory_bytes or 0)

    def close(self, after: Reading) -> None:
        """End with this reading."""
        self.is_whole &= not is_nothing(after)
        self.add(after)

    @property
    def cpu_ns(self) -> int | None:
        """User and system time together."""
        user, system = self._counting.total("cpu_user_ns"), self._counting.total("cpu_system_ns")
        return None if user is None or system is None else user + system

    @property
    def read_bytes(self) -> int | None:
        """What came from the disk."""
        return self._counting.total("read_bytes")

    @property
    def memory_bytes(self) -> int | None:
        """The most that a reading saw."""
        return self._memory_bytes


class QueryTally:
    """What one source used in the executions of one query, summed up as they come."""

    def __init__(self) -> None:
        self._executions = 0
        self._cpu_ns: int | None = 0
        self._read_bytes: int | None = 0
        self._memory_bytes: int | None = None

    def add(self, execution: ExecutionTally) -> None:
        """Count an execution; one that could not be read at both ends is left out."""
        if not execution.is_whole:
            return
        self._executions += 1
        self._cpu_ns = _plus(self._cpu_ns, execution.cpu_ns)
        self._read_bytes = _plus(self._read_bytes, execution.read_bytes)
        if execution.memory_bytes is not None:
            self._memory_bytes = max(execution.memory_bytes, self._memory_bytes or 0)

    def result(self, source: str) -> QueryUse:
        """Give what was summed up."""
        is_measured = self._executions > 0
        return QueryUse(
            source=source,
            executions=self._executions,
            cpu_ns=self._cpu_ns if is_measured else None,
            read_bytes=self._read_bytes if is_measured else None,
            memory_peak_bytes=self._memory_bytes,
        )


def _plus(total: int | None, value: int | None) -> int | None:
    """Add; once something is not known, the total is not."""
    return None if total is None or value is None else total + value
