import pytest

from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.cli.exit_codes import exit_code
from tests.records import make_query, make_result

FAILED = CellOutcome.CONTAINER_FAILED


def test_right_answers_everywhere_end_with_0() -> None:
    assert exit_code([make_result(), make_result()]) == 0


def test_a_wrong_answer_ends_with_1() -> None:
    wrong = make_result(queries=(make_query(outcome=Outcome.WRONG_ANSWER),))
    assert exit_code([make_result(), wrong]) == 1


@pytest.mark.parametrize(
    ("error_type", "code"),
    [
        ("DiskFull", 3),
        ("ServiceUnavailable", 3),
        ("ServerDied", 1),
        ("CountMismatch", 1),
        (None, 1),
    ],
)
def test_a_failed_cell_ends_with_the_code_of_its_error(error_type: str | None, code: int) -> None:
    assert exit_code([make_result(outcome=FAILED, error_type=error_type), make_result()]) == code
