"""Traces are read from the files of a dataset, and a file that is not there is told."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from basetype_benchmark.dataset.parts import part_path
from basetype_benchmark.dataset.portrait.traces import series_files_of
from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.errors import DatasetError

DAY = date(2024, 1, 2)


def test_a_day_has_its_file(tiny: Dataset):
    assert series_files_of(tiny, "b01", DAY) == [part_path(tiny.folder, "b01", DAY)]


def test_a_day_without_its_file_is_told(tiny: Dataset, tmp_path: Path):
    copy = tmp_path / tiny.folder.name
    shutil.copytree(tiny.folder, copy)
    part_path(copy, "b01", DAY).unlink()
    with pytest.raises(DatasetError, match="holds no samples"):
        series_files_of(open_dataset(copy), "b01", DAY)
