import os

import pytest

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.data_lock import DataLock


def lock(folder):
    return DataLock(data_dir=folder / "data", lock_file=folder / "data.lock")


def test_a_second_holder_is_refused_with_the_first_ones_process(tmp_path):
    with (
        lock(tmp_path),
        pytest.raises(ServiceUnavailable, match=f"in use by process {os.getpid()}"),
        lock(tmp_path),
    ):
        pass


def test_the_lock_is_free_again_after_its_holder(tmp_path):
    for _ in range(2):
        with lock(tmp_path):
            assert (tmp_path / "data.lock").read_text() == f"{os.getpid()}\n"


def test_two_directories_do_not_hinder_each_other(tmp_path):
    (tmp_path / "other").mkdir()
    with lock(tmp_path), lock(tmp_path / "other"):
        pass


def test_a_holder_that_left_no_number_is_still_a_holder(tmp_path):
    with lock(tmp_path):
        (tmp_path / "data.lock").write_text("")
        with pytest.raises(ServiceUnavailable, match="in use by another process"), lock(tmp_path):
            pass
