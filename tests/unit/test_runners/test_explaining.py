from collections.abc import Callable
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.errors import (
    BenchmarkError,
    DiskFull,
    QueryFailed,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.queries.statement import Statement
from basetype_benchmark.runners.explaining import join_plans
from tests.fakes import FakeClock, FakeRunner, make_dataset, make_workload, right_answers

Explain = Callable[[Statement], str | None]


class ExplainingRunner(FakeRunner):
    """Tells plans; `asked` are the queries whose plan was asked for."""

    def __init__(self, folder: Path, plan: Explain) -> None:
        super().__init__(make_dataset(folder), right_answers(make_workload(folder)))
        self.asked: list[str] = []
        self._plan = plan

    def explain(self, statement: Statement) -> str | None:
        assert self.is_connected
        self.asked.append(statement.question.id)
        return self._plan(statement)


def run(runner: FakeRunner, *, explains: bool = True) -> BenchmarkResult:
    return runner.run_benchmark(
        make_workload(runner.dataset.folder),
        Protocol(warmup=1, runs=2, variants=2),
        shuffle_seed="42/1",
        clock=FakeClock(),
        explains=explains,
    )


def failing(error: BenchmarkError) -> Explain:
    def plan(statement: Statement) -> str | None:
        raise error

    return plan


def test_the_plan_of_each_query_is_kept_and_asked_for_once(tmp_path: Path) -> None:
    runner = ExplainingRunner(tmp_path, lambda statement: f"plan of {statement.question.id}")
    result = run(runner)
    answered = [q.query for q in result.queries if q.outcome is Outcome.OK]
    assert runner.asked == answered
    assert [q.plan for q in result.queries if q.query in answered] == [
        f"plan of {query}" for query in answered
    ]
    assert run(ExplainingRunner(tmp_path, failing(QueryFailed("no"))), explains=False).is_ok


@pytest.mark.parametrize("error", [QueryFailed("it cannot"), DiskFull("full")])
def test_a_plan_that_is_refused_is_told_and_fails_nothing(
    tmp_path: Path, error: BenchmarkError
) -> None:
    result = run(ExplainingRunner(tmp_path, failing(error)))
    assert result.outcome is CellOutcome.COMPLETED
    assert {q.plan for q in result.queries if q.variants} == {f"(no plan: {error})"}


@pytest.mark.parametrize("error", [ServerDied("gone"), QueryTimeout("too slow")])
def test_a_server_that_goes_away_over_a_plan_costs_no_result_and_is_asked_no_more(
    tmp_path: Path, error: BenchmarkError
) -> None:
    runner = ExplainingRunner(tmp_path, failing(error))
    result = run(runner)
    assert result.outcome is CellOutcome.COMPLETED
    assert len(runner.asked) == 1
    assert {q.plan for q in result.queries} == {None}


def test_plans_of_two_engines_stand_under_their_names() -> None:
    assert join_plans({"oxigraph": None, "postgresql": "Sort"}) == "postgresql:\nSort"
    assert join_plans({"falkordb": "Scan", "postgresql": "Sort"}) == (
        "falkordb:\nScan\n\npostgresql:\nSort"
    )
    assert join_plans({"falkordb": "Scan"}) == "Scan"
    assert join_plans({"oxigraph": None}) is None
