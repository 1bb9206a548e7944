"""DuckDB that is stuck, slow or killed: one clear error, and back to work after it."""

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from basetype_benchmark.config.scenarios import find_scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    DeadlinePassed,
    LoadError,
    LoadingStalled,
    LoadingTimeout,
    QueryFailed,
    ServiceUnavailable,
    UsageError,
)
from basetype_benchmark.infrastructure.clients.duckdb_client import DuckDBClient
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.services.duckdb import DATABASE, open_duckdb
from basetype_benchmark.loaders.base import LoadLimits, check_counts
from basetype_benchmark.loaders.duckdb import DuckDBLoader
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.statement import build_statement
from basetype_benchmark.runners.duckdb import DuckDBRunner
from basetype_benchmark.units import MIB
from basetype_benchmark.workflows.placement import Provider, ServiceChoice, require_engines
from tests.fakes import DoOnFirstAdvance
from tests.toy import build_toy

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    data_dir = tmp_path_factory.mktemp("engines") / "duckdb"
    with open_duckdb(data_dir, ram_bytes=512 * MIB) as service:
        yield service


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy", days=2)


@pytest.fixture
def loader(service: LocalService) -> DuckDBLoader:
    loader = DuckDBLoader(service)
    loader.clear()
    return loader


def test_a_server_that_answers_nothing_is_given_up_and_restarted_with_its_data(
    service: LocalService, loader: DuckDBLoader, toy: Dataset
) -> None:
    loader.load(toy, SILENT)
    scenario = find_scenario("D1")
    statement = build_statement(find_question("Q5"), scenario, {})
    runner = DuckDBRunner(
        scenario=scenario, dataset=toy, timeout_s=0.2, graph_service=service, graph_loader=loader
    )
    runner.connect()
    assert service.pid is not None
    stopped = service.pid
    os.kill(stopped, signal.SIGSTOP)
    with pytest.raises(DeadlinePassed, match="a query on DuckDB had no answer within"):
        runner.execute(statement)
    runner.recover()
    assert service.pid != stopped
    check_counts("duckdb", loader.count(), toy.manifest.counts)
    runner.disconnect()
    runner.disconnect()


def test_a_phase_over_its_limit_is_a_timeout_that_names_it(
    service: LocalService, loader: DuckDBLoader, toy: Dataset
) -> None:
    hasty = DuckDBLoader(service, LoadLimits(phase_s=0.0))
    with pytest.raises(LoadingTimeout, match="phase 'schema'"):
        hasty.load(toy, SILENT)
    loader.clear()


def test_a_server_that_takes_no_more_is_a_stall_that_names_the_phase(
    service: LocalService, loader: DuckDBLoader, toy: Dataset
) -> None:
    assert service.pid is not None
    stop = partial(os.kill, service.pid, signal.SIGSTOP)
    hasty = DuckDBLoader(service, LoadLimits(stall_s=2.0))
    with pytest.raises(LoadingStalled, match="phase 'series'") as caught:
        hasty.load(toy, DoOnFirstAdvance(stop, task="series"))
    assert "\n" not in str(caught.value)
    service.restart()
    loader.clear()


def test_a_damaged_series_file_is_told_with_the_phase(
    service: LocalService, loader: DuckDBLoader, tmp_path: Path
) -> None:
    damaged = build_toy(tmp_path / "damaged", days=2)
    damaged.series_files()[0].write_bytes(b"PAR1 is not enough PAR1")
    with pytest.raises(LoadError, match="phase 'series'") as caught:
        loader.load(damaged, SILENT)
    assert "\n" not in str(caught.value)


def test_a_store_can_be_cleared_twice_and_loaded_again(loader: DuckDBLoader, toy: Dataset) -> None:
    for _ in range(2):
        loader.clear()
        loader.clear()
        load = loader.load(toy, SILENT)
        check_counts("duckdb", loader.count(), toy.manifest.counts)
    assert load.size_bytes
    assert [phase.name for phase in load.phases][-1] == "checkpoint"


def test_an_empty_store_refuses_a_question(
    service: LocalService, loader: DuckDBLoader, toy: Dataset
) -> None:
    client = DuckDBClient(service)
    with pytest.raises(QueryFailed, match="does not exist"):
        client.execute("SELECT count(*) FROM sample", limit_s=10)
    client.close()


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "duckdb"
    folder.mkdir()
    (folder / DATABASE).write_bytes(b"not a database at all" * 1000)
    with (
        pytest.raises(ServiceUnavailable, match="not a valid DuckDB database file") as caught,
        open_duckdb(folder),
    ):
        pass
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (ServiceChoice(urls={"duckdb": "http://host"}), "has no server at a URL"),
        (ServiceChoice(provider=Provider.EXTERNAL), "never external.*--provider auto"),
    ],
    ids=["a URL", "all external"],
)
def test_an_external_duckdb_is_refused(choice: ServiceChoice, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        require_engines([find_scenario("D1")], choice)
