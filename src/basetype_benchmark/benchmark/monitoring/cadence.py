"""When a reading is due: at a fixed rate, counted from the begin, so that nothing drifts."""

from __future__ import annotations


class Cadence:
    """The moments ``begin + k * interval``, and how many of them had a reading.

    A reading that comes late stands for the last moment that has passed, once; the moments before
    it were missed.
    """

    def __init__(self, begin_ns: int, interval_ns: int) -> None:
        if interval_ns <= 0:
            raise ValueError(f"an interval must be above zero, not {interval_ns} ns")
        self._begin_ns = begin_ns
        self._interval_ns = interval_ns
        self.expected = 0
        self.taken = 0

    def take(self, now_ns: int, *, is_read: bool = True) -> bool:
        """Let a reading of now stand for the moment that is due; False when none is.

        Without `is_read` nothing could be read, and the moment counts as missed.
        """
        passed = max(0, now_ns - self._begin_ns) // self._interval_ns
        if passed <= self.expected:
            return False
        self.expected = passed
        self.taken += is_read
        return True

    def is_due(self, now_ns: int) -> bool:
        """Whether a moment has passed that has no reading yet."""
        return now_ns >= self.next_ns

    @property
    def next_ns(self) -> int:
        """The moment that the next reading is due at."""
        return self._begin_ns + (self.expected + 1) * self._interval_ns
