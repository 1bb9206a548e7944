import pytest

from basetype_benchmark.config.scenarios import SCENARIOS, find_scenario
from basetype_benchmark.errors import UsageError


@pytest.mark.parametrize("scenario_id", ["o2", " O2 ", "O2"])
def test_a_scenario_is_found_whatever_its_case(scenario_id: str) -> None:
    assert find_scenario(scenario_id) is SCENARIOS["O2"]


def test_an_unknown_scenario_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no scenario 'Z9'; choose from: P1, .*O2"):
        find_scenario("Z9")


def test_a_scenario_is_federated_when_its_series_live_elsewhere() -> None:
    assert not SCENARIOS["P1"].is_federated
    assert SCENARIOS["O2"].is_federated
