"""Every scenario with an engine slow, killed or restarted: told plainly, and right again."""

import threading
import time
from contextlib import suppress

import psutil
import pytest

from basetype_benchmark.config.scenarios import Scenario, StorageModel
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    BenchmarkError,
    CountMismatch,
    HostError,
    LoadError,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.service import CLIENT_GRACE_S, Service
from basetype_benchmark.runners.base import BenchmarkRunner
from tests.conformance.answers import wrong_answers
from tests.conformance.bench import Bench
from tests.conformance.long_queries import LONG_QUERIES, long_statements
from tests.fakes import DoOnFirstAdvance

pytestmark = pytest.mark.servers

UNDER_WAY_S = 0.4
"""After this, a query that was sent is being executed."""
SLOW_MACHINE_S = 1.0


def test_there_is_a_long_query_for_every_storage_model() -> None:
    assert LONG_QUERIES.keys() == set(StorageModel)


def test_a_query_over_its_limit_is_a_timeout_and_the_next_is_answered(
    scenario: Scenario, fragile: Bench, fragile_runner: BenchmarkRunner
) -> None:
    limit_s = fragile.timeout_s
    for engine, statement in long_statements(scenario):
        begin = time.monotonic()
        with pytest.raises(QueryTimeout) as caught:
            fragile_runner.execute(statement)
        took_s = time.monotonic() - begin
        assert_one_line(caught.value)
        assert 0.9 * limit_s < took_s < limit_s + CLIENT_GRACE_S + SLOW_MACHINE_S, engine
        fragile_runner.recover()
        assert wrong_answers(fragile_runner) == {}, engine


def test_an_engine_killed_in_a_query_answers_rightly_again_or_says_that_its_data_are_gone(
    scenario: Scenario, fragile: Bench, fragile_runner: BenchmarkRunner
) -> None:
    for engine, statement in long_statements(scenario):
        victim = fragile.services(scenario)[engine]
        killing = threading.Timer(UNDER_WAY_S, kill, (victim,))
        killing.start()
        with pytest.raises(ServerDied) as caught:
            fragile_runner.execute(statement)
        killing.join()
        assert_one_line(caught.value)
        recover_or_load_again(fragile_runner)
        assert wrong_answers(fragile_runner) == {}, engine


@pytest.mark.parametrize("which", [0, -1], ids=["first", "last"])
def test_an_engine_killed_in_a_load_is_told_with_the_phase_and_a_new_load_is_whole(
    scenario: Scenario, fragile: Bench, fragile_runner: BenchmarkRunner, which: int
) -> None:
    task = fragile.load_tasks[which]
    has_own_series = scenario.series is not None and task == "series"
    engine = scenario.series.engine if has_own_series else scenario.graph.engine
    victim = fragile.services(scenario)[engine]
    fragile_runner.clear_data()
    with pytest.raises((LoadError, ServerDied), match="phase '") as caught:
        fragile_runner.load_stores(DoOnFirstAdvance(lambda: kill(victim), task=task))
    assert_one_line(caught.value)
    fragile_runner.disconnect()
    victim.restart()
    fragile_runner.connect()
    fragile_runner.load_and_verify()
    assert wrong_answers(fragile_runner) == {}


def test_a_restart_keeps_the_data_or_the_counts_tell_that_they_are_gone(
    scenario: Scenario, fragile: Bench, fragile_runner: BenchmarkRunner, toy: Dataset
) -> None:
    fragile.stop(scenario)
    with fragile.connect(scenario, toy) as runner:
        try:
            runner.verify_counts()
        except CountMismatch as gone:
            assert_one_line(gone)
            runner.load_and_verify()
        assert wrong_answers(runner) == {}


def kill(service: Service) -> None:
    """End the server and its own children at once, as the end of a container does."""
    assert service.pid is not None
    server = psutil.Process(service.pid)
    for process in (server, *server.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def recover_or_load_again(runner: BenchmarkRunner) -> None:
    """Recover; an engine that keeps all in memory must refuse, as nothing is left to ask."""
    try:
        runner.recover()
    except (ServerDied, HostError) as gone:
        assert_one_line(gone)
        runner.disconnect()
        runner.connect()
        runner.load_and_verify()


def assert_one_line(error: BenchmarkError) -> None:
    assert str(error)
    assert "\n" not in str(error)
