"""What the harness itself uses: this process, and the helpers that it has started."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.infrastructure.cgroups.kernel_files import KernelFile
from basetype_benchmark.infrastructure.meters.proc_formats import (
    parse_numbers,
    parse_process_stat,
    parse_resident_pages,
    parse_sizes,
)
from basetype_benchmark.units import NS_PER_S

PROC = Path("/proc")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
RESET_PEAK = b"5"  # the one value that resets the peak and touches nothing else


@dataclass(kw_only=True, slots=True)
class _Counted:
    cpu_user_ns: int = 0
    cpu_system_ns: int = 0
    read_bytes: int = 0
    written_bytes: int = 0

    def plus(self, other: _Counted) -> _Counted:
        return _Counted(
            cpu_user_ns=self.cpu_user_ns + other.cpu_user_ns,
            cpu_system_ns=self.cpu_system_ns + other.cpu_system_ns,
            read_bytes=self.read_bytes + other.read_bytes,
            written_bytes=self.written_bytes + other.written_bytes,
        )


class OwnProcessMeter:
    """A `Meter` over this process and its helpers: its descendants in its own session.

    Servers are no helpers: each leads a session of its own. Helpers are looked for by `read` alone.
    What one used that has ended since stays counted, but for what came after the last reading of
    it. Memory that processes share is counted in each of them.
    """

    source = "own processes"

    def __init__(self, *, proc: Path = PROC) -> None:
        self._proc = proc
        own = proc / "self"
        self._statm = KernelFile(own / "statm")
        self._status = KernelFile(own / "status")
        self._io = KernelFile(own / "io")
        self._helpers: dict[int, _Helper] = {}
        self._ended = _Counted()
        self._had_helpers = False  # since the peak was reset

    def read(self) -> Reading:
        """Read everything now."""
        self._find_helpers()
        # The peak of several processes is not the sum of their peaks.
        peak = None if self._had_helpers else parse_sizes(self._status.read()).get(b"VmHWM")
        return self._read(peak)

    def read_counters(self) -> Reading:
        """Read the memory held and the CPU time alone, of the helpers known."""
        return self._read(None, with_io=False)

    def reset_peak(self) -> bool:
        """Begin a new peak; not while there are helpers."""
        self._find_helpers()
        self._had_helpers = bool(self._helpers)
        return not self._had_helpers and _write(self._proc / "self" / "clear_refs", RESET_PEAK)

    def close(self) -> None:
        """Give back the descriptors."""
        for file in (self._statm, self._status, self._io):
            file.close()
        for helper in self._helpers.values():
            helper.close()
        self._helpers.clear()

    def _read(self, peak_bytes: int | None, *, with_io: bool = True) -> Reading:
        pages = parse_resident_pages(self._statm.read())
        counted = self._count_own(with_io=with_io)
        for helper in self._read_helpers() if self._helpers else ():
            counted = counted.plus(helper.counted)
            pages = _add_pages(pages, parse_resident_pages(helper.statm.read()))
        return Reading(
            memory_bytes=None if pages is None else (pages[0] + pages[1]) * PAGE_BYTES,
            memory_peak_bytes=peak_bytes,
            anonymous_bytes=None if pages is None else pages[0] * PAGE_BYTES,
            file_bytes=None if pages is None else pages[1] * PAGE_BYTES,
            cpu_user_ns=counted.cpu_user_ns,
            cpu_system_ns=counted.cpu_system_ns,
            read_bytes=counted.read_bytes if with_io and self._io.is_open else None,
            written_bytes=counted.written_bytes if with_io and self._io.is_open else None,
        )

    def _count_own(self, *, with_io: bool) -> _Counted:
        """Count this process, and the helpers that have ended."""
        usage = resource.getrusage(resource.RUSAGE_SELF)  # to the microsecond; /proc has ticks
        io = parse_numbers(self._io.read()) if with_io else {}
        ended = self._ended
        return _Counted(
            cpu_user_ns=round(usage.ru_utime * NS_PER_S) + ended.cpu_user_ns,
            cpu_system_ns=round(usage.ru_stime * NS_PER_S) + ended.cpu_system_ns,
            read_bytes=io.get(b"read_bytes", 0) + ended.read_bytes,
            written_bytes=io.get(b"write_bytes", 0) + ended.written_bytes,
        )

    def _read_helpers(self) -> Iterator[_Helper]:
        """Give the helpers that still are, newly read; of the others, keep what they used."""
        for pid, helper in list(self._helpers.items()):
            if helper.update():
                yield helper
            else:
                self._ended = self._ended.plus(helper.counted)
                self._helpers.pop(pid).close()

    def _find_helpers(self) -> None:
        # The kernel gives a process's number to another one only after it has been waited for,
        # when the files of the first cannot be read any more: `update` sees it end before.
        for _ in self._read_helpers():
            pass
        for pid in _find_descendants(self._proc, "self", os.getsid(0)):
            if pid not in self._helpers:
                self._helpers[pid] = _Helper(self._proc / str(pid))
                self._had_helpers = True


class _Helper:
    """One other process of the harness, and what it had used when it was last read."""

    def __init__(self, folder: Path) -> None:
        self._stat = KernelFile(folder / "stat")
        self.statm = KernelFile(folder / "statm")
        self._io = KernelFile(folder / "io")
        self.counted = _Counted()
        self.update()

    def update(self) -> bool:
        """Read it; False when it has ended."""
        stat = parse_process_stat(self._stat.read())
        if stat is None:
            return False
        io = parse_numbers(self._io.read())
        self.counted = _Counted(
            cpu_user_ns=stat.cpu_user_ns,
            cpu_system_ns=stat.cpu_system_ns,
            read_bytes=io.get(b"read_bytes", self.counted.read_bytes),
            written_bytes=io.get(b"write_bytes", self.counted.written_bytes),
        )
        return True

    def close(self) -> None:
        for file in (self._stat, self.statm, self._io):
            file.close()


def _add_pages(
    pages: tuple[int, int] | None, others: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Add up pages; a process of which nothing is known has ended."""
    if pages is None or others is None:
        return pages
    return pages[0] + others[0], pages[1] + others[1]


def _find_descendants(proc: Path, pid: str, session: int) -> Iterator[int]:
    """Find the processes of this session under one, by the lists the kernel keeps for threads."""
    for children in (proc / pid / "task").glob("*/children"):
        for child in _read_bytes(children).split():
            stat = parse_process_stat(_read_bytes(proc / child.decode() / "stat"))
            if stat is not None and stat.session == session:
                yield int(child)
                yield from _find_descendants(proc, child.decode(), session)


def _read_bytes(path: Path) -> bytes:
    """Read a file of a thread or process; empty when that has ended."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _write(path: Path, text: bytes) -> bool:
    try:
        path.write_bytes(text)
    except OSError:
        return False
    return True
