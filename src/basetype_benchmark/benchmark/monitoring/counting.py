"""What counters have counted between readings, also of a source that was made anew meanwhile."""

from __future__ import annotations

from operator import attrgetter

from basetype_benchmark.benchmark.resources import COUNTERS, Reading

_read_counters = attrgetter(*COUNTERS)
_PLACES = {name: place for place, name in enumerate(COUNTERS)}


class Counting:
    """Adds up the rises of all counters from reading to reading.

    A counter that fell began again at zero, so that what it shows now has come since. A reading
    that does not tell is passed over: the next one that does covers its time too.
    """

    def __init__(self) -> None:
        self.restarts = 0
        self._last: list[int | None] = [None] * len(COUNTERS)
        self._sums: list[int | None] = [None] * len(COUNTERS)

    def add(self, reading: Reading) -> None:
        """Go on to this reading; called twice per execution, so that it must be quick."""
        last, sums = self._last, self._sums
        has_fallen = False
        for place, now in enumerate(_read_counters(reading)):
            if now is None:
                continue
            before = last[place]
            if before is not None:
                if now < before:
                    has_fallen = True
                    before = 0
                sums[place] = (sums[place] or 0) + now - before
            last[place] = now
        self.restarts += has_fallen

    def total(self, counter: str) -> int | None:
        """Give the sum of the rises; None unless two readings told this counter."""
        return self._sums[_PLACES[counter]]
