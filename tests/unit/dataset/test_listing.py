"""Listing tells whole datasets from incomplete ones."""

from pathlib import Path

from basetype_benchmark.dataset.listing import list_datasets
from basetype_benchmark.dataset.manifest import MANIFEST_NAME
from basetype_benchmark.dataset.reader import Dataset

LONGEST_PATH = 4096  # of Linux


def test_whole_and_incomplete_datasets_are_listed(tiny_copy: Dataset):
    home = tiny_copy.folder.parent
    (home / "started").mkdir()
    (home / "started" / "nodes.parquet").touch()
    (home / "torn").mkdir()
    (home / "torn" / MANIFEST_NAME).write_text("{")
    (home / "something else").mkdir()
    (home / "a file").touch()
    entries = {entry.folder.name: entry for entry in list_datasets(home)}
    assert list(entries) == ["copy", "started", "torn"]
    assert entries["copy"].is_complete
    assert entries["copy"].manifest == tiny_copy.manifest
    assert "incomplete" in str(entries["started"].problem)
    assert "damaged" in str(entries["torn"].problem)


def test_missing_folder_holds_none(tmp_path: Path):
    assert list_datasets(tmp_path / "nowhere") == []


def test_one_folder_that_cannot_be_looked_into_does_not_hide_the_others(tmp_path: Path):
    folder = tmp_path
    while len(str(folder)) < LONGEST_PATH - 260:
        folder = folder / ("x" * 200)
    (folder / "ready").mkdir(parents=True)
    (folder / "ready" / MANIFEST_NAME).touch()
    hidden = folder / ("y" * (LONGEST_PATH - len(str(folder)) - 8))  # its files are out of reach
    hidden.mkdir()
    entries = list_datasets(folder)
    assert [entry.folder for entry in entries] == [folder / "ready", hidden]
    assert str(entries[1].problem).endswith("cannot be read: File name too long")
