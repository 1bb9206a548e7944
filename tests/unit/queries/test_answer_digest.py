from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from basetype_benchmark.queries.answer_digest import digest_answer
from basetype_benchmark.queries.catalog import find_question

Q1 = find_question("Q1")
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


def digest(*values: Any) -> str:
    return digest_answer(Q1, [values])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, "1"),
        (True, 1),
        (None, "null"),
        (0.5, 0.500001),
        (-0.5, 0.5),
        (NOON, NOON.isoformat()),
        (NOON, NOON + timedelta(milliseconds=1)),
        (date(2024, 1, 1), "2024-01-01"),
        (float("inf"), float("-inf")),
    ],
)
def test_what_differs_has_another_digest(one: Any, other: Any) -> None:
    assert digest("a", one) != digest("a", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.1 + 0.2, 0.3),
        (sum([0.1] * 1000), 100.0),
        (21.12345, 21.12345 * (1 + 1e-14)),
        (0.0, -1e-12),
        (NOON, NOON.astimezone(timezone(timedelta(hours=2)))),
    ],
)
def test_what_another_machine_computes_for_the_same_has_the_same(one: Any, other: Any) -> None:
    assert digest(one) == digest(other)


def test_a_row_more_and_another_question_have_another_digest() -> None:
    rows = [("a", 1), ("b", 2)]
    assert digest_answer(Q1, rows) != digest_answer(Q1, [*rows, ("b", 2)])
    assert digest_answer(Q1, rows) != digest_answer(find_question("Q2"), rows)
    assert digest_answer(Q1, rows) == digest_answer(Q1, rows[::-1])
