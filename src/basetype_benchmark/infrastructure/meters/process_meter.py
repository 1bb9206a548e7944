"""What a server uses where it has no control group of its own: added up over its processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from basetype_benchmark.benchmark.resources import NOTHING_READ, Meter, Reading
from basetype_benchmark.infrastructure.cgroups.paths import PROC
from basetype_benchmark.infrastructure.cgroups.server_group import FindPid
from basetype_benchmark.infrastructure.meters.proc_formats import KIB, TICK_NS


class NoGroup:
    """A `ServerGroup` where none can be had and no limit is asked: nothing keeps them together."""

    method = "none"
    launcher: tuple[str, ...] = ()

    def open_meter(self, find_pid: FindPid) -> Meter:
        """Add up over the processes."""
        return ProcessMeter(find_pid)

    def oom_kills(self) -> int | None:
        """Nothing counts them."""
        return None

    def remove(self) -> None:
        """There is nothing."""


class ProcessMeter:
    """A `Meter` over a server and the processes it started.

    `memory_bytes` is None: a sum of resident sizes counts shared memory once per process, and the
    page cache that a limit counts belongs to no process. `anonymous_bytes` is exact: each page
    divided by those who share it (PSS), shared memory included. CPU time is in the kernel's clock
    ticks, 10 ms most often. I/O is what the processes caused, written or not: the kernel adds a
    child's CPU time and I/O to its parent's at its end.

    Over a restart the counters go on from where they were last read.
    """

    source = "processes"

    def __init__(self, find_pid: FindPid, *, proc: Path = PROC) -> None:
        self._find_pid = find_pid
        self._proc = proc
        self._pid: int | None = None
        self._before: Mapping[str, int] = {}
        self._now: Mapping[str, int] = {}

    def read(self) -> Reading:
        """Read everything now; this walks through the page tables of the processes."""
        pid = self._find_pid()
        if pid is None:
            return NOTHING_READ
        parts = [_read_anonymous(folder) for folder in self._family(pid)]
        known = [part for part in parts if part is not None]
        is_whole = len(known) == len(parts) > 0
        return self._read_counters(pid, anonymous_bytes=sum(known) if is_whole else None)

    def read_counters(self) -> Reading:
        """Read the counters alone; the memory that a limit counts is not known."""
        pid = self._find_pid()
        return NOTHING_READ if pid is None else self._read_counters(pid)

    def reset_peak(self) -> bool:
        """There is no peak."""
        return False

    def close(self) -> None:
        """Nothing stays open."""

    def _read_counters(self, pid: int, *, anonymous_bytes: int | None = None) -> Reading:
        if pid != self._pid:
            self._pid, self._before = pid, self._now
        parts = [_read_used(folder) for folder in self._family(pid)]
        # What one of them hides is not known of all.
        names = [name for name in _USED if parts and all(name in part for part in parts)]
        # A child that ends while it is looked at is missing for a moment: nothing falls.
        self._now = {
            name: max(
                self._before.get(name, 0) + sum(part[name] for part in parts),
                self._now.get(name, 0),
            )
            for name in names
        }
        return Reading(anonymous_bytes=anonymous_bytes, **self._now)

    def _family(self, pid: int) -> Iterator[Path]:
        """Give the folder of a process, and of all below it that its main threads started."""
        folder = self._proc / str(pid)
        if not folder.exists():
            return
        yield folder
        for child in _read(folder / "task" / str(pid) / "children").split():
            yield from self._family(int(child))


_USED = ("cpu_user_ns", "cpu_system_ns", "read_bytes", "written_bytes")


def _read_used(folder: Path) -> dict[str, int]:
    """Read what a process used, and its children that ended; what it hides is left out."""
    used = {}
    fields = _read(folder / "stat").rpartition(")")[2].split()
    if len(fields) > 14:
        # From the third field of proc(5): utime, stime, cutime and cstime are its 14th to 17th.
        own_user, own_system, child_user, child_system = map(int, fields[11:15])
        used["cpu_user_ns"] = (own_user + child_user) * TICK_NS
        used["cpu_system_ns"] = (own_system + child_system) * TICK_NS
    io = _read_named(folder / "io")
    if "read_bytes" in io and "write_bytes" in io:
        used |= {"read_bytes": io["read_bytes"], "written_bytes": io["write_bytes"]}
    return used


def _read_anonymous(folder: Path) -> int | None:
    shares = _read_named(folder / "smaps_rollup")
    if "Pss_Anon" not in shares:  # before Linux 5.4, or another user's
        return None
    return (shares["Pss_Anon"] + shares.get("Pss_Shmem", 0)) * KIB


def _read_named(file: Path) -> dict[str, int]:
    """Read lines ``name: number unit``."""
    lines = (line.replace(":", " ").split() for line in _read(file).splitlines())
    return {line[0]: int(line[1]) for line in lines if len(line) >= 2 and line[1].isdigit()}


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
