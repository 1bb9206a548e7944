"""The comparison catches every kind of wrong answer and forgives only what the contract lets."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from basetype_benchmark.queries.answer import Answer, Row
from basetype_benchmark.queries.catalog import ColumnType, Question, find_question
from basetype_benchmark.queries.compare import compare
from tests.toy import ToyAnswer, toy_answers

Q7 = find_question("Q7")
CASES = [answer for answer in toy_answers() if answer.rows]


@dataclass(frozen=True)
class Cell:
    question: Question
    rows: list[Row]
    row: int
    column: int

    @property
    def value(self) -> Any:
        return self.rows[self.row][self.column]

    def replaced_by(self, value: Any) -> list[Row]:
        row = self.rows[self.row]
        changed = (*row[: self.column], value, *row[self.column + 1 :])
        return [*self.rows[: self.row], changed, *self.rows[self.row + 1 :]]


@st.composite
def cells(draw: st.DrawFn, *types: ColumnType) -> Cell:
    """A cell of a right answer whose column has one of the types."""
    chosen = [
        (case, column)
        for case in CASES
        for column, declared in enumerate(find_question(case.question_id).columns)
        if not types or declared.type in types
    ]
    case, column = draw(st.sampled_from(chosen))
    row = draw(st.integers(0, len(case.rows) - 1))
    return Cell(find_question(case.question_id), case.rows, row, column)


@pytest.mark.parametrize("case", toy_answers(), ids=lambda case: case.label)
def test_a_right_answer_is_equal(case: ToyAnswer) -> None:
    assert compare(find_question(case.question_id), case.rows, list(case.rows)).is_equal


@pytest.mark.parametrize("case", toy_answers(), ids=lambda case: case.label)
def test_the_name_of_the_zone_does_not_matter(case: ToyAnswer) -> None:
    named = [
        tuple(v.astimezone(ZoneInfo("UTC")) if isinstance(v, datetime) else v for v in row)
        for row in case.rows
    ]
    assert compare(find_question(case.question_id), named, case.rows).is_equal
    assert compare(find_question(case.question_id), case.rows, named).is_equal


@given(cells(), st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.datetimes()))
def test_an_altered_value_is_caught(cell: Cell, value: Any) -> None:
    assume(not (type(value) is type(cell.value) and _same(value, cell.value)))
    assert not compare(cell.question, cell.rows, cell.replaced_by(value)).is_equal


@given(cells(ColumnType.FLOAT), st.floats(1e-5, 1e3), st.sampled_from([-1, 1]))
def test_a_float_off_by_more_than_the_tolerance_is_caught(
    cell: Cell, relative: float, sign: int
) -> None:
    assume(cell.value is not None)
    off = cell.value + sign * relative * max(1.0, abs(cell.value))
    comparison = compare(cell.question, cell.rows, cell.replaced_by(off))
    assert [d.column for d in comparison.differences] == [cell.question.column_names[cell.column]]


@given(cells(ColumnType.FLOAT), st.floats(-0.9e-6, 0.9e-6))
def test_float_noise_within_the_tolerance_is_accepted(cell: Cell, noise: float) -> None:
    assume(cell.value is not None)
    noisy = cell.value * (1 + noise) if cell.value else noise * 1e-3
    assert compare(cell.question, cell.rows, cell.replaced_by(noisy)).is_equal


@given(cells(ColumnType.FLOAT))
def test_nan_never_equals(cell: Cell) -> None:
    rows = cell.replaced_by(math.nan)
    assert not compare(cell.question, cell.rows, rows).is_equal
    assert not compare(cell.question, rows, rows).is_equal


@given(cells())
def test_a_lost_row_is_caught(cell: Cell) -> None:
    rows = cell.rows[: cell.row] + cell.rows[cell.row + 1 :]
    (difference,) = compare(cell.question, cell.rows, rows).differences
    assert difference.reason == "missing row"
    assert difference.expected == cell.rows[cell.row]


@given(cells(), st.integers(0, 100))
def test_an_added_duplicate_is_caught(cell: Cell, position: int) -> None:
    rows = list(cell.rows)
    rows.insert(position, cell.rows[cell.row])
    reasons = [d.reason for d in compare(cell.question, cell.rows, rows).differences]
    assert reasons == ["duplicate row"]


@given(cells(ColumnType.TIMESTAMP), st.sampled_from([-2, -1, 1, 2]))
def test_a_shifted_hour_is_caught(cell: Cell, hours: int) -> None:
    assert isinstance(cell.value, datetime)
    shifted = cell.replaced_by(cell.value + timedelta(hours=hours))
    assert not compare(cell.question, cell.rows, shifted).is_equal


@given(cells(), st.integers(0, 20))
def test_swapped_columns_are_caught(cell: Cell, other: int) -> None:
    other %= len(cell.question.columns)
    rows = [_swap(row, cell.column, other) for row in cell.rows]
    assume(rows != cell.rows)
    assert not compare(cell.question, cell.rows, rows).is_equal


@given(cells(), st.integers(0, 100))
def test_swapped_rows_are_caught(cell: Cell, other: int) -> None:
    other %= len(cell.rows)
    assume(other != cell.row and cell.question is not Q7)
    rows = list(_swap(tuple(cell.rows), cell.row, other))
    (difference,) = compare(cell.question, cell.rows, rows).differences
    assert difference.reason.startswith("wrong order")


@given(cells())
def test_a_difference_is_one_line_that_shows_both_rows(cell: Cell) -> None:
    (difference, *_) = compare(cell.question, cell.rows, cell.replaced_by(["a\nb"])).differences
    line = str(difference)
    assert "\n" not in line
    if difference.column is not None:
        assert repr(difference.expected) in line
        assert repr(difference.actual) in line


# Q7 is cut: 20 rows here, whose last three tie with each other and with two rows beyond the cut.
RANKED = [(f"p{i:02d}", f"Point {i}", 1.0, 1.0 - i / 100, 1.0 - i / 100, 200) for i in range(17)]
TIED = [(f"t{i}", f"Tied {i}", 1.0, 0.5, 0.5, 200) for i in range(5)]
CUT = Answer([*RANKED, *TIED[:3]], beyond_cut=TIED[3:])


@given(st.permutations(TIED))
def test_rows_that_tie_at_the_cut_may_stand_for_each_other(tied: list[Row]) -> None:
    assert compare(Q7, CUT, [*RANKED, *tied[:3]]).is_equal


@given(st.permutations(TIED), st.sampled_from([0, 1, 2, 4, 5]))
def test_a_cut_ranking_still_has_its_number_of_rows(tied: list[Row], kept: int) -> None:
    assert not compare(Q7, CUT, [*RANKED, *tied[:kept]]).is_equal


@given(st.integers(0, 16), st.integers(3, 4))
def test_a_row_beyond_the_cut_cannot_stand_for_one_that_does_not_tie(
    lost: int, stand_in: int
) -> None:
    rows = [*RANKED[:lost], *RANKED[lost + 1 :], *TIED[:3], TIED[stand_in]]
    assert not compare(Q7, CUT, rows).is_equal


@given(st.integers(0, 16), st.integers(0, 18))
def test_rows_that_do_not_tie_may_not_swap(first: int, second: int) -> None:
    assume(first != second)
    rows = list(_swap(tuple(CUT), first, second))
    assert not compare(Q7, CUT, rows).is_equal


def test_rank_values_that_tie_within_the_tolerance_may_swap() -> None:
    close = [("a", "A", 1.0, 0.5, 0.5, 200), ("b", "B", 1.0, 0.5, 0.5 - 1e-8, 200)]
    apart = [("a", "A", 1.0, 0.5, 0.5, 200), ("b", "B", 1.0, 0.5, 0.5 - 1e-4, 200)]
    assert compare(Q7, close, close[::-1]).is_equal
    assert not compare(Q7, apart, apart[::-1]).is_equal


def test_the_values_of_a_row_beyond_the_cut_are_checked_too() -> None:
    wrong = (*TIED[3][:2], 9.0, *TIED[3][3:])
    comparison = compare(Q7, CUT, [*RANKED, *TIED[:2], wrong])
    assert [difference.column for difference in comparison.differences] == ["mean"]


def _swap(items: tuple[Any, ...], first: int, second: int) -> tuple[Any, ...]:
    swapped = list(items)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    return tuple(swapped)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, float):
        return math.isclose(left, right, rel_tol=1e-6, abs_tol=1e-9)
    return bool(left == right)
