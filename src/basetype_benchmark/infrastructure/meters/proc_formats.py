"""The formats of the files in /proc that tell what processes and the whole machine use."""

from __future__ import annotations

import os
from dataclasses import dataclass

from basetype_benchmark.units import NS_PER_S

TICK_NS = NS_PER_S // os.sysconf("SC_CLK_TCK")
KIB = 1024
# Of the line after the name: state, parent, group, session, ..., user time, system time.
_SESSION, _USER, _SYSTEM = 3, 11, 12
_STAT_FIELDS = 13


@dataclass(frozen=True, kw_only=True)
class ProcessStat:
    """What ``/proc/<pid>/stat`` says of a process: its session, and its CPU time by the tick."""

    session: int
    cpu_user_ns: int
    cpu_system_ns: int


@dataclass(frozen=True, kw_only=True)
class CpuTimes:
    """CPU time of the whole machine since it was started; what its own guests used is `user`."""

    user_ns: int
    system_ns: int


def parse_process_stat(text: bytes | None) -> ProcessStat | None:
    """Read ``/proc/<pid>/stat``; the process's name in it may hold anything, brackets too."""
    fields = (text or b"").rpartition(b")")[2].split()
    if len(fields) < _STAT_FIELDS:
        return None
    return ProcessStat(
        session=int(fields[_SESSION]),
        cpu_user_ns=int(fields[_USER]) * TICK_NS,
        cpu_system_ns=int(fields[_SYSTEM]) * TICK_NS,
    )


def parse_resident_pages(text: bytes | None) -> tuple[int, int] | None:
    """Read pages in memory from ``/proc/<pid>/statm``: anonymous ones, and those of files.

    Shared memory is among those of files.
    """
    fields = (text or b"").split()
    if len(fields) < 3:
        return None
    resident, shared = int(fields[1]), int(fields[2])
    return max(resident - shared, 0), shared


def parse_sizes(text: bytes | None) -> dict[bytes, int]:
    """Read bytes from lines ``Name:  123 kB`` (meminfo, status); other lines are passed over."""
    lines = (line.split() for line in (text or b"").splitlines())
    return {
        fields[0].rstrip(b":"): int(fields[1]) * KIB
        for fields in lines
        if len(fields) == 3 and fields[2] == b"kB" and fields[1].isdigit()
    }


def parse_numbers(text: bytes | None) -> dict[bytes, int]:
    """Read lines ``name: 123`` (io); other lines are passed over."""
    lines = (line.partition(b":") for line in (text or b"").splitlines())
    return {name: int(value) for name, _, value in lines if value.strip().isdigit()}


def parse_cpu_times(text: bytes | None) -> CpuTimes | None:
    """Read the first line of ``/proc/stat``: user, nice, system, idle, iowait, irq, softirq, ...

    Interrupts are system time; what a hypervisor took away (steal) was not used here.
    """
    line = (text or b"").partition(b"\n")[0].split()
    if len(line) < 8 or line[0] != b"cpu":
        return None
    user, nice, system, _idle, _iowait, irq, softirq = map(int, line[1:8])
    return CpuTimes(
        user_ns=(user + nice) * TICK_NS,
        system_ns=(system + irq + softirq) * TICK_NS,
    )
