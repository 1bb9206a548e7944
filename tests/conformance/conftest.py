"""Every scenario of the table, on real servers, with the toy or a generated building loaded."""

from collections.abc import Iterator

import pytest

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.config.scenarios import SCENARIOS, Scenario
from basetype_benchmark.dataset.generate import generate_dataset
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.engines import Services, open_runner
from basetype_benchmark.infrastructure.local_service import LocalService
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.oracle.oracle import Oracle
from basetype_benchmark.runners.base import BenchmarkRunner
from tests.toy import build_toy

TIMEOUT_S = 60


@pytest.fixture(scope="session")
def services(oxigraph_service: LocalService, postgres_service: LocalService) -> Services:
    return {"oxigraph": oxigraph_service, "postgresql": postgres_service}


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    folder = tmp_path_factory.mktemp("datasets") / "tiny"
    return Oracle(generate_dataset(find_profile("tiny-2d"), 42, folder))


@pytest.fixture(scope="module", params=SCENARIOS.values(), ids=lambda scenario: scenario.id)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    chosen: Scenario = request.param
    return chosen


@pytest.fixture(scope="module")
def toy_runner(scenario: Scenario, services: Services, toy: Dataset) -> Iterator[BenchmarkRunner]:
    yield from loaded(open_runner(scenario, services, toy, TIMEOUT_S))


@pytest.fixture(scope="module")
def tiny_runner(
    scenario: Scenario, services: Services, oracle: Oracle
) -> Iterator[BenchmarkRunner]:
    yield from loaded(open_runner(scenario, services, oracle.dataset, TIMEOUT_S))


def loaded(runner: BenchmarkRunner) -> Iterator[BenchmarkRunner]:
    """Load twice, as a campaign that is repeated does: the second load must find no leftovers."""
    runner.connect()
    try:
        for _ in range(2):
            runner.clear_data()
            runner.load_stores(SILENT)
        yield runner
    finally:
        runner.clear_data()
        runner.disconnect()
