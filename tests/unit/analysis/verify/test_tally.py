from dataclasses import dataclass

import pytest

from basetype_benchmark.analysis.verify.tally import Tally
from basetype_benchmark.benchmark.outcome import Outcome


@dataclass(frozen=True)
class Pair:
    left: float
    right: tuple[int, ...] = ()


def findings(stated: object, due: object) -> list[tuple[str, str]]:
    tally = Tally("a check", "what must hold")
    tally.compare("file.json", "here", stated, due, "there")
    return [(finding.field, finding.problem) for finding in tally.result().findings]


@pytest.mark.parametrize(
    ("stated", "due", "field"),
    [
        (1, 2, "here"),
        (0.1 + 0.2, 0.3, "here"),
        (1, True, "here"),
        (0, False, "here"),
        (None, 0, "here"),
        ({"a": 1}, {"a": 1, "b": 2}, "here.b"),
        ({"a": 1, "b": None}, {"a": 1}, "here.b"),
        ([1, 2], [1], "here.1"),
        ([{"a": 1}], [{"a": 2}], "here.0.a"),
        (Pair(1.0, (1, 2)), Pair(1.0, (1, 3)), "here.right.1"),
        (Pair(1.0), None, "here"),
        ("1", 1, "here"),
    ],
)
def test_what_differs_is_named_with_its_path(stated: object, due: object, field: str) -> None:
    assert [found for found, _ in findings(stated, due)] == [field]


@pytest.mark.parametrize(
    ("stated", "due"),
    [(1, 1.0), (Outcome.OK, "ok"), ((1, 2), [1, 2]), (Pair(1.0), {"left": 1.0, "right": []})],
)
def test_what_is_written_the_same_is_the_same(stated: object, due: object) -> None:
    assert findings(stated, due) == []


def test_both_values_and_where_the_right_one_is_from_are_told_in_one_line() -> None:
    assert findings({"n": 1}, {"n": 2}) == [("here.n", "is 1, and 2 there")]
    [(_, problem)] = findings({"n": "a\nb" * 500}, {})
    assert "\n" not in problem
    assert len(problem) < 200


def test_a_check_counts_what_it_compared_and_keeps_a_hundred_findings() -> None:
    tally = Tally("a check", "what must hold")
    for number in range(250):
        tally.demand(number % 2 == 0, "file.json", str(number), "is odd")
    check = tally.result()
    assert check.compared == 250
    assert len(check.findings) == 100
    assert not check.is_ok
