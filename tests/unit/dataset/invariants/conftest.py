"""A generated dataset beside `tiny` and `week`; none of the tests changes one."""

import pytest

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.reader import Dataset


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The profile small-2d."""
    folder = tmp_path_factory.mktemp("datasets") / "small-2d_seed42"
    return generate_dataset(find_profile("small-2d"), 42, folder)
