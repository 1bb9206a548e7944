"""What a server uses of its machine: readings at one moment, and who can take them.

None means that it cannot be read here; a zero was read.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar, Protocol

from pydantic import ConfigDict

from basetype_benchmark.benchmark.strict import STRICT


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a group of processes holds at a moment, and what it has used since the group began.

    `memory_bytes` is what a limit counts: anonymous memory, page cache and kernel memory together.
    `memory_peak_bytes` is the most it held since the peak was last reset; `memory_pressure_ns` the
    time in which at least one process waited for memory (PSI ``some``). `oom_kills` counts the
    processes of the group that the kernel has ended for lack of memory.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    memory_bytes: int | None = None
    memory_peak_bytes: int | None = None
    anonymous_bytes: int | None = None
    file_bytes: int | None = None
    kernel_bytes: int | None = None
    cpu_user_ns: int | None = None
    cpu_system_ns: int | None = None
    read_bytes: int | None = None
    written_bytes: int | None = None
    memory_pressure_ns: int | None = None
    oom_kills: int | None = None


NOTHING_READ = Reading()

COUNTERS = (
    "cpu_user_ns",
    "cpu_system_ns",
    "read_bytes",
    "written_bytes",
    "memory_pressure_ns",
    "oom_kills",
)
"""The fields of a `Reading` that only grow while the group lives."""

GAUGES = tuple(f.name for f in fields(Reading) if f.name not in COUNTERS)
"""The fields of a `Reading` that rise and fall."""


class Meter(Protocol):
    """Takes readings of one group of processes. Never raises: what cannot be read is None."""

    @property
    def source(self) -> str:
        """Where the readings come from: ``cgroup v2``, ``cgroup v1``, ``docker stats``, ..."""
        ...

    def read(self) -> Reading:
        """Read everything now."""
        ...

    def read_counters(self) -> Reading:
        """Read the memory held and the counters alone: the cheap part, for every execution."""
        ...

    def reset_peak(self) -> bool:
        """Begin a new peak; False where the kernel cannot, so that the old one goes on."""
        ...

    def close(self) -> None:
        """Give back descriptors; also twice."""
        ...


class NoMeter:
    """A `Meter` where nothing can be read: the server is elsewhere, or the host has no counters."""

    source = "nothing"

    def read(self) -> Reading:
        """Read nothing."""
        return NOTHING_READ

    def read_counters(self) -> Reading:
        """Read nothing."""
        return NOTHING_READ

    def reset_peak(self) -> bool:
        """There is no peak."""
        return False

    def close(self) -> None:
        """Nothing is open."""
