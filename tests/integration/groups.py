"""Processes that use a known amount of something, in control groups of their own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from basetype_benchmark.infrastructure.cgroups.local_limits import open_group
from basetype_benchmark.infrastructure.cgroups.paths import find_groups
from basetype_benchmark.infrastructure.cgroups.server_group import ServerGroup, new_group_name
from basetype_benchmark.infrastructure.services.server_account import choose_account

PREAMBLE = """
import os, sys, time, mmap
def hold(size):
    block = mmap.mmap(-1, size, flags=FLAGS)
    for page in range(0, size, 4096): block[page] = 1
    return block
def await_word():
    print("done", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def own_group(ram_bytes: int | None = None) -> Iterator[ServerGroup]:
    group = open_group(new_group_name(), ram_bytes)
    try:
        yield group
    finally:
        group.remove()


@contextmanager
def running(group: ServerGroup, script: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run a script in the group; each of its lines says ``done`` and waits for the next word."""
    with subprocess.Popen(
        [*group.launcher, sys.executable, "-c", PREAMBLE + script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def await_done(process: subprocess.Popen[str]) -> None:
    assert process.stdout.readline() == "done\n"


def go_on(process: subprocess.Popen[str]) -> None:
    process.stdin.write("\n")
    process.stdin.flush()


def memory_group(pid: int) -> Path:
    """Folder of the memory group of a process, in either version."""
    groups = find_groups(pid)
    found = groups.memory or groups.unified
    assert found is not None
    return found


def limit_of(folder: Path) -> int:
    """Limit of a memory group, in either version."""
    names = ("memory.limit_in_bytes", "memory.max")
    return int(next(folder / name for name in names if (folder / name).exists()).read_text())


def members_of(folder: Path) -> set[int]:
    return set(map(int, (folder / "cgroup.procs").read_text().split()))


def as_a_normal_user(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*choose_account().launcher, sys.executable, "-c", script, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
    )
