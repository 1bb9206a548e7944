"""Control groups of this very kernel: what a process in one uses is read, limited and counted."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.resources import COUNTERS, NOTHING_READ
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.cgroup_monitor import open_cgroup_meter
from basetype_benchmark.infrastructure.cgroups import folder_group, local_limits, server_group
from basetype_benchmark.infrastructure.cgroups.local_limits import (
    find_limit_support,
    open_group,
    remove_left_group,
)
from basetype_benchmark.infrastructure.cgroups.paths import find_mounts
from basetype_benchmark.infrastructure.cgroups.server_group import LimitRefused, new_group_name
from basetype_benchmark.infrastructure.local.process_record import (
    ProcessRecord,
    read_record,
    write_record,
)
from basetype_benchmark.infrastructure.meters.proc_formats import TICK_NS
from basetype_benchmark.infrastructure.page_cache import cached_bytes, drop_cached_pages
from basetype_benchmark.infrastructure.services.server_account import choose_account
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.units import MIB
from tests.disk import disk_path
from tests.integration.groups import (
    as_a_normal_user,
    await_done,
    go_on,
    limit_of,
    members_of,
    memory_group,
    own_group,
    running,
)

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


def test_a_group_is_not_inside_of_the_callers():
    with own_group() as group, running(group, "await_word()") as process:
        await_done(process)
        folder = memory_group(process.pid)
        assert folder.parent in {mount.point for mount in find_mounts()}
        assert members_of(folder) == {process.pid}


def test_an_account_taken_after_joining_stays_in_the_group():
    account = choose_account()
    with own_group() as group:
        command = [*group.launcher, *account.launcher, "/bin/sh", "-c", "echo $$; read line"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            pid = int(process.stdout.readline())
            assert pid == process.pid
            assert Path("/proc", str(pid)).stat().st_uid == account.uid
            assert members_of(memory_group(pid)) == {pid}
            process.communicate("\n")


def test_what_is_left_in_a_group_ends_with_it():
    with own_group() as group, running(group, "await_word()") as process:
        await_done(process)
        folder = memory_group(process.pid)
        group.remove()
        assert process.wait(10) == -signal.SIGKILL
        assert not folder.exists()


def test_the_meter_of_a_removed_group_reads_nothing():
    with own_group() as group, running(group, "await_word()") as process:
        await_done(process)
        meter = group.open_meter(lambda: process.pid)
        assert meter.read().memory_bytes > 0
        process.kill()
        process.wait()
        group.remove()
        assert meter.read() == meter.read_counters() == NOTHING_READ
        assert not meter.reset_peak()
        meter.close()


def test_a_group_left_behind_is_removed_by_its_name():
    name = new_group_name()
    group = open_group(name, 64 * MIB)
    with running(group, "await_word()") as process:
        await_done(process)
        folder = memory_group(process.pid)
        remove_left_group(name)
        assert process.wait(10) == -signal.SIGKILL
    assert not folder.exists()
    remove_left_group(name)


def test_a_name_that_is_not_ours_is_not_removed():
    with own_group() as group, running(group, "await_word()") as process:
        await_done(process)
        folder = memory_group(process.pid)
        for name in (str(folder), f"../{folder.parent.name}/{folder.name}", f"{folder.name}/"):
            remove_left_group(name)
        assert members_of(folder) == {process.pid}


def test_a_limit_that_the_kernel_does_not_take_leaves_no_group():
    name = new_group_name()
    with pytest.raises(LimitRefused, match=r"cannot be written|made"):
        open_group(name, 2**80)
    with own_group() as group, running(group, "await_word()") as process:
        await_done(process)
        assert not (memory_group(process.pid).parent / name).exists()


def open_group_files() -> set[str]:
    links = list(Path("/proc/self/fd").iterdir())  # one of them is that of the list itself
    targets = {str(link.readlink()) for link in links if link.is_symlink()}
    return {target for target in targets if target.startswith("/sys/fs/cgroup/")}


def in_the_way(launcher: Sequence[str]) -> list[Path]:
    """Make a group below each that a launcher joins: so none of them can be removed."""
    folders = [Path(part) for part in launcher if part.startswith("/sys/fs/cgroup/")]
    below = [folder / "below" for folder in folders]
    for folder in below:
        folder.mkdir()
    return below


def test_a_refused_group_leaves_nothing_open_and_no_folder(monkeypatch):
    def refuse(_launcher: Sequence[str]) -> None:
        raise LimitRefused("nothing can join", "ask somebody")

    monkeypatch.setattr(folder_group, "require_joinable", refuse)
    name, before = new_group_name(), open_group_files()
    with pytest.raises(LimitRefused, match="nothing can join"):
        open_group(name, 64 * MIB)
    assert open_group_files() == before
    assert [m.point for m in find_mounts() if (m.point / name).exists()] == []


def test_a_group_that_cannot_be_removed_says_so_and_leaves_nothing_open(monkeypatch):
    monkeypatch.setattr(server_group, "REMOVAL_DEADLINE_S", 0.05)
    before = open_group_files()
    with own_group() as group:
        below = in_the_way(group.launcher)
        with pytest.raises(ServiceUnavailable, match="the removal of its control group"):
            group.remove()
        assert open_group_files() == before
        for folder in below:
            folder.rmdir()


def test_a_group_on_trial_that_cannot_be_removed_is_told_and_raises_nothing(monkeypatch):
    below = []
    monkeypatch.setattr(server_group, "REMOVAL_DEADLINE_S", 0.05)
    monkeypatch.setattr(
        folder_group, "require_joinable", lambda launcher: below.extend(in_the_way(launcher))
    )
    support = find_limit_support()
    for folder in below:
        folder.rmdir()
        folder.parent.rmdir()
    assert support.method is None
    assert "a group on trial stays" in support.why_not
    assert "--provider docker" in support.mend


def test_an_interrupt_while_a_group_is_tried_leaves_none(monkeypatch):
    name = new_group_name()
    monkeypatch.setattr(local_limits, "new_group_name", lambda: name)
    monkeypatch.setattr(
        folder_group, "require_joinable", lambda _launcher: signal.raise_signal(signal.SIGINT)
    )
    with pytest.raises(KeyboardInterrupt):
        find_limit_support()
    assert [m.point for m in find_mounts() if (m.point / name).exists()] == []


def test_the_way_that_works_is_named_and_tried():
    support = find_limit_support()
    assert support.method in ("cgroup v1, as root", "cgroup v2, as root")
    assert support.why_not is support.mend is None


def test_a_normal_user_can_limit_or_is_told_why_not_and_what_would_help():
    """Where the user's own systemd works, it can; the machines and containers of CI have none."""
    done = as_a_normal_user(
        "from basetype_benchmark.infrastructure.cgroups.local_limits import *\n"
        "support = find_limit_support()\n"
        "print(support.method, support.why_not, support.mend, sep='|')"
    )
    method, why_not, mend = done.stdout.strip().split("|")
    if method == "cgroup v2, as a systemd user scope":
        assert (why_not, mend) == ("None", "None")
        return
    assert method == "None"
    assert re.search("only root|systemd", why_not)
    assert re.search("run btb as root|loginctl|systemctl", mend)


def test_a_group_that_root_left_is_not_forgotten_by_a_normal_user(disk_path):
    """The pid file stays, which is all that knows of it."""
    record_file, account = disk_path / "data.server.json", choose_account()
    name = new_group_name()
    write_record(record_file, ProcessRecord(run_dir="/tmp/btb-none", group=name))
    for path in (disk_path, record_file):
        os.chown(path, account.uid, -1)
    script = """
import sys
from pathlib import Path
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.local.local_manager import LocalManager
try:
    with LocalManager(title="Server", data_dir=Path(sys.argv[1]), stop_steps=()):
        print("entered")
except ServiceUnavailable as error:
    print(error)
"""
    with left_group(name) as folder:
        done = as_a_normal_user(script, str(disk_path / "data"))
        assert f"do it as root: rmdir {folder}" in done.stdout, done.stderr
        assert folder.exists()
    assert read_record(record_file).group == name
    done = as_a_normal_user(script, str(disk_path / "data"))
    assert done.stdout == "entered\n", done.stderr
    assert not record_file.exists()


@contextmanager
def left_group(name: str) -> Iterator[Path]:
    """Make a group of this name, and give the first of its folders."""
    group = open_group(name, None)
    try:
        yield next(m.point / name for m in find_mounts() if (m.point / name).exists())
    finally:
        group.remove()


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
