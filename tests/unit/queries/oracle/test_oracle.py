"""The oracle on the toy building, whose answers were worked out by hand."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.errors import DatasetError, UsageError
from basetype_benchmark.queries.catalog import (
    Parameters,
    ParameterType,
    Question,
    find_question,
    load_questions,
)
from basetype_benchmark.queries.oracle import Oracle
from basetype_benchmark.queries.oracle.oracle import ANSWERINGS
from tests.toy import ToyAnswer, toy_answers

START, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 3, tzinfo=UTC)
WITH_PARAMETERS = [question for question in load_questions().values() if question.parameters]


def test_every_question_has_an_answer_worked_out_by_hand() -> None:
    answered = {answer.question_id for answer in toy_answers() if answer.rows}
    assert answered == set(load_questions())
    assert list(ANSWERINGS) == list(load_questions())


@pytest.mark.parametrize("answer", toy_answers(), ids=lambda answer: answer.label)
def test_oracle_gives_exactly_the_answer_worked_out_by_hand(
    answer: ToyAnswer, toy_oracle: Oracle
) -> None:
    rows = toy_oracle.answer(find_question(answer.question_id), answer.parameters)
    assert rows == answer.rows
    assert [[type(v) for v in row] for row in rows] == [
        [type(v) for v in row] for row in answer.rows
    ]
    assert repr(list(rows)) == repr(answer.rows)  # the zone of the times, too


@pytest.mark.parametrize("question", WITH_PARAMETERS, ids=lambda question: question.id)
@pytest.mark.parametrize("strange", ["unknown", "it's", 'a"b', "a\\b", "a>b", "a\nb", ""])
def test_unknown_ids_give_no_rows(question: Question, strange: str, toy_oracle: Oracle) -> None:
    assert toy_oracle.answer(question, _with_ids(question, strange)) == []


@pytest.mark.parametrize("question_id", ["Q6", "Q7", "Q8", "Q9", "Q10", "Q13"])
def test_a_window_outside_the_data_gives_no_rows(question_id: str, toy_oracle: Oracle) -> None:
    known = next(a for a in toy_answers() if a.question_id == question_id and a.rows)
    outside = {"start": datetime(2025, 1, 1, tzinfo=UTC), "end": datetime(2025, 2, 1, tzinfo=UTC)}
    backwards = {"start": END, "end": START}
    for window in (outside, backwards):
        question = find_question(question_id)
        assert toy_oracle.answer(question, {**known.parameters, **window}) == []


def test_answers_are_given_afresh_so_that_no_caller_can_spoil_them(toy_oracle: Oracle) -> None:
    question = find_question("Q5")
    toy_oracle.answer(question, {}).clear()
    assert len(toy_oracle.answer(question, {})) == 1


def test_a_time_without_zone_is_refused(toy_oracle: Oracle) -> None:
    naive = {"start": datetime(2024, 1, 1), "end": END}
    with pytest.raises(UsageError, match="start must be a time with a time zone"):
        toy_oracle.answer(find_question("Q12"), {"building_id": "b01", **naive})


def test_a_missing_parameter_is_refused(toy_oracle: Oracle) -> None:
    with pytest.raises(UsageError, match="meter_id must be a text"):
        toy_oracle.answer(find_question("Q1"), {})


def test_a_damaged_series_file_is_named_as_damage(toy: Dataset, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(toy.folder, folder)
    damaged = open_dataset(folder)
    path = damaged.series_files()[0]
    path.write_bytes(path.read_bytes()[:-100])
    parameters = {"building_id": "b01", "start": START, "end": END}
    with pytest.raises(DatasetError, match="cannot be read"):
        Oracle(damaged).answer(find_question("Q12"), parameters)


def _with_ids(question: Question, value: str) -> Parameters:
    window = {"start": START, "end": END}
    return {
        parameter.name: window[parameter.name]
        if parameter.type is ParameterType.TIMESTAMP
        else value
        for parameter in question.parameters
    }
