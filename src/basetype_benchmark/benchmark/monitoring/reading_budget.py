"""How many executions of a query are read: as many as take a hundredth of its time."""

from __future__ import annotations

READING_SHARE = 0.01
"""What readings around the executions of a query may take, as a part of what these take.

A server that waited longer for its next query answers it more slowly, by microseconds that a query
of one millisecond shows. Long queries are read every time, short ones now and then.
"""

LEAST_READ = 2
"""So many executions of every query are read whatever it takes."""


class ReadingBudget:
    """Decides for one query whether its next execution is read."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._read = 0
        self._reading_ns = 0
        self._executing_ns = 0

    @property
    def allows(self) -> bool:
        """Whether the readings so far leave room for another."""
        is_least = self._read < LEAST_READ
        return is_least or self._reading_ns <= self._share * self._executing_ns

    def add(self, executing_ns: int, reading_ns: int, *, is_read: bool) -> None:
        """Count an execution, and what reading around it took."""
        self._read += is_read
        self._reading_ns += reading_ns
        self._executing_ns += executing_ns
