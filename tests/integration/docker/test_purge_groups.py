"""``btb purge containers`` on control groups, in a hierarchy that shows the command these alone."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.cgroups.leftovers import find_left_groups, remove_group_left
from basetype_benchmark.infrastructure.cgroups.paths import find_mounts
from basetype_benchmark.infrastructure.cgroups.server_group import hold_folder, join_launcher
from tests.integration.docker.test_purge import client, purge
from tests.integration.groups import as_a_normal_user, own_group

pytestmark = [pytest.mark.servers, pytest.mark.root]

__all__ = ["client"]  # a fixture


@pytest.fixture
def groups(tmp_path: Path) -> Iterator[Path]:
    """A group that takes the place of a hierarchy's root for the command."""
    shown = next(m for m in find_mounts() if m.controllers is None or "memory" in m.controllers)
    root = shown.point / f"test-purge-{secrets.token_hex(4)}"
    root.mkdir()
    yield root
    for folder in root.iterdir():
        if folder.is_dir():
            folder.rmdir()
    root.rmdir()


def show_only(groups: Path, place: Path) -> str:
    """Give the commands that mount this alone where control groups are looked for."""
    place.mkdir()
    return (
        f"mount --bind {groups} {place} && umount --recursive --lazy /sys/fs/cgroup "
        f"&& mount -t tmpfs none /sys/fs/cgroup && mkdir /sys/fs/cgroup/only "
        f"&& mount --move {place} /sys/fs/cgroup/only"
    )


def test_empty_groups_of_ours_are_removed_beside_a_strangers(client, groups, tmp_path):
    ours, held = groups / "btb-0123456789ab", groups / "btb-0123456789ac"
    busy, strange = groups / "btb-0123456789ad", groups / "btb-mine"
    for folder in (ours, held, busy, strange):
        folder.mkdir()
    descriptor = hold_folder(held)
    with subprocess.Popen(
        [*join_launcher([busy]), "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdin.write(b"joined\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"joined\n"
        done = purge("--yes", mounted=show_only(groups, tmp_path / "only"))
        process.communicate()
    os.close(descriptor)
    assert done.returncode == 0, done.stderr
    assert "removed 1 control group (" in done.stderr
    assert f"kept control group {held.name}: in use by a btb that runs" in done.stderr
    assert "Docker was not looked into" not in done.stderr
    assert {folder.name for folder in groups.iterdir() if folder.is_dir()} == {
        held.name,
        busy.name,
        strange.name,
    }


def test_groups_are_removed_without_a_daemon_too(groups, tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")
    (groups / "btb-0123456789ab").mkdir()
    done = purge("--yes", mounted=show_only(groups, tmp_path / "only"))
    assert done.returncode == 0, done.stderr
    assert "removed 1 control group (" in done.stderr
    assert "Docker was not looked into: " in done.stderr
    assert [folder for folder in groups.iterdir() if folder.is_dir()] == []


def test_the_group_of_a_server_that_does_not_run_is_not_taken_for_left():
    with own_group() as group:
        folder = next(Path(part) for part in group.launcher if part.startswith("/sys/fs/cgroup"))
        found = {left.name: left for left in find_left_groups()}[folder.name]
        assert found.why_kept == "in use by a btb that runs"
        with pytest.raises(ServiceUnavailable, match="in use"):
            remove_group_left(replace(found, why_kept=None))
        assert folder.exists()


def test_a_normal_user_sees_them_and_is_told_who_may_remove_them(groups):
    (groups / "btb-0123456789ab").mkdir()
    script = """
import sys
from pathlib import Path, PurePosixPath
from basetype_benchmark.infrastructure.cgroups.leftovers import find_left_groups
from basetype_benchmark.infrastructure.cgroups.paths import Mount
mount = Mount(point=Path(sys.argv[1]), root=PurePosixPath("/"), controllers=None)
print([(group.name, group.why_kept) for group in find_left_groups([mount])])
"""
    done = as_a_normal_user(script, str(groups))
    assert done.stdout == "[('btb-0123456789ab', 'only root may remove it')]\n", done.stderr
