"""Containers that run out of memory: which outcome, of what, and that the campaign goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.engines import Services, open_runner
from basetype_benchmark.queries.statement import Statement
from basetype_benchmark.runners.oom_watch import OomWatch
from basetype_benchmark.runners.workload import Workload
from basetype_benchmark.units import MIB
from basetype_benchmark.workflows.placement import Provider, ServiceChoice, open_services
from tests.fakes import RecordingProgress, make_workload
from tests.toy import build_toy

pytestmark = pytest.mark.servers

NO_QUESTIONS = Workload(work=())
PROTOCOL = Protocol(warmup=0, runs=1, variants=1, timeout_s=60)
ANSWER = """
select %(building_id)s || '.Q2.x' as id, 1.5::float8 as value
union all select %(building_id)s || '.Q2.y', 2.5::float8
"""
GREEDY = """
select cardinality(array_agg(repeat(%(building_id)s, 500) || g)) as id, 1.5::float8 as value
from generate_series(1, 100000000) as g
"""


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("datasets") / "small"
    return generate_dataset(find_profile("small-2d"), 42, folder)


@contextmanager
def contained(
    scenario_id: str, folder: Path, images: Mapping[str, str], ram_bytes: int
) -> Iterator[Services]:
    """Run the containers of a scenario, each limited to `ram_bytes`."""
    choice = ServiceChoice(provider=Provider.DOCKER, images=images)
    limits = dict.fromkeys(images, ram_bytes)
    with open_services(
        SCENARIOS[scenario_id], choice, folder, 60, fresh=True, ram_bytes=limits
    ) as services:
        yield services


def measure(
    scenario_id: str,
    services: Services,
    dataset: Dataset,
    workload: Workload,
    executed: list[str] | None = None,
) -> BenchmarkResult:
    """Run a cell; `executed` gets the ids of the questions in the order of their execution."""
    runner = open_runner(SCENARIOS[scenario_id], services, dataset, 60)
    execute = runner.execute

    def noted(statement: Statement) -> Execution:
        if executed is not None:
            executed.append(statement.question.id)
        return execute(statement)

    runner.execute = noted  # type: ignore[method-assign]
    return runner.run_benchmark(
        workload,
        PROTOCOL,
        shuffle_seed="42/2",
        progress=RecordingProgress(),
        watch=OomWatch(services),
    )


def write_texts(workload: Workload, **texts: str) -> None:
    for work in workload.work:
        (work.question.folder / "relational.sql").write_text(texts[work.question.id])


def test_a_backend_killed_in_a_query_is_oom_and_the_next_query_is_served(
    images: Mapping[str, str], toy: Dataset, tmp_path: Path
) -> None:
    workload = make_workload(tmp_path / "questions", buildings=["b01"])
    write_texts(workload, Q1=GREEDY, Q2=ANSWER)
    executed: list[str] = []
    with contained("P1", tmp_path, images, 256 * MIB) as services:
        result = measure("P1", services, toy, workload, executed)
        assert services["postgresql"].why_dead() is None
        assert (services["postgresql"].oom_kills() or 0) >= 1  # the kernel may take a second one
    assert executed == ["Q1", "Q2"]
    assert result.outcome is CellOutcome.OOM_QUERY
    greedy, answered = result.queries
    assert (greedy.query, greedy.outcome) == ("Q1", Outcome.OOM)
    assert "a process of the server, which lives on, for lack of memory" in str(greedy.reason)
    assert "the limit is 256 MiB" in str(greedy.reason)
    assert answered.outcome is Outcome.OK


def test_a_server_killed_while_loading_is_oom_load(
    images: Mapping[str, str], small: Dataset, tmp_path: Path
) -> None:
    with contained("O1", tmp_path, images, 64 * MIB) as services:
        result = measure("O1", services, small, NO_QUESTIONS)
    assert result.outcome is CellOutcome.OOM_LOAD
    assert "oxigraph: the kernel ended the server for lack of memory" in str(result.reason)
    assert result.load is None


def test_a_graph_over_the_limit_of_its_engine_is_refused(
    images: Mapping[str, str], small: Dataset, tmp_path: Path
) -> None:
    with contained("F1", tmp_path, images, 96 * MIB) as services:
        result = measure("F1", services, small, NO_QUESTIONS)
        assert services["falkordb"].why_dead() is None
        assert services["falkordb"].oom_kills() == 0
    assert result.outcome is CellOutcome.LOAD_REFUSED
