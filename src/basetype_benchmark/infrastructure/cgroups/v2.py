"""Readings of a process's group in version 2."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.infrastructure.cgroups.kernel_files import (
    KernelFile,
    parse_number,
    parse_table,
)

BLOCK_DEVICES = Path("/sys/dev/block")
US = 1000  # ns in a microsecond


class CgroupV2Meter:
    """A `Meter` over a version 2 group.

    `anonymous_bytes` has shared memory in it, which the kernel counts as file cache: PostgreSQL's
    shared_buffers cannot be dropped as page cache can. `file_bytes` is without it.

    The peak is there from Linux 5.19, and its reset from 6.12, for one open descriptor alone: the
    one that this meter keeps, so that only its own readings begin anew. `kernel_bytes` is there
    from Linux 5.18.
    """

    source = "cgroup v2"

    def __init__(self, group: Path, *, block_devices: Path = BLOCK_DEVICES) -> None:
        self._current = KernelFile(group / "memory.current")
        self._peak = KernelFile(group / "memory.peak", is_writable=True)
        self._stat = KernelFile(group / "memory.stat")
        self._events = KernelFile(group / "memory.events")
        self._pressure = KernelFile(group / "memory.pressure")
        self._cpu = KernelFile(group / "cpu.stat")
        self._io = KernelFile(group / "io.stat")
        self._stacked = _StackedDevices(block_devices)

    def read(self) -> Reading:
        """Read everything now."""
        stat = parse_table(self._stat.read())
        anonymous, file = stat.get(b"anon"), stat.get(b"file")
        shared = stat.get(b"shmem", 0)
        return self._read(
            memory_peak_bytes=parse_number(self._peak.read()),
            anonymous_bytes=None if anonymous is None else anonymous + shared,
            file_bytes=None if file is None else max(file - shared, 0),
            kernel_bytes=stat.get(b"kernel"),
        )

    def read_counters(self) -> Reading:
        """Read the memory held and the counters alone."""
        return self._read()

    def reset_peak(self) -> bool:
        """Begin a new peak for this meter."""
        return self._peak.write(b"reset")

    def close(self) -> None:
        """Give back the descriptors."""
        for file in (
            self._current,
            self._peak,
            self._stat,
            self._events,
            self._pressure,
            self._cpu,
            self._io,
        ):
            file.close()

    def _read(
        self,
        *,
        memory_peak_bytes: int | None = None,
        anonymous_bytes: int | None = None,
        file_bytes: int | None = None,
        kernel_bytes: int | None = None,
    ) -> Reading:
        cpu = parse_table(self._cpu.read())
        io = parse_io(self._io.read(), self._stacked)
        return Reading(
            memory_bytes=parse_number(self._current.read()),
            memory_peak_bytes=memory_peak_bytes,
            anonymous_bytes=anonymous_bytes,
            file_bytes=file_bytes,
            kernel_bytes=kernel_bytes,
            cpu_user_ns=in_ns(cpu.get(b"user_usec")),
            cpu_system_ns=in_ns(cpu.get(b"system_usec")),
            read_bytes=None if io is None else io[0],
            written_bytes=None if io is None else io[1],
            memory_pressure_ns=in_ns(parse_pressure(self._pressure.read())),
            oom_kills=parse_table(self._events.read()).get(b"oom_kill"),
        )


class _StackedDevices:
    """Block devices that lie on others: a logical volume's I/O is counted on its disk again."""

    def __init__(self, block_devices: Path) -> None:
        self._folder = block_devices
        self._known: dict[bytes, bool] = {}

    def __contains__(self, device: object) -> bool:
        if not isinstance(device, bytes):
            return False
        if device not in self._known:
            self._known[device] = self._look(device)
        return self._known[device]

    def _look(self, device: bytes) -> bool:
        try:
            return any((self._folder / device.decode() / "slaves").iterdir())
        except (OSError, UnicodeDecodeError):
            return False


def parse_io(
    text: bytes | None, stacked: _StackedDevices | frozenset[bytes] = frozenset()
) -> tuple[int, int] | None:
    """Add up bytes read and written from lines ``8:0 rbytes=4096 wbytes=0 rios=1 ...``.

    A group that has done none yet has no lines; None only when there is no file. Devices in
    `stacked` are passed over.
    """
    if text is None:
        return None
    read = written = 0
    for line in text.splitlines():
        device, *fields = line.split() or [b""]
        if device in stacked:
            continue
        values = dict(field.partition(b"=")[::2] for field in fields)
        read += parse_number(values.get(b"rbytes")) or 0
        written += parse_number(values.get(b"wbytes")) or 0
    return read, written


def parse_pressure(text: bytes | None) -> int | None:
    """Read the microseconds from ``some avg10=0.00 avg60=0.00 avg300=0.00 total=1234``."""
    for line in (text or b"").splitlines():
        if line.startswith(b"some "):
            return parse_number(line.rpartition(b"total=")[2])
    return None


def in_ns(microseconds: int | None) -> int | None:
    """Give microseconds in nanoseconds; None stays None."""
    return None if microseconds is None else microseconds * US
