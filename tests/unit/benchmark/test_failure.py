import pytest

from basetype_benchmark.benchmark.failure import Failure, find_failure
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from tests.records import make_query, make_result

DIED = "the server went away"


def test_a_cell_with_right_answers_alone_has_no_failure() -> None:
    assert find_failure(make_result()) is None
    unsupported = make_query("Q2", outcome=Outcome.UNSUPPORTED)
    assert find_failure(make_result(queries=(make_query("Q1"), unsupported))) is None


@pytest.mark.parametrize(
    ("outcome", "words", "is_memory_matter"),
    [
        (CellOutcome.OOM_LOAD, "oom load", True),
        (CellOutcome.OOM_RECOVERY, "oom recovery", True),
        (CellOutcome.LOAD_REFUSED, "refused load", True),
        (CellOutcome.LOAD_TIMEOUT, "timeout load", True),
        (CellOutcome.LOAD_STALLED, "stalled load", True),
        (CellOutcome.CONTAINER_FAILED, "server failed", True),
        (CellOutcome.ERROR, "error", False),
    ],
)
def test_the_end_of_a_cell_is_named(
    outcome: CellOutcome, words: str, *, is_memory_matter: bool
) -> None:
    queries = (make_query("Q1", outcome=Outcome.SKIPPED),)
    failure = find_failure(make_result(outcome=outcome, queries=queries))
    assert failure == Failure(words=words, reason=DIED, is_memory_matter=is_memory_matter)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [(CellOutcome.CONTAINER_FAILED, "no start"), (CellOutcome.OOM_LOAD, "oom start")],
)
def test_a_server_that_does_not_start_is_named(outcome: CellOutcome, words: str) -> None:
    failure = find_failure(make_result(outcome=outcome, queries=()))
    assert failure == Failure(words=words, reason=DIED, is_memory_matter=True)


def test_every_end_of_a_cell_has_words() -> None:
    for outcome in CellOutcome:
        queries = (make_query("Q1", outcome=Outcome.SKIPPED),)
        failure = find_failure(make_result(outcome=outcome, queries=queries))
        assert failure is not None
        assert failure.words


@pytest.mark.parametrize("end", [CellOutcome.OOM_QUERY, CellOutcome.CONTAINER_FAILED])
def test_the_query_that_cost_the_server_its_life_is_named(end: CellOutcome) -> None:
    queries = (make_query("Q1"), make_query("Q7", outcome=Outcome.OOM))
    failure = find_failure(make_result(outcome=end, queries=queries))
    assert failure is not None
    assert failure.words == "oom Q7"
    assert failure.is_memory_matter


@pytest.mark.parametrize(
    ("outcome", "words", "is_memory_matter"),
    [
        (Outcome.REFUSED, "refused Q7 +1", True),
        (Outcome.TIMEOUT, "timeout Q7 +1", True),
        (Outcome.ERROR, "error Q7 +1", True),
        (Outcome.WRONG_ANSWER, "wrong answer Q7 +1", False),
    ],
)
def test_the_gravest_outcome_of_the_queries_is_named_with_the_first_of_them(
    outcome: Outcome, words: str, *, is_memory_matter: bool
) -> None:
    queries = (
        make_query("Q1"),
        make_query("Q2", outcome=Outcome.SKIPPED),
        make_query("Q7", outcome=outcome),
        make_query("Q9", outcome=outcome),
    )
    failure = find_failure(make_result(queries=queries))
    assert failure == Failure(
        words=words, reason="it went wrong", is_memory_matter=is_memory_matter
    )
