import gc
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import BenchmarkResult, QueryResult
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.errors import (
    BenchmarkError,
    CountMismatch,
    DatasetError,
    DiskFull,
    LoadingStalled,
    LoadingTimeout,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    ServerDied,
    ServiceUnavailable,
)
from basetype_benchmark.loaders.base import StoredCounts
from tests.fakes import (
    COUNTS,
    LEGS,
    SCENARIO,
    FakeRunner,
    RecordingProgress,
    make_dataset,
    make_workload,
    right_answers,
)
from tests.unit.test_runners.runs import PROTOCOL, fail_on, run, runner

__all__ = ["runner"]  # a fixture


def query(result: BenchmarkResult, query_id: str) -> QueryResult:
    return next(q for q in result.queries if q.query == query_id)


def test_a_right_scenario_is_completed_with_every_sample(runner: FakeRunner) -> None:
    result = run(runner)
    assert result.outcome is CellOutcome.COMPLETED
    assert result.is_ok
    assert [q.query for q in result.queries] == ["Q1", "Q2"]
    for found in result.queries:
        assert Counter((s.variant, s.outcome) for s in found.samples) == {
            (1, Outcome.OK): 3,
            (2, Outcome.OK): 3,
        }
        assert [s.run for s in found.samples] == [1, 2, 3, 1, 2, 3]
        assert found.rows == 2
        assert found.latency is not None
        assert found.latency.n == 6


def test_only_the_execution_is_inside_the_clock(runner: FakeRunner) -> None:
    result = run(runner)
    elapsed = {s.elapsed_ns for q in result.queries for s in q.samples}
    assert elapsed == {1000}  # one tick of the fake clock: read before and after, nothing between


def test_an_answer_after_the_limit_is_a_timeout_and_is_not_asked_again(runner: FakeRunner) -> None:
    late = replace(PROTOCOL, timeout_s=0.5e-6)  # half of what the fake clock gives an execution
    result = run(runner, late)
    assert len(runner.executed) == 4
    for found in result.queries:
        assert found.outcome is Outcome.TIMEOUT
        assert found.latency is None
        assert {s.outcome for s in found.samples} == {Outcome.TIMEOUT, Outcome.SKIPPED}
        assert "too late" in (found.reason or "")


def test_legs_are_kept_with_the_sample(runner: FakeRunner) -> None:
    assert run(runner).queries[0].samples[0].legs == LEGS


def test_the_collector_is_off_during_an_execution_and_on_again_after(runner: FakeRunner) -> None:
    states: list[bool] = []
    runner.on_execute = lambda _building, _count: states.append(gc.isenabled())
    run(runner)
    assert not any(states)
    assert gc.isenabled()


def test_every_variant_is_warmed_up_before_any_is_measured(runner: FakeRunner) -> None:
    run(runner)
    assert len(runner.executed) == 4 * (2 + 3)
    for block in range(5):
        chunk = runner.executed[4 * block : 4 * block + 4]
        assert len(set(chunk)) == 4  # each block holds every variant of every query once


def test_the_order_is_shuffled_and_depends_on_the_seed_alone(tmp_path: Path) -> None:
    orders = []
    for seed in ("42/1", "42/1", "42/2"):
        workload = make_workload(tmp_path, ["Q1", "Q2", "Q3"], ["b01", "b02", "b03"])
        runner = FakeRunner(make_dataset(tmp_path), right_answers(workload))
        runner.run_benchmark(workload, PROTOCOL, shuffle_seed=seed)
        orders.append(runner.executed)
    assert orders[0] == orders[1]
    assert orders[0] != orders[2]
    assert orders[0][:9] != orders[0][9:18]


def test_progress_reaches_its_total(runner: FakeRunner) -> None:
    progress = RecordingProgress()
    run(runner, progress=progress)
    assert progress.done == progress.totals == {"queries": 20}


def test_a_wrong_value_makes_every_sample_of_the_variant_wrong(tmp_path: Path) -> None:
    workload = make_workload(tmp_path)
    answers = right_answers(workload)
    answers["Q1", "b02"] = [("b02.Q1.x", 1.5), ("b02.Q1.y", 2.5001)]
    runner = FakeRunner(make_dataset(tmp_path), answers)
    result = run(runner)
    found = query(result, "Q1")
    assert found.outcome is Outcome.WRONG_ANSWER
    assert [v.outcome for v in found.variants] == [Outcome.OK, Outcome.WRONG_ANSWER]
    assert [s.outcome for s in found.samples if s.variant == 2] == [Outcome.WRONG_ANSWER] * 3
    assert "2.5001" in " ".join(found.variants[1].differences)
    right, wrong = found.variants
    assert right.answer_sha256 == right.expected_sha256 != ""
    assert wrong.answer_sha256 not in (wrong.expected_sha256, None)
    assert found.latency is not None
    assert found.latency.n == 6
    assert not result.is_ok
    assert query(result, "Q2").outcome is Outcome.OK


def test_a_row_lost_in_a_later_run_is_a_wrong_answer(runner: FakeRunner) -> None:
    def lose_a_row(building: str, count: int) -> None:
        if building == "b01" and count == 4:  # the second measured run
            runner._store["Q1", "b01"] = runner._store["Q1", "b01"][:1]

    runner.on_execute = lose_a_row
    found = query(run(runner), "Q1")
    assert [s.outcome for s in found.samples if s.variant == 1] == [
        Outcome.OK,
        Outcome.WRONG_ANSWER,
        Outcome.WRONG_ANSWER,
    ]
    assert found.reason == "run 2 gave 1 rows instead of 2"
    assert found.variants[0].answer_sha256 == found.variants[0].expected_sha256


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (QueryRefused("no memory"), Outcome.REFUSED),
        (QueryFailed("syntax"), Outcome.ERROR),
        (DiskFull("no space for a temporary file"), Outcome.ERROR),
    ],
)
def test_a_failed_query_is_an_outcome_and_the_rest_goes_on(
    runner: FakeRunner, error: BenchmarkError, outcome: Outcome
) -> None:
    runner.on_execute = fail_on("b01", error)  # type: ignore[assignment]
    result = run(runner)
    assert result.outcome is CellOutcome.COMPLETED
    found = query(result, "Q1")
    assert [s.outcome for s in found.samples] == [outcome] * 3 + [Outcome.OK] * 3
    assert found.outcome is outcome
    assert found.reason == str(error)
    assert runner.recoveries == 0


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(QueryTimeout("60 s"), Outcome.TIMEOUT), (ServerDied("killed"), Outcome.ERROR)],
)
@pytest.mark.parametrize("execution", [1, 3])
def test_what_times_out_or_kills_the_server_is_recovered_from_and_not_repeated(
    runner: FakeRunner, error: QueryFailed, outcome: Outcome, execution: int
) -> None:
    runner.on_execute = fail_on("b01", error, execution=execution)  # type: ignore[assignment]
    result = run(runner)
    found = query(result, "Q1")
    assert [s.outcome for s in found.samples if s.variant == 1] == [
        outcome,
        Outcome.SKIPPED,
        Outcome.SKIPPED,
    ]
    assert found.samples[0].elapsed_ns == 1000
    assert found.samples[1].elapsed_ns is None
    assert found.outcome is outcome
    assert runner.executed.count(("Q1", "b01")) == execution
    assert runner.recoveries == 2  # Q1 and Q2 both ask for b01
    assert result.outcome is CellOutcome.COMPLETED


def test_a_server_that_does_not_come_back_ends_the_cell_with_what_was_measured(
    runner: FakeRunner,
) -> None:
    runner.on_execute = fail_on("b01", ServerDied("killed"), execution=3)  # type: ignore[assignment]
    runner.recover_error = ServiceUnavailable("it does not start")
    result = run(runner)
    assert result.outcome is CellOutcome.CONTAINER_FAILED
    assert result.reason is not None
    assert "it does not start" in result.reason
    assert sum(len(q.samples) for q in result.queries) == 12
    outcomes = Counter(s.outcome for q in result.queries for s in q.samples)
    assert outcomes[Outcome.ERROR] == 1
    assert outcomes[Outcome.SKIPPED] >= 8
    assert {q.outcome for q in result.queries} == {Outcome.ERROR, Outcome.SKIPPED}
    assert not runner.is_connected


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (LoadingTimeout("too long"), CellOutcome.LOAD_TIMEOUT),
        (LoadingStalled("no progress"), CellOutcome.LOAD_STALLED),
        (ServerDied("killed"), CellOutcome.CONTAINER_FAILED),
        (ServiceUnavailable("gone"), CellOutcome.CONTAINER_FAILED),
        (DiskFull("no space"), CellOutcome.ERROR),
    ],
)
def test_a_failed_load_is_the_outcome_of_the_cell(
    runner: FakeRunner, error: BenchmarkError, outcome: CellOutcome
) -> None:
    runner.load_error = error
    result = run(runner)
    assert result.outcome is outcome
    assert result.reason == str(error)
    assert result.error_type == type(error).__name__
    assert result.load is None
    assert {q.outcome for q in result.queries} == {Outcome.SKIPPED}
    assert runner.executed == []
    assert not runner.is_connected


def test_a_damaged_dataset_is_not_the_fault_of_one_cell(runner: FakeRunner) -> None:
    runner.load_error = DatasetError("part-0.parquet cannot be read")
    with pytest.raises(DatasetError):
        run(runner)
    assert not runner.is_connected


@pytest.mark.parametrize(
    "stored",
    [
        StoredCounts(nodes=COUNTS.nodes, edges=COUNTS.edges, samples=11),
        StoredCounts(nodes={"Site": 1}, edges=COUNTS.edges, samples=12),
        StoredCounts(nodes=COUNTS.nodes, edges=COUNTS.edges, samples=None),
    ],
)
def test_nothing_is_timed_when_the_counts_differ(runner: FakeRunner, stored: StoredCounts) -> None:
    runner.stored = stored
    result = run(runner)
    assert result.outcome is CellOutcome.ERROR
    assert runner.executed == []
    with pytest.raises(CountMismatch):
        runner.load_and_verify()


def test_the_load_says_what_is_in_the_store(runner: FakeRunner) -> None:
    load = run(runner).load
    assert load is not None
    assert load.elapsed_ns == 1000
    assert load.size_bytes == 1 << 20
    [store] = load.stores
    assert (store.nodes, store.edges, store.samples) == (2, 1, 12)
    assert store.version == "in memory 1.0"


def test_what_a_scenario_cannot_express_is_unsupported_with_its_reason(
    runner: FakeRunner,
) -> None:
    runner.scenario = replace(SCENARIO, cannot={"Q2": "no path expressions"})
    result = run(runner)
    found = query(result, "Q2")
    assert (found.outcome, found.reason) == (Outcome.UNSUPPORTED, "no path expressions")
    assert found.samples == ()
    assert result.is_ok
    assert {key[0] for key in runner.executed} == {"Q1"}


def test_a_validation_is_one_run_without_warm_up(runner: FakeRunner) -> None:
    result = run(runner, Protocol(warmup=0, runs=1, variants=2))
    assert sorted(runner.executed) == [("Q1", "b01"), ("Q1", "b02"), ("Q2", "b01"), ("Q2", "b02")]
    assert result.is_ok
