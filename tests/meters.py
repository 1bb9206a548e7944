"""Hand-written stand-ins for what the resource monitor reads: a clock and meters."""

from dataclasses import replace

from basetype_benchmark.benchmark.resources import COUNTERS, NOTHING_READ, Reading


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now_ns: int = 0) -> None:
        self.now_ns = now_ns

    def __call__(self) -> int:
        return self.now_ns


class FakeMeter:
    """Reads what the test has put into `now`; a peak is kept as the kernel would."""

    source = "made up"

    def __init__(self, now: Reading | None = None, *, has_peak: bool = True) -> None:
        self._now = now or Reading(memory_bytes=0, **dict.fromkeys(COUNTERS, 0))
        self._peak: int | None = 0 if has_peak else None
        self.can_reset = has_peak
        self.is_readable = True
        self.reads = 0

    def use(self, **rises: int) -> None:
        """Let counters rise."""
        self.set(**{name: (getattr(self._now, name) or 0) + rise for name, rise in rises.items()})

    def set(self, **values: int | None) -> None:
        """Let fields have these values; a new value of the memory counts for the peak."""
        self._now = replace(self._now, **values)
        if self._peak is not None and self._now.memory_bytes is not None:
            self._peak = max(self._peak, self._now.memory_bytes)

    def begin_anew(self) -> None:
        """Be another group: counters and peak begin at zero."""
        self.set(**dict.fromkeys(COUNTERS, 0))
        self._peak = None if self._peak is None else self._now.memory_bytes or 0

    def read(self) -> Reading:
        self.reads += 1
        return (
            replace(self._now, memory_peak_bytes=self._peak) if self.is_readable else NOTHING_READ
        )

    def read_counters(self) -> Reading:
        self.reads += 1
        return self._now if self.is_readable else NOTHING_READ

    def reset_peak(self) -> bool:
        if self.can_reset:
            self._peak = self._now.memory_bytes
        return self.can_reset

    def close(self) -> None: ...
