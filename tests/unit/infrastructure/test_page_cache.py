"""Dropping cached pages, seen with what the kernel says of the file."""

import mmap
import os
from pathlib import Path

import psutil
import pytest

from basetype_benchmark.infrastructure.page_cache import (
    cached_bytes,
    drop_all_caches,
    drop_cached_pages,
)
from basetype_benchmark.units import GIB, MIB
from tests.disk import disk_path

__all__ = ["disk_path"]  # a fixture

SHM = Path("/dev/shm")


def put(path: Path, size: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(size))
    return path


def test_pages_of_all_files_are_dropped_and_come_back_by_reading(disk_path):
    files = [put(disk_path / name, MIB + 1) for name in ("one", "below/two", "below/it/three")]
    assert [cached_bytes(path) for path in files] == [MIB + 1] * 3
    assert drop_cached_pages(disk_path)  # the data was not on the disk yet: it is written first
    assert [cached_bytes(path) for path in files] == [0] * 3
    files[0].read_bytes()
    assert cached_bytes(files[0]) == MIB + 1


def test_what_was_dropped_is_still_in_the_file(disk_path):
    path = put(disk_path / "file", MIB)
    before = path.read_bytes()
    assert drop_cached_pages(disk_path)
    assert path.read_bytes() == before


def test_a_file_bigger_than_the_memory_is_counted_and_dropped(disk_path):
    """Such stores are what a limit is for. It has holes, and its last page is not whole."""
    path = disk_path / "file"
    size = max(64 * GIB, 2 * psutil.virtual_memory().total) + 1
    with path.open("wb") as file:
        os.truncate(file.fileno(), size)
        os.pwrite(file.fileno(), os.urandom(MIB), 0)
        os.pwrite(file.fileno(), b"!", size - 1)
    assert cached_bytes(path) == MIB + 1
    assert drop_cached_pages(disk_path)
    assert cached_bytes(path) == 0


def test_empty_files_links_sockets_and_no_files_are_no_hindrance(disk_path):
    (disk_path / "empty").touch()
    (disk_path / "link").symlink_to(disk_path / "nowhere")
    os.mkfifo(disk_path / "pipe")
    assert drop_cached_pages(disk_path)
    assert drop_cached_pages(disk_path / "not there")
    assert cached_bytes(disk_path / "empty") == 0


def test_pages_that_somebody_has_mapped_stay_and_that_is_said(disk_path):
    path = put(disk_path / "file", MIB)
    with path.open("rb") as file, mmap.mmap(file.fileno(), MIB, access=mmap.ACCESS_READ) as mapped:
        assert len(mapped[:]) == MIB
        assert not drop_cached_pages(disk_path)
        assert cached_bytes(path) > 0


@pytest.mark.root
def test_a_file_that_lives_in_memory_cannot_be_dropped():
    folder = SHM / f"btb-test-{os.getpid()}"
    try:
        path = put(folder / "file", MIB)
        assert not drop_cached_pages(folder)
        assert cached_bytes(path) == MIB
    finally:
        path.unlink()
        folder.rmdir()


def test_all_caches_are_dropped_by_one_word(tmp_path):
    (tmp_path / "drop_caches").touch()
    assert drop_all_caches(drop_file=tmp_path / "drop_caches")
    assert (tmp_path / "drop_caches").read_text() == "3"


@pytest.mark.root
def test_the_word_drops_the_pages_of_a_file(disk_path):
    path = put(disk_path / "file", 4 * MIB)
    assert drop_all_caches()
    assert cached_bytes(path) < MIB  # others use this machine meanwhile, but hardly this file


def test_who_may_not_drop_all_caches_is_told(tmp_path):
    assert not drop_all_caches(drop_file=tmp_path / "nobody" / "drop_caches")
