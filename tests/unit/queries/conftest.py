"""The toy building, written and opened once for all tests of the queries."""

import pytest
from hypothesis import settings

from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.queries.oracle import Oracle
from tests.toy import build_toy

# A deadline measures how busy the machine is, not whether the code is right.
settings.register_profile("without deadline", deadline=None)
settings.load_profile("without deadline")


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@pytest.fixture(scope="session")
def toy_oracle(toy: Dataset) -> Oracle:
    return Oracle(toy)
