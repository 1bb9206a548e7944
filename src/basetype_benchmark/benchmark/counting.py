"""What counters have counted between readings, also of a source that was made anew meanwhile."""

from __future__ import annotations

from basetype_benchmark.benchmark.resources import COUNTERS, Reading


class Counting:
    """Adds up the rises of all counters from reading to reading.

    A counter that fell began again at zero, so that what it shows now has come since. A reading
    that does not tell is passed over: the next one that does covers its time too.
    """

    def __init__(self) -> None:
        self.restarts = 0
        self._last: dict[str, int] = {}
        self._sums: dict[str, int] = {}

    def add(self, reading: Reading) -> None:
        """Go on to this reading."""
        has_fallen = False
        for name in COUNTERS:
            now: int | None = getattr(reading, name)
            if now is None:
                continue
            before = self._last.get(name)
            if before is not None:
                has_fallen |= now < before
                rise = now - before if now >= before else now
                self._sums[name] = self._sums.get(name, 0) + rise
            self._last[name] = now
        self.restarts += has_fallen

    def total(self, counter: str) -> int | None:
        """Give the sum of the rises; None unless two readings told this counter."""
        return self._sums.get(counter)
