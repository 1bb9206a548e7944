"""The toy building, written and opened once for all tests of the queries."""

import pytest

from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.queries.oracle import Oracle
from tests.toy import build_toy


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@pytest.fixture(scope="session")
def toy_oracle(toy: Dataset) -> Oracle:
    return Oracle(toy)
