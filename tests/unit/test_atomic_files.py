import errno
import os
from pathlib import Path

import pytest

from basetype_benchmark import atomic_files
from basetype_benchmark.atomic_files import naming_write_errors, open_atomically, write_atomically
from basetype_benchmark.errors import DiskFull, HostError


def test_a_file_has_its_name_only_when_it_is_whole_and_missing_folders_are_made(
    tmp_path: Path,
) -> None:
    path = tmp_path / "new" / "graph.nt"
    with open_atomically(path) as file:
        file.write(b"first")
        assert not path.exists()
        file.write(b" second")
    assert path.read_bytes() == b"first second"
    assert list(path.parent.iterdir()) == [path]


def test_content_is_synced_before_the_rename_and_the_folder_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cell.json"
    synced: list[tuple[str, bool]] = []

    def note(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        synced.append((name, path.exists()))

    monkeypatch.setattr(atomic_files.os, "fsync", note)
    write_atomically(path, b"content")
    (temporary, was_there_first), folder = synced
    assert temporary.startswith(".cell.json.")
    assert temporary.endswith(".tmp")
    assert not was_there_first
    assert folder == (tmp_path.name, True)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_any_end_but_a_good_one_leaves_no_litter(
    tmp_path: Path, error: type[BaseException]
) -> None:
    def write() -> None:
        with open_atomically(tmp_path / "cell.json") as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        write()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_and_a_used_up_quota_name_the_folder_in_one_line(number: int) -> None:
    with (
        pytest.raises(DiskFull, match="/data is full") as raised,
        naming_write_errors(Path("/data")),
    ):
        raise OSError(number, os.strerror(number))
    assert "\n" not in str(raised.value)


def test_whatever_else_is_in_the_way_of_writing_is_named(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file where a folder is wanted")
    with pytest.raises(HostError, match=r"cannot write .*/results.*: ") as raised:
        write_atomically(tmp_path / "results" / "cell.json", b"content")
    assert not isinstance(raised.value, DiskFull)


def test_a_write_that_fails_leaves_the_old_content_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cell.json"
    write_atomically(path, b"old")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(atomic_files.os, "fsync", fail)
    with pytest.raises(DiskFull, match=r"the disk that holds .* is full"):
        write_atomically(path, b"new content")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_kill_before_the_rename_leaves_nothing_under_the_final_name(tmp_path: Path) -> None:
    path = tmp_path / "cell.json"
    child = os.fork()
    if child == 0:
        atomic_files.os.fsync = lambda _descriptor: os._exit(9)  # type: ignore[assignment]
        write_atomically(path, b"half")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9
    assert not path.exists()
