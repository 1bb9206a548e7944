"""How control groups come and go: made, refused, tried, left behind, removed."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.resources import NOTHING_READ
from basetype_benchmark.errors import ServiceUnavailable
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
from basetype_benchmark.infrastructure.services.server_account import choose_account
from basetype_benchmark.units import MIB
from tests.disk import disk_path
from tests.integration.groups import (
    as_a_normal_user,
    await_done,
    members_of,
    memory_group,
    own_group,
    running,
)

pytestmark = pytest.mark.root

__all__ = ["disk_path"]  # a fixture


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
