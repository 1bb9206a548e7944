"""The shipped scales, each built once."""

import pytest

from tests.unit.dataset.topology.walk import Walk, shipped


@pytest.fixture(params=["tiny", "small"])
def built(request: pytest.FixtureRequest) -> Walk:
    return shipped(request.param)
