"""Control groups of this very kernel: what a process in one uses is read, limited and counted."""

import os
import signal

import pytest

from basetype_benchmark.benchmark.resources import COUNTERS
from basetype_benchmark.infrastructure.cgroup_monitor import open_cgroup_meter
from basetype_benchmark.infrastructure.meters.proc_formats import TICK_NS
from basetype_benchmark.infrastructure.page_cache import cached_bytes, drop_cached_pages
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.units import MIB
from tests.disk import disk_path
from tests.integration.groups import await_done, go_on, limit_of, memory_group, own_group, running

pytestmark = pytest.mark.root

__all__ = ["disk_path"]  # a fixture

# Memory that the kernel counts in batches of its own, and of what a Python takes besides.
SLACK = 8 * MIB


@pytest.mark.parametrize("flags", ["mmap.MAP_PRIVATE", "mmap.MAP_SHARED"])
def test_memory_that_a_process_takes_is_read(flags):
    """Shared memory too is what no one can drop: PostgreSQL has its buffers there."""
    script = f"FLAGS = {flags}; await_word(); held = hold(100 << 20); await_word()"
    with own_group() as group, running(group, script) as process:
        await_done(process)
        meter = open_cgroup_meter(process.pid)
        before = meter.read()
        go_on(process)
        await_done(process)
        after = meter.read()
        meter.close()
    for name in ("memory_bytes", "anonymous_bytes"):
        grown = getattr(after, name) - getattr(before, name)
        assert grown == pytest.approx(100 * MIB, abs=SLACK)
    assert after.file_bytes - before.file_bytes < SLACK
    assert 0 < after.kernel_bytes < SLACK
    assert after.memory_peak_bytes >= after.memory_bytes - SLACK


def test_the_peak_outlives_what_caused_it_until_it_is_reset():
    script = "FLAGS = mmap.MAP_PRIVATE; hold(100 << 20).close(); await_word()"
    with own_group() as group, running(group, script) as process:
        await_done(process)
        meter = group.open_meter(lambda: process.pid)
        before = meter.read()
        assert before.memory_bytes < before.memory_peak_bytes - 90 * MIB
        assert meter.reset_peak()
        assert meter.read().memory_peak_bytes < before.memory_bytes + SLACK
        meter.close()


def test_a_file_that_is_read_counts_as_page_cache(disk_path):
    path = disk_path / "file"
    path.write_bytes(os.urandom(64 * MIB))
    assert drop_cached_pages(disk_path)
    assert cached_bytes(path) == 0
    script = "await_word(); open(sys.argv[1], 'rb').read(64 << 20); await_word()"
    with own_group() as group, running(group, script, str(path)) as process:
        await_done(process)
        meter = group.open_meter(lambda: process.pid)
        before = meter.read()
        go_on(process)
        await_done(process)
        after = meter.read()
        meter.close()
        assert after.file_bytes - before.file_bytes == pytest.approx(64 * MIB, abs=SLACK)
        assert after.anonymous_bytes - before.anonymous_bytes < SLACK
        assert cached_bytes(path) == 64 * MIB
        assert drop_cached_pages(disk_path)
        assert cached_bytes(path) == 0


def test_cpu_time_is_read_exactly_and_never_falls():
    """Each reading lies between what the process reads of itself before and after.

    So time that another guest of the machine steals in between fails nothing.
    """
    script = """
def tell(): print(time.process_time_ns(), flush=True)
tell(); sys.stdin.readline(); tell()
end = time.process_time() + 0.3
while time.process_time() < end: pass
tell(); sys.stdin.readline(); tell()
sys.stdin.readline()
"""
    with own_group() as group:
        meter = group.open_meter(lambda: None)
        with running(group, script) as process:

            def told_ns() -> int:
                return int(process.stdout.readline())

            before_first = told_ns()
            first = meter.read_counters()
            go_on(process)
            after_first, before_last = told_ns(), told_ns()
            seen = [meter.read_counters() for _ in range(200)]
            go_on(process)
            after_last = told_ns()
        meter.close()
    used_ns = seen[-1].cpu_user_ns + seen[-1].cpu_system_ns
    used_ns -= first.cpu_user_ns + first.cpu_system_ns
    assert before_last - after_first >= 300_000_000
    assert before_last - after_first - TICK_NS <= used_ns <= after_last - before_first + TICK_NS
    for name in ("cpu_user_ns", "cpu_system_ns"):
        values = [getattr(reading, name) for reading in (first, *seen)]
        assert values == sorted(values)


def test_a_process_over_the_limit_is_killed_and_counted():
    script = "FLAGS = mmap.MAP_PRIVATE; await_word(); hold(200 << 20); await_word()"
    with own_group(64 * MIB) as group:
        meter = group.open_meter(lambda: None)
        with running(group, script) as process:
            await_done(process)
            assert limit_of(memory_group(process.pid)) == 64 * MIB
            assert (group.oom_kills(), meter.read_counters().oom_kills) == (0, 0)
            go_on(process)
            assert process.wait(20) == -signal.SIGKILL
        assert (group.oom_kills(), meter.read_counters().oom_kills) == (1, 1)
        assert meter.read().memory_peak_bytes <= 64 * MIB
        meter.close()
    assert group.oom_kills() == 1


def test_a_limit_counts_page_cache_and_kills_nobody_for_it(disk_path):
    path = disk_path / "file"
    path.write_bytes(bytes(128 * MIB))
    assert drop_cached_pages(disk_path)
    script = """
with open(sys.argv[1], 'rb') as file:
    while file.read(1 << 20): pass
await_word()
"""
    with own_group(48 * MIB) as group, running(group, script, str(path)) as process:
        await_done(process)
        meter = group.open_meter(lambda: process.pid)
        assert meter.read().memory_bytes <= 48 * MIB
        meter.close()
        assert group.oom_kills() == 0
        assert 0 < cached_bytes(path) <= 48 * MIB


def test_a_limit_leaves_no_swap():
    with own_group(64 * MIB) as group, running(group, "await_word()") as process:
        await_done(process)
        folder = memory_group(process.pid)
        files = {"memory.memsw.limit_in_bytes": str(64 * MIB), "memory.swap.max": "0"}
        found = {name for name in files if (folder / name).exists()}
        assert found
        assert {(folder / name).read_text().strip() for name in found} <= set(files.values())
        assert [(folder / name).read_text().strip() for name in found] == [files[f] for f in found]


def test_counters_only_grow_over_processes_that_come_and_go():
    script = "FLAGS = mmap.MAP_PRIVATE; hold(10 << 20); await_word()"
    with own_group() as group:
        meter = group.open_meter(lambda: None)
        last = meter.read_counters()
        for _ in range(3):
            with running(group, script) as process:
                await_done(process)
            wait_until(
                "the end", lambda: None if process.poll() is not None else "runs", deadline_s=10
            )
            now = meter.read_counters()
            for name in COUNTERS:
                if getattr(now, name) is not None:
                    assert getattr(now, name) >= getattr(last, name)
            assert now.cpu_user_ns + now.cpu_system_ns > last.cpu_user_ns + last.cpu_system_ns
            last = now
        meter.close()
