"""The sums over a server's processes, on real processes with known use."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.resources import COUNTERS, NOTHING_READ
from basetype_benchmark.infrastructure.meters.process_meter import NoGroup, ProcessMeter
from basetype_benchmark.units import MIB
from tests.disk import disk_path

__all__ = ["disk_path"]  # a fixture

SLACK = 8 * MIB
SCRIPT = """
import mmap, os, sys, time
def say():
    print("done", flush=True)
    sys.stdin.readline()
say()
shared = mmap.mmap(-1, 64 << 20, flags=mmap.MAP_SHARED)
for page in range(0, 64 << 20, 4096): shared[page] = 1
if os.fork() == 0:
    for page in range(0, 64 << 20, 4096): shared[page] = 2
    own = bytearray(b"x" * (32 << 20))
    while time.process_time() < 0.2: pass
    with open(sys.argv[1], "wb") as file:
        file.write(b"x" * (8 << 20)); file.flush(); os.fsync(file.fileno())
    say()
    os._exit(0)
os.wait()
say()
"""


@contextmanager
def server(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SCRIPT, str(folder / "file")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout.readline() == "done\n"
            yield process
        finally:
            os.killpg(process.pid, 9)


def step(process: subprocess.Popen[str]) -> None:
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.stdout.readline() == "done\n"


def test_memory_of_the_family_is_added_up_with_shared_pages_once(disk_path):
    with server(disk_path) as process:
        meter = ProcessMeter(lambda: process.pid)
        before = meter.read()
        step(process)
        after = meter.read()
    # 64 MiB that both have, 32 of the child's, and what a second Python takes.
    assert after.anonymous_bytes - before.anonymous_bytes == pytest.approx(96 * MIB, abs=SLACK)


def test_what_a_child_used_is_counted_while_it_lives_and_after_its_end(disk_path):
    with server(disk_path) as process:
        meter = ProcessMeter(lambda: process.pid)
        before = meter.read_counters()
        step(process)
        alive = meter.read_counters()
        step(process)
        ended = meter.read_counters()
    assert alive.cpu_user_ns + alive.cpu_system_ns >= before.cpu_user_ns + 190_000_000
    assert alive.written_bytes - before.written_bytes >= 8 * MIB
    for name in COUNTERS:
        if getattr(alive, name) is not None:
            assert getattr(ended, name) >= getattr(alive, name)


def test_counters_go_on_over_a_restart(disk_path):
    pids = []
    meter = ProcessMeter(lambda: pids[-1] if pids else None)
    last = meter.read_counters()
    assert last == NOTHING_READ
    totals = []
    for number in range(2):
        (disk_path / str(number)).mkdir()
        with server(disk_path / str(number)) as process:
            pids.append(process.pid)
            step(process)
            totals.append(meter.read_counters())
    assert totals[1].cpu_user_ns >= 1.8 * totals[0].cpu_user_ns > 0
    assert totals[1].written_bytes >= 2 * totals[0].written_bytes - MIB
    assert totals[0].written_bytes >= 8 * MIB


def test_what_no_process_can_tell_is_none(disk_path):
    with server(disk_path) as process:
        reading = ProcessMeter(lambda: process.pid).read()
    for name in ("memory_bytes", "memory_peak_bytes", "file_bytes", "kernel_bytes", "oom_kills"):
        assert getattr(reading, name) is None


def test_a_server_that_has_ended_is_read_as_nothing_new(disk_path):
    with server(disk_path) as process:
        meter = ProcessMeter(lambda: process.pid)
        last = meter.read_counters()
    after = meter.read()
    assert after.anonymous_bytes is None
    assert after.cpu_user_ns in (None, last.cpu_user_ns)
    assert not meter.reset_peak()
    meter.close()


def test_without_a_group_nothing_is_launched_or_counted():
    group = NoGroup()
    assert group.launcher == ()
    assert group.oom_kills() is None
    meter = group.open_meter(os.getpid)
    assert meter.source == "processes"
    assert meter.read().cpu_user_ns > 0
    group.remove()
