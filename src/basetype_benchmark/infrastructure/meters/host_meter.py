"""What the whole machine uses, whoever runs on it: to see that nothing else disturbed a cell."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.infrastructure.cgroups.kernel_files import KernelFile, parse_table
from basetype_benchmark.infrastructure.cgroups.v2 import in_ns, parse_pressure
from basetype_benchmark.infrastructure.meters.proc_formats import KIB, parse_cpu_times, parse_sizes

PROC = Path("/proc")
_KERNEL = (b"Slab", b"KernelStack", b"PageTables", b"Percpu")


class HostMeter:
    """A `Meter` over the machine.

    `memory_bytes` is all that is not free. Shared memory is anonymous, as it is for servers.
    Bytes are those that went to and from block devices. The kernel keeps no peak.
    """

    source = "/proc"

    def __init__(self, *, proc: Path = PROC) -> None:
        self._stat = KernelFile(proc / "stat")
        self._meminfo = KernelFile(proc / "meminfo")
        self._vmstat = KernelFile(proc / "vmstat")
        self._pressure = KernelFile(proc / "pressure" / "memory")

    def read(self) -> Reading:
        """Read everything now."""
        memory, cpu = parse_sizes(self._meminfo.read()), parse_cpu_times(self._stat.read())
        events, pressure_us = (
            parse_table(self._vmstat.read()),
            parse_pressure(self._pressure.read()),
        )
        shared = memory.get(b"Shmem", 0)
        return Reading(
            memory_bytes=_difference(memory.get(b"MemTotal"), memory.get(b"MemFree")),
            anonymous_bytes=_sum(memory, b"AnonPages", b"Shmem"),
            file_bytes=_difference(_sum(memory, b"Cached", b"Buffers"), shared),
            kernel_bytes=_sum(memory, *_KERNEL),
            cpu_user_ns=None if cpu is None else cpu.user_ns,
            cpu_system_ns=None if cpu is None else cpu.system_ns,
            read_bytes=_in_bytes(events.get(b"pgpgin")),
            written_bytes=_in_bytes(events.get(b"pgpgout")),
            memory_pressure_ns=in_ns(pressure_us),
            oom_kills=events.get(b"oom_kill"),
        )

    def read_counters(self) -> Reading:
        """Read the same: no part of it is cheap."""
        return self.read()

    def reset_peak(self) -> bool:
        """There is no peak."""
        return False

    def close(self) -> None:
        """Give back the descriptors."""
        for file in (self._stat, self._meminfo, self._vmstat, self._pressure):
            file.close()


def _sum(sizes: dict[bytes, int], *names: bytes) -> int | None:
    """Add up those of these sizes that this kernel tells."""
    known = [sizes[name] for name in names if name in sizes]
    return sum(known) if known else None


def _difference(whole: int | None, part: int | None) -> int | None:
    return None if whole is None or part is None else max(whole - part, 0)


def _in_bytes(kibibytes: int | None) -> int | None:
    return None if kibibytes is None else kibibytes * KIB
