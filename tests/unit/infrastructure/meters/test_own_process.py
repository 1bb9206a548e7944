"""The meter of the harness on this very process, and on helpers that it starts."""

import mmap
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from basetype_benchmark.benchmark.resources import NOTHING_READ, Reading
from basetype_benchmark.infrastructure.meters.own_process import OwnProcessMeter
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.units import MIB

# Holds memory, uses CPU time, says so, and waits to be told to end.
HELPER = """
import sys, time
held = bytearray(64 << 20)
while time.process_time() < 0.3:
    pass
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def meter() -> Iterator[OwnProcessMeter]:
    """A meter of a process without helpers: what other tests left, as a fork server, is ended."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getsid(child.pid) == os.getsid(0):
                child.kill()
                child.wait(10)
    with closing(OwnProcessMeter()) as opened:
        yield opened


@contextmanager
def helper(*, new_session: bool = False) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HELPER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=new_session,
    )
    with process:
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def hold(size_bytes: int) -> mmap.mmap:
    held = mmap.mmap(-1, size_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    held.write(b"x" * size_bytes)
    return held


def cpu_ns(reading: Reading) -> int:
    return reading.cpu_user_ns + reading.cpu_system_ns


def test_cpu_time_is_that_of_the_process(meter: OwnProcessMeter) -> None:
    before, begin_ns = meter.read_counters(), time.process_time_ns()
    sum(range(3_000_000))
    after, used_ns = meter.read_counters(), time.process_time_ns() - begin_ns
    assert cpu_ns(after) - cpu_ns(before) == pytest.approx(used_ns, abs=5_000_000)


def test_memory_is_seen_as_it_comes_and_goes_and_the_peak_stays(meter: OwnProcessMeter) -> None:
    assert meter.reset_peak()
    before = meter.read()
    with hold(48 * MIB):
        within = meter.read()
    after = meter.read()
    assert within.anonymous_bytes - before.anonymous_bytes >= 40 * MIB
    assert within.memory_bytes == within.anonymous_bytes + within.file_bytes
    assert after.anonymous_bytes < within.anonymous_bytes - 40 * MIB
    assert after.memory_peak_bytes >= within.memory_bytes - MIB
    assert meter.reset_peak()
    assert meter.read().memory_peak_bytes < within.memory_bytes - 40 * MIB


def test_what_it_writes_to_disk_is_counted(meter: OwnProcessMeter, tmp_path: Path) -> None:
    before = meter.read()
    with (tmp_path / "written").open("wb") as file:
        file.write(os.urandom(8 * MIB))
        os.fsync(file.fileno())
    assert meter.read().written_bytes - before.written_bytes >= 8 * MIB


def test_a_helper_is_counted_and_still_is_when_it_has_ended(meter: OwnProcessMeter) -> None:
    assert meter.reset_peak()
    before = meter.read()
    with helper() as process:
        within = meter.read()
        assert within.memory_bytes - before.memory_bytes >= 60 * MIB
        assert cpu_ns(within) - cpu_ns(before) >= 250_000_000
        assert within.memory_peak_bytes is None  # of several processes it is not known
        assert not meter.reset_peak()
        process.kill()
        process.wait()
        after = meter.read()
    assert after.memory_bytes < within.memory_bytes - 50 * MIB
    assert cpu_ns(after) >= cpu_ns(within)
    assert meter.reset_peak()
    assert meter.read().memory_peak_bytes is not None


def test_a_server_is_no_helper(meter: OwnProcessMeter) -> None:
    before = meter.read()
    with helper(new_session=True):
        within = meter.read()
    assert cpu_ns(within) - cpu_ns(before) < 200_000_000
    assert within.memory_peak_bytes is not None


def test_helpers_of_helpers_are_counted(meter: OwnProcessMeter) -> None:
    before = meter.read()
    shell = subprocess.Popen(
        ["sh", "-c", 'echo begun; "$0" -c "$1"; echo ended', sys.executable, HELPER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with shell:
        assert [shell.stdout.readline() for _ in range(2)] == ["begun\n", "ready\n"]
        within = meter.read()
        shell.stdin.close()
        assert shell.stdout.readline() == "ended\n"
    assert within.memory_bytes - before.memory_bytes >= 60 * MIB
    wait_until(
        "the end of the shell",
        lambda: None if cpu_ns(meter.read()) >= cpu_ns(within) else "counters fell",
        deadline_s=10,
    )


def test_where_there_is_no_proc_only_the_cpu_time_is_known(tmp_path: Path) -> None:
    with closing(OwnProcessMeter(proc=tmp_path)) as meter:
        assert not meter.reset_peak()
        reading = meter.read()
    assert reading.memory_bytes is None
    assert reading.read_bytes is None
    assert reading.cpu_user_ns > 0
    assert reading != NOTHING_READ


def test_it_can_be_closed_twice(meter: OwnProcessMeter) -> None:
    meter.read()
    meter.close()
    meter.close()
