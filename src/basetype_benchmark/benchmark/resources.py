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
    """What a group of processes holds at a moment, and what it has used since the group began."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    memory_bytes: int | None = None
    """Memory held: anonymous, page cache and kernel memory together, as a limit counts it; of the
    harness what is resident, of the host what is not free. None: it was not read."""
    memory_peak_bytes: int | None = None
    """The most held since the peak was last reset, at the begin of the phase where the kernel can.
    None: nothing tells."""
    anonymous_bytes: int | None = None
    """Memory without a file behind it, shared memory included. None: the meter does not tell."""
    file_bytes: int | None = None
    """Page cache. None: the meter does not tell."""
    kernel_bytes: int | None = None
    """Memory of the kernel for these processes. None: the meter does not tell."""
    cpu_user_ns: int | None = None
    """CPU time in programs; a counter. None: the meter does not tell."""
    cpu_system_ns: int | None = None
    """CPU time in the kernel; a counter. None: the meter does not tell."""
    read_bytes: int | None = None
    """From block devices, without what the page cache served; a counter. None: the kernel does not
    count it."""
    written_bytes: int | None = None
    """To block devices; a counter. None: the kernel does not count it."""
    memory_pressure_ns: int | None = None
    """Time in which at least one process waited for memory (PSI ``some``); a counter. None: the
    kernel does not tell."""
    oom_kills: int | None = None
    """Processes that the kernel ended for lack of memory; a counter. None: nothing tells."""


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
