import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basetype_benchmark.errors import HostError
from basetype_benchmark.infrastructure.safe_removal import (
    find_removed,
    is_removed,
    measure_extent,
    remove,
    why_not_removed,
)
from basetype_benchmark.infrastructure.waiting import wait_until
from tests.integration.groups import as_a_normal_user

NAMES = st.text("ab.", min_size=1, max_size=3).filter(lambda name: set(name) != {"."})
TREES = st.recursive(
    st.sampled_from(["file", "link out", "link to a file out", "link around", "link to nothing"]),
    lambda inner: st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
TARGETS = {"link out": "out", "link to a file out": "out/kept", "link around": "."}


@pytest.fixture
def home(tmp_path):
    place = tmp_path / "home"
    (place / "datasets").mkdir(parents=True)
    return place


def make(tree, path, top):
    if tree == "file":
        path.write_text("x")
    elif isinstance(tree, str):
        path.symlink_to(top / TARGETS.get(tree, "nowhere"))
    else:
        path.mkdir()
        for name, inner in tree.items():
            make(inner, path / name, top)


@settings(max_examples=60, deadline=None)
@given(TREES, NAMES)
def test_whatever_is_in_it_all_of_it_goes_and_nothing_else(tree, name):
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        home, out = top / "home", top / "out"
        for place in (home, out):
            place.mkdir()
            (place / "kept").write_text("kept")
        thing = home / f"x{name}"
        make(tree, thing, top)
        if thing.is_symlink():
            with pytest.raises(HostError, match=r"a link to .*, which is not followed"):
                remove(thing, home)
            assert thing.is_symlink()
            thing.unlink()
        else:
            remove(thing, home)
        assert {path.name for path in home.iterdir()} == {"kept"}
        assert {path.name for path in out.iterdir()} == {"kept"}
        assert (out / "kept").read_text() == (home / "kept").read_text() == "kept"


@pytest.mark.parametrize("way", ["datasets/../../out", "link/thing", ".", "datasets/.."])
def test_nothing_outside_of_the_home_is_removed_however_it_is_spelt(way, home, tmp_path):
    (tmp_path / "out/thing").mkdir(parents=True)
    (home / "link").symlink_to(tmp_path / "out")
    with pytest.raises(HostError, match=r"is kept: (it lies in|.* itself, or above it)"):
        remove(home / way, home)
    assert (tmp_path / "out/thing").is_dir()
    assert (home / "datasets").is_dir()


def test_a_home_reached_by_a_link_is_the_home(home, tmp_path):
    (tmp_path / "by_link").symlink_to(home)
    (home / "datasets/d").mkdir()
    remove(tmp_path / "by_link/datasets/d", tmp_path / "by_link")
    assert list((home / "datasets").iterdir()) == []


def test_what_is_not_there_needs_no_removal(home):
    remove(home / "datasets/none", home)


@pytest.mark.root
def test_a_file_system_mounted_below_is_not_emptied(home):
    place = home / "datasets/d/deep"
    place.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], check=True)
    try:
        (place / "kept").write_text("kept")
        with pytest.raises(HostError, match="a file system is mounted on"):
            remove(home / "datasets/d", home)
        assert (place / "kept").read_text() == "kept"
    finally:
        subprocess.run(["umount", place], check=True)


REMOVING = """
import sys
from pathlib import Path
from basetype_benchmark.errors import HostError
from basetype_benchmark.infrastructure.safe_removal import remove
try:
    remove(Path(sys.argv[1]), Path(sys.argv[2]))
except HostError as error:
    print(error)
"""


@pytest.mark.root
def test_what_is_not_ours_to_remove_stays_whole():
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o777)
        inner = home / "d/closed"
        inner.mkdir(parents=True)
        (home / "d").chmod(0o777)
        (inner / "kept").write_text("kept")
        done = as_a_normal_user(REMOVING, str(home / "d"), str(home))
        assert f"{inner} is not yours to change" in done.stdout, done.stderr
        assert (inner / "kept").read_text() == "kept"


def test_killed_in_between_it_leaves_nothing_under_the_old_name(home):
    thing = home / "datasets/d"
    for index in range(4000):
        if index % 100 == 0:
            (thing / str(index)).mkdir(parents=True)
        (thing / str(index - index % 100) / f"{index}.parquet").write_bytes(b"x")
    with subprocess.Popen([sys.executable, "-c", REMOVING, thing, home]) as process:
        wait_until(
            "the removal",
            lambda: None if find_removed(thing.parent) else "not begun",
            deadline_s=30,
            poll_s=0.001,
        )
        process.kill()
    assert not thing.exists()
    thing.mkdir()  # as who makes it again would
    [left] = find_removed(thing.parent)
    assert is_removed(left)
    remove(thing, home)  # takes what was left before along
    assert list(thing.parent.iterdir()) == []


def test_two_who_remove_the_same_do_not_trip(home):
    thing = home / "datasets/.d.btb-removed-00000000"
    for index in range(400):
        (thing / f"{index}/deep").mkdir(parents=True)
    failed = []

    def removing():
        try:
            remove(thing, home)
        except HostError as error:
            failed.append(error)

    threads = [threading.Thread(target=removing) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert not thing.exists()


def test_a_long_name_can_be_renamed_too(home):
    thing = home / "datasets" / ("ä" * 120)
    thing.mkdir()
    remove(thing, home)
    assert list(thing.parent.iterdir()) == []


def test_the_size_is_that_on_disk_without_what_links_point_to(home, tmp_path):
    (tmp_path / "big").write_bytes(b"x" * 10_000_000)
    thing = home / "datasets/d"
    thing.mkdir()
    (thing / "link").symlink_to(tmp_path / "big")
    (thing / "sparse").touch()
    os.truncate(thing / "sparse", 1 << 30)
    (thing / "file").write_bytes(b"x" * 100_000)
    os.link(thing / "file", thing / "file again")
    assert 100_000 <= measure_extent(thing).size_bytes < 150_000
    assert measure_extent(thing / "none") is None


def test_the_age_is_that_of_the_newest_in_it(home):
    thing = home / "datasets/d"
    thing.mkdir()
    for name, at in (("old", 1e9), ("new", 1.5e9)):
        (thing / name).touch()
        os.utime(thing / name, (at, at))
    os.utime(thing, (1e9, 1e9))
    assert measure_extent(thing).changed_at == 1.5e9


def test_a_file_alone_is_removed_and_another_kind_too(home):
    (home / "file").touch()
    os.mkfifo(home / "pipe")
    for name in ("file", "pipe"):
        assert why_not_removed(home / name, home) is None
        remove(home / name, home)
    assert {path.name for path in home.iterdir()} == {"datasets"}


def test_who_has_a_file_open_in_it_does_not_hold_it_back(home):
    thing = home / "datasets/d"
    thing.mkdir()
    with (thing / "open").open("w") as file:
        remove(thing, home)
        file.write("still")
    assert not thing.exists()
