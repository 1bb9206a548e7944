"""Readings of a process's groups in version 1: memory, cpuacct and blkio each for themselves."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.infrastructure.cgroups.kernel_files import (
    KernelFile,
    parse_number,
    parse_table,
)
from basetype_benchmark.infrastructure.cgroups.paths import GroupPaths
from basetype_benchmark.infrastructure.cgroups.v2 import in_ns, parse_pressure
from basetype_benchmark.infrastructure.meters.proc_formats import TICK_NS

UNLIMITED = 1 << 62
"""What `limit_in_bytes` shows where there is no limit lies above this."""


class CgroupV1Meter:
    """A `Meter` over version 1 groups.

    `anonymous_bytes` has shared memory in it, which the kernel counts as cache: PostgreSQL's
    shared_buffers cannot be dropped as page cache can. `file_bytes` is without it.

    `oom_kills` are those of the group itself, not of groups below it. `written_bytes` lack what
    the kernel writes back by itself later: version 1 knows no more whose it was. Many kernels of
    version 1 count no block I/O at all: it is then None.

    Version 1 knows no pressure. It is read from a version 2 group where there is one beside, with
    the same processes in it.
    """

    source = "cgroup v1"

    def __init__(self, groups: GroupPaths) -> None:
        memory, blkio = groups.memory, groups.blkio
        self._usage = KernelFile(_in(memory, "memory.usage_in_bytes"))
        self._peak = KernelFile(_in(memory, "memory.max_usage_in_bytes"), is_writable=True)
        self._stat = KernelFile(_in(memory, "memory.stat"))
        self._kernel = KernelFile(_in(memory, "memory.kmem.usage_in_bytes"))
        self._oom = KernelFile(_in(memory, "memory.oom_control"))
        self._io = _first_open(
            _in(blkio, "blkio.throttle.io_service_bytes_recursive"),
            _in(blkio, "blkio.throttle.io_service_bytes"),
        )
        self._cpu = _CpuFiles(groups.cpuacct)
        self._pressure = KernelFile(_in(groups.unified, "memory.pressure"))

    def read(self) -> Reading:
        """Read everything now."""
        stat = parse_table(self._stat.read())
        anonymous, cached = stat.get(b"total_rss"), stat.get(b"total_cache")
        shared = stat.get(b"total_shmem", 0)
        return self._read(
            memory_peak_bytes=parse_number(self._peak.read()),
            anonymous_bytes=None if anonymous is None else anonymous + shared,
            file_bytes=None if cached is None else max(cached - shared, 0),
            kernel_bytes=parse_number(self._kernel.read()),
        )

    def read_counters(self) -> Reading:
        """Read the memory held and the counters alone."""
        return self._read()

    def reset_peak(self) -> bool:
        """Begin a new peak, for all readers of this group."""
        return self._peak.write(b"0")

    def close(self) -> None:
        """Give back the descriptors."""
        for file in (
            self._usage,
            self._peak,
            self._stat,
            self._kernel,
            self._oom,
            self._io,
            self._pressure,
        ):
            file.close()
        self._cpu.close()

    def _read(
        self,
        *,
        memory_peak_bytes: int | None = None,
        anonymous_bytes: int | None = None,
        file_bytes: int | None = None,
        kernel_bytes: int | None = None,
    ) -> Reading:
        cpu = self._cpu.read()
        io = parse_io(self._io.read())
        return Reading(
            memory_bytes=parse_number(self._usage.read()),
            memory_peak_bytes=memory_peak_bytes,
            anonymous_bytes=anonymous_bytes,
            file_bytes=file_bytes,
            kernel_bytes=kernel_bytes,
            cpu_user_ns=None if cpu is None else cpu[0],
            cpu_system_ns=None if cpu is None else cpu[1],
            read_bytes=None if io is None else io[0],
            written_bytes=None if io is None else io[1],
            memory_pressure_ns=in_ns(parse_pressure(self._pressure.read())),
            oom_kills=parse_table(self._oom.read()).get(b"oom_kill"),
        )


class _CpuFiles:
    """User and system time of a group, each of which only grows.

    The kernel knows their sum to the nanosecond, and each for itself by its clock ticks alone: of
    a query of 1 ms most often nothing. As the kernel does itself for processes, the exact sum is
    divided in the ratio of the ticks.
    """

    def __init__(self, folder: Path | None) -> None:
        self._total = KernelFile(_in(folder, "cpuacct.usage"))
        self._user = KernelFile(_in(folder, "cpuacct.usage_user"))
        self._system = KernelFile(_in(folder, "cpuacct.usage_sys"))
        self._ticks = KernelFile(_in(folder, "cpuacct.stat"))
        self._last = (0, 0)

    def read(self) -> tuple[int, int] | None:
        total = parse_number(self._total.read())
        user, system = parse_number(self._user.read()), parse_number(self._system.read())
        if user is None or system is None:  # before Linux 4.7
            ticks = parse_table(self._ticks.read())
            if b"user" not in ticks or b"system" not in ticks:
                return None
            user, system = ticks[b"user"] * TICK_NS, ticks[b"system"] * TICK_NS
        if total is None:
            return user, system
        self._last = divide_cpu_time(total, user, system, self._last)
        return self._last

    def close(self) -> None:
        for file in (self._total, self._user, self._system, self._ticks):
            file.close()


def divide_cpu_time(
    total: int, user_ticked: int, system_ticked: int, last: tuple[int, int]
) -> tuple[int, int]:
    """Divide an exact sum in the ratio of two coarse parts; neither falls below its `last`."""
    ticked = user_ticked + system_ticked
    user = total * user_ticked // ticked if ticked else total
    user = max(min(user, total - last[1]), last[0])
    return user, max(total - user, last[1])


def parse_io(text: bytes | None) -> tuple[int, int] | None:
    """Add up bytes read and written from lines ``8:0 Read 4096``.

    None when there is not one device: a kernel that counts nothing shows just that.
    """
    read = written = 0
    has_device = False
    for line in (text or b"").splitlines():
        fields = line.split()
        if len(fields) != 3 or not fields[2].isdigit():
            continue
        has_device = True
        kind = fields[1].lower()
        if kind == b"read":
            read += int(fields[2])
        elif kind == b"write":
            written += int(fields[2])
    return (read, written) if has_device else None


def _in(folder: Path | None, name: str) -> Path | None:
    return None if folder is None else folder / name


def _first_open(*paths: Path | None) -> KernelFile:
    files = [KernelFile(path) for path in paths]
    chosen = next((file for file in files if file.is_open), files[0])
    for file in files:
        if file is not chosen:
            file.close()
    return chosen
