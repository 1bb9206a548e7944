"""Every scenario of the table that can run here, on real servers, with a building loaded."""

from collections.abc import Iterator

import pytest

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import LoadError, QueryFailed
from basetype_benchmark.queries.oracle.oracle import Oracle
from basetype_benchmark.runners.base import BenchmarkRunner
from tests.conformance.answers import TOY_DAYS
from tests.conformance.bench import SCENARIOS_HERE, Bench
from tests.toy import build_toy

TIMEOUT_S = 60.0
SHORT_TIMEOUT_S = 3.0


@pytest.fixture(scope="session", params=SCENARIOS_HERE, ids=lambda scenario: scenario.id)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    chosen: Scenario = request.param
    return chosen


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy", days=TOY_DAYS)


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    folder = tmp_path_factory.mktemp("datasets") / "tiny"
    return Oracle(generate_dataset(find_profile("tiny-2d"), 42, folder))


@pytest.fixture(scope="session")
def toy_oracle(toy: Dataset) -> Oracle:
    """One for all scenarios: it remembers its answers."""
    return Oracle(toy)


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Servers that no test harms."""
    with Bench(tmp_path_factory.mktemp("bench"), timeout_s=TIMEOUT_S) as bench:
        yield bench


@pytest.fixture(scope="session")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Servers with a short limit of one query, for tests that kill them."""
    with Bench(tmp_path_factory.mktemp("fragile"), timeout_s=SHORT_TIMEOUT_S) as bench:
        yield bench


@pytest.fixture
def toy_runner(scenario: Scenario, bench: Bench, toy: Dataset) -> BenchmarkRunner:
    return bench.hold(scenario, toy)


@pytest.fixture
def tiny_runner(scenario: Scenario, bench: Bench, oracle: Oracle) -> BenchmarkRunner:
    return bench.hold(scenario, oracle.dataset)


@pytest.fixture
def fragile_runner(scenario: Scenario, fragile: Bench, toy: Dataset) -> BenchmarkRunner:
    """What the test before left, where it is whole."""
    try:
        runner = fragile.hold(scenario, toy)
        runner.verify_counts()
    except (LoadError, QueryFailed):
        fragile.release()
        runner = fragile.hold(scenario, toy)
    return runner
