import pytest

from basetype_benchmark.benchmark.execution import ClientWork, Legs
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import (
    LoadResult,
    Sample,
    StoreResult,
    VariantResult,
    query_result,
    worst_outcome,
)
from tests.records import (
    make_client_query,
    make_load,
    make_query,
    make_result,
    make_samples,
)


def variant(outcome: Outcome, number: int = 1, reason: str | None = None) -> VariantResult:
    return VariantResult(
        number=number, parameters={}, expected_rows=1, outcome=outcome, reason=reason
    )


@pytest.mark.parametrize(
    ("outcomes", "worst"),
    [
        ([Outcome.OK, Outcome.OK], Outcome.OK),
        ([Outcome.OK, Outcome.TIMEOUT, Outcome.SKIPPED], Outcome.TIMEOUT),
        ([Outcome.TIMEOUT, Outcome.WRONG_ANSWER], Outcome.WRONG_ANSWER),
        ([Outcome.ERROR, Outcome.OK], Outcome.ERROR),
        ([Outcome.OK, Outcome.SKIPPED, Outcome.OK], Outcome.SKIPPED),
        ([Outcome.SKIPPED, Outcome.SKIPPED], Outcome.SKIPPED),
        ([], Outcome.SKIPPED),
    ],
)
def test_a_query_is_as_good_as_its_worst_execution(outcomes: list[Outcome], worst: Outcome) -> None:
    assert worst_outcome(outcomes) is worst


def test_every_outcome_has_a_gravity() -> None:
    for outcome in Outcome:
        assert worst_outcome([outcome]) is outcome


def test_latency_counts_wrong_answers_but_not_timeouts() -> None:
    samples = [
        *make_samples("Q1", [10, 20]),
        *make_samples("Q1", [30], outcome=Outcome.WRONG_ANSWER),
        Sample(query="Q1", variant=1, run=4, outcome=Outcome.TIMEOUT, elapsed_ns=60_000),
        Sample(query="Q1", variant=1, run=5, outcome=Outcome.SKIPPED),
    ]
    result = query_result("Q1", "energy_chain", [variant(Outcome.WRONG_ANSWER)], samples)
    assert result.latency is not None
    assert (result.latency.n, result.latency.max_ns) == (3, 30)


def test_a_query_without_an_answer_has_no_latency_and_no_rows() -> None:
    sample = Sample(query="Q1", variant=1, run=1, outcome=Outcome.ERROR, elapsed_ns=5)
    result = query_result("Q1", "energy_chain", [variant(Outcome.ERROR)], [sample])
    assert result.latency is None
    assert result.rows is None
    assert result.legs is None


def test_the_reason_is_that_of_the_worst_variant() -> None:
    variants = [
        variant(Outcome.TIMEOUT, 1, "too slow"),
        variant(Outcome.WRONG_ANSWER, 2, "a row is missing"),
    ]
    assert query_result("Q1", "energy_chain", variants, []).reason == "a row is missing"


def test_a_query_with_few_of_its_runs_is_skipped_and_says_how_many() -> None:
    skipped = [Sample(query="Q1", variant=1, run=run, outcome=Outcome.SKIPPED) for run in (3, 4)]
    samples = [*make_samples("Q1", [10, 20]), *skipped]
    result = query_result("Q1", "energy_chain", [variant(Outcome.SKIPPED)], samples)
    assert (result.outcome, result.reason) == (Outcome.SKIPPED, "2 of 4 runs")
    assert result.answered_runs == 2
    assert not make_result(queries=(result,)).is_ok


def test_a_query_that_never_ran_leaves_the_reason_to_its_cell() -> None:
    samples = [Sample(query="Q1", variant=1, run=1, outcome=Outcome.SKIPPED)]
    assert query_result("Q1", "energy_chain", [variant(Outcome.SKIPPED)], samples).reason is None


def test_legs_are_summed_over_the_samples() -> None:
    assert make_query().legs == Legs(graph_ns=2100, transfer_ns=300, series_ns=600)


def test_the_work_of_the_client_is_summed_over_the_samples() -> None:
    assert make_client_query().client == ClientWork(
        fetch_ns=1200,
        decode_ns=600,
        aggregate_ns=200,
        received_bytes=6144,
        chunks=10,
        decoded_samples=8642,
    )


def test_a_query_without_a_part_of_the_client_has_no_work_of_it() -> None:
    assert make_query().client is None


def test_the_size_of_a_load_is_unknown_when_one_store_does_not_know_its_own() -> None:
    known = make_load()
    blind = StoreResult(
        engine="x",
        version="X 1",
        phases=(),
        size_bytes=None,
        nodes=1,
        edges=1,
        samples=None,
        details={},
    )
    assert known.size_bytes == 4096
    assert LoadResult(elapsed_ns=1, stores=(*known.stores, blind)).size_bytes is None


def test_only_a_wholly_right_cell_has_a_geometric_mean() -> None:
    right = make_result()
    assert right.is_ok
    assert right.geometric_mean_p50_ns == pytest.approx(2_000_001)
    wrong = make_result(queries=(make_query("Q1"), make_query("Q2", outcome=Outcome.WRONG_ANSWER)))
    assert not wrong.is_ok
    assert wrong.geometric_mean_p50_ns is None


def test_a_cell_that_was_not_completed_is_not_ok() -> None:
    assert not make_result(outcome=CellOutcome.CONTAINER_FAILED).is_ok
