"""Where datasets are written: folders, URLs, and what cannot be written to."""

import pickle
from pathlib import Path

import pytest

from basetype_benchmark.dataset.storage import Storage, open_storage
from basetype_benchmark.errors import HostError, UsageError


@pytest.fixture(params=["{}", "file://{}", "local://{}"], ids=["path", "file URL", "fsspec URL"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """The folder ``out``, named in several ways."""
    return open_storage(request.param.format(tmp_path / "out"))


def write(storage: Storage, name: str, content: bytes) -> None:
    with storage.open_to_write(name) as file:
        file.write(content)


def test_what_is_written_is_listed_and_can_be_removed(storage: Storage, tmp_path: Path):
    write(storage, "a/b.txt", b"old")
    write(storage, "a/b.txt", b"new one")
    write(storage, "c.txt", b"")
    assert storage.files("a") == {"a/b.txt": 7}
    assert storage.files() == {"c.txt": 0}
    assert (tmp_path / "out" / "a" / "b.txt").read_bytes() == b"new one"
    storage.remove("a/b.txt")
    storage.remove("a/b.txt")
    assert storage.files("a") == {}


def test_what_fails_half_way_does_not_get_its_name(storage: Storage, tmp_path: Path):
    write(storage, "whole.txt", b"whole")

    def fail() -> None:
        with storage.open_to_write("whole.txt") as file:
            file.write(b"half")
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    assert (tmp_path / "out" / "whole.txt").read_bytes() == b"whole"


def test_two_writers_of_one_file_do_not_get_into_each_other(tmp_path: Path):
    storage = open_storage(f"local://{tmp_path}")
    with storage.open_to_write("part") as slow:
        slow.write(b"begun, ")
        write(storage, "part", b"whole")
        assert (tmp_path / "part").read_bytes() == b"whole"
        slow.write(b"and finished")
    assert (tmp_path / "part").read_bytes() == b"begun, and finished"
    assert storage.files().keys() == {"part"}


def test_other_processes_get_the_same_folder(storage: Storage, tmp_path: Path):
    write(pickle.loads(pickle.dumps(storage)), "sent.txt", b"there")
    assert (tmp_path / "out" / "sent.txt").read_bytes() == b"there"


def test_a_file_url_is_decoded(tmp_path: Path):
    assert open_storage(f"file://localhost{tmp_path}/a%20b").local == tmp_path / "a b"
    assert open_storage(f"file://{tmp_path}/a b").local == tmp_path / "a b"


def test_messages_do_not_tell_passwords():
    storage = open_storage("s3://key:secret@bucket/data?region=eu-west-3")
    assert storage.location == "s3://bucket/data?region=eu-west-3"
    assert storage.root == "bucket/data"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file://elsewhere/data", "names the machine 'elsewhere'"),
        ("nowhere://bucket/data", "cannot be written to"),
        ("", "to is empty"),
    ],
)
def test_what_is_no_place_to_write_is_refused_in_one_line(url: str, reason: str):
    with pytest.raises(UsageError, match=reason) as raised:
        open_storage(url)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("scheme", ["", "local://"])
def test_a_place_in_which_nothing_can_be_written_is_one_line(scheme: str, tmp_path: Path):
    (tmp_path / "file").touch()
    storage = open_storage(f"{scheme}{tmp_path / 'file' / 'below'}")
    with pytest.raises(HostError, match="below") as raised:
        write(storage, "name", b"content")
    assert "\n" not in str(raised.value)
