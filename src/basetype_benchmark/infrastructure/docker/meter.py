"""Meters of a container: one that outlives its restarts, over whatever can be read of it now."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from basetype_benchmark.benchmark.resources import COUNTERS, NOTHING_READ, Meter, Reading
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.stats import to_reading
from basetype_benchmark.infrastructure.docker_manager import DockerManager


class StatsMeter:
    """Asks the daemon, which reads fewer things and takes milliseconds: the last resort.

    For daemons on other machines, and where the control groups' files cannot be seen.
    """

    source = "docker stats"

    def __init__(self, manager: DockerManager, name: str) -> None:
        self._manager = manager
        self._name = name

    def read(self) -> Reading:
        """Read everything that the daemon tells."""
        try:
            stats = self._manager.get_stats_at_once(self._name)
        except ServiceUnavailable:  # a meter never raises
            return NOTHING_READ
        return NOTHING_READ if stats is None else to_reading(stats)

    def read_counters(self) -> Reading:
        """Read the same: the daemon tells all or nothing."""
        return self.read()

    def reset_peak(self) -> bool:
        """The daemon cannot."""
        return False

    def close(self) -> None:
        """Nothing is open."""


class ContinuingMeter:
    """Reads one container after the other, with counters that go on.

    A restart makes a new container, whose counters begin at zero: what the ones before had used
    when last read is added. While none runs, nothing is read. Kills for lack of memory come from
    `oom_kills`, which also knows of those that ended a container together with its counters.
    """

    def __init__(self, open_now: Callable[[], Meter], oom_kills: Callable[[], int]) -> None:
        self._open_now = open_now
        self._oom_kills = oom_kills
        self._lock = threading.RLock()  # the sampler reads while a restart changes the meter
        self._meter = open_now()
        self._is_closed = False
        self._last = NOTHING_READ
        self._used = dict.fromkeys(COUNTERS, 0)
        self._peak_bytes: int | None = None
        self._kills_before = self._kills_not_in(self._meter)

    @property
    def source(self) -> str:
        """Where the readings come from now."""
        return self._meter.source

    @property
    def is_closed(self) -> bool:
        """Whether nobody reads it any more, so that it need not follow."""
        return self._is_closed

    def read(self) -> Reading:
        """Read everything now."""
        with self._lock:
            return self._continued(self._meter.read())

    def read_counters(self) -> Reading:
        """Read the memory held and the counters alone."""
        with self._lock:
            return self._continued(self._meter.read_counters())

    def reset_peak(self) -> bool:
        """Begin a new peak, where the kernel can."""
        with self._lock:
            is_new = self._meter.reset_peak()
            if is_new:
                self._peak_bytes = None
            return is_new

    def close(self) -> None:
        """Give back descriptors."""
        with self._lock:
            self._is_closed = True
            self._meter.close()

    def leave(self) -> None:
        """Take a last reading of a container that is about to end."""
        last = self.read()
        with self._lock:
            if last.memory_peak_bytes is not None:
                self._peak_bytes = last.memory_peak_bytes

    def follow(self) -> None:
        """Go over to the container that now runs; nothing when it is closed."""
        with self._lock:
            if self._is_closed:
                return
            for name in COUNTERS:
                self._used[name] += getattr(self._last, name) or 0
            self._last = NOTHING_READ
            self._meter.close()
            self._meter = self._open_now()
            self._kills_before = self._kills_not_in(self._meter)

    def _kills_not_in(self, meter: Meter) -> int:
        """Count the kills of the containers before, which this one's counter does not know."""
        return self._oom_kills() - (meter.read_counters().oom_kills or 0)

    def _continued(self, now: Reading) -> Reading:
        if now == NOTHING_READ:
            return now
        self._last = now
        whole = replace(now, **self._sums(now))
        if now.oom_kills is not None:
            whole = replace(whole, oom_kills=now.oom_kills + self._kills_before)
        if now.memory_peak_bytes is not None and self._peak_bytes is not None:
            peak_bytes = max(now.memory_peak_bytes, self._peak_bytes)
            whole = replace(whole, memory_peak_bytes=peak_bytes)
        return whole

    def _sums(self, now: Reading) -> dict[str, int]:
        return {
            name: value + self._used[name]
            for name in COUNTERS
            if (value := getattr(now, name)) is not None
        }
