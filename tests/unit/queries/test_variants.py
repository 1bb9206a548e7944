"""Parameter variants: never empty, never twice the same, and the same in every process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from basetype_benchmark.dataset.model import DAY, EPOCH
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DatasetError
from basetype_benchmark.queries.catalog import (
    Question,
    find_question,
    load_questions,
)
from basetype_benchmark.queries.oracle import Oracle
from basetype_benchmark.queries.variants import choose_variants
from basetype_benchmark.queries.window import Window, spread_windows
from tests.toy import build_toy

EVERY_QUESTION = pytest.mark.parametrize(
    "question", load_questions().values(), ids=lambda question: question.id
)
WITH_WINDOW = pytest.mark.parametrize(
    "question",
    [q for q in load_questions().values() if q.parameters[1:]],
    ids=lambda question: question.id,
)
PRINT_VARIANTS = """
import json, sys
from pathlib import Path
from basetype_benchmark.dataset.reader import open_dataset
from basetype_benchmark.queries.catalog import load_questions
from basetype_benchmark.queries.oracle import Oracle
from basetype_benchmark.queries.variants import choose_variants
oracle = Oracle(open_dataset(Path(sys.argv[1])))
print(json.dumps([
    [variant.number, {name: str(value) for name, value in variant.parameters.items()}]
    for question in load_questions().values()
    for variant in choose_variants(question, oracle, 3, seed=7)
]))
"""


@EVERY_QUESTION
@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_every_variant_has_an_answer(question: Question, count: int, toy_oracle: Oracle) -> None:
    variants = choose_variants(question, toy_oracle, count)
    assert 1 <= len(variants) <= count
    assert [variant.number for variant in variants] == list(range(1, len(variants) + 1))
    assert all(toy_oracle.answer(question, variant.parameters) for variant in variants)


@EVERY_QUESTION
def test_no_two_variants_are_the_same(question: Question, toy_oracle: Oracle) -> None:
    variants = choose_variants(question, toy_oracle, 10)
    assert len({tuple(variant.parameters.items()) for variant in variants}) == len(variants)


@EVERY_QUESTION
def test_variants_have_the_parameters_of_the_contract(
    question: Question, toy_oracle: Oracle
) -> None:
    for variant in choose_variants(question, toy_oracle, 3):
        assert list(variant.parameters) == [parameter.name for parameter in question.parameters]


@WITH_WINDOW
def test_windows_are_whole_days_inside_the_dataset(question: Question, toy_oracle: Oracle) -> None:
    for variant in choose_variants(question, toy_oracle, 10):
        start, end = variant.parameters["start"], variant.parameters["end"]
        assert EPOCH <= start < end <= EPOCH + 2 * DAY
        assert (end - start) % DAY == 0 * DAY
        assert question.id not in ("Q6", "Q12") or end - start == DAY


def test_far_more_variants_than_there_are_is_all_there_are(toy_oracle: Oracle) -> None:
    question = find_question("Q12")
    everything = choose_variants(question, toy_oracle, 10**12)
    assert [v.parameters for v in everything] == [
        v.parameters for v in choose_variants(question, toy_oracle, len(everything) + 1)
    ]


def test_a_question_without_parameters_has_one_variant(toy_oracle: Oracle) -> None:
    (variant,) = choose_variants(find_question("Q5"), toy_oracle, 5)
    assert variant.parameters == {}


def test_the_only_building_is_asked_about_other_windows(toy_oracle: Oracle) -> None:
    whole, last_day, first_day = choose_variants(find_question("Q11"), toy_oracle, 3)
    assert whole.parameters["end"] - whole.parameters["start"] == 2 * DAY
    assert last_day.parameters["start"] == EPOCH + DAY
    assert first_day.parameters["start"] == EPOCH


def test_a_window_without_an_answer_is_passed_over(toy_oracle: Oracle) -> None:
    """On Tuesday no sensor of the toy building has more than 100 samples."""
    windows = [v.parameters["start"] for v in choose_variants(find_question("Q7"), toy_oracle, 3)]
    assert windows == [EPOCH, EPOCH]


def test_variants_spread_over_the_sizes_of_the_answers(toy_oracle: Oracle) -> None:
    question = find_question("Q3")
    sizes = [
        len(toy_oracle.answer(question, v.parameters))
        for v in choose_variants(question, toy_oracle, 3)
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_another_seed_chooses_otherwise_among_equals(toy_oracle: Oracle) -> None:
    question = find_question("Q1")
    chosen = {
        choose_variants(question, toy_oracle, 4, seed=seed)[0].parameters["meter_id"]
        for seed in range(20)
    }
    assert chosen == {"b01.m03", "b01.m05"}  # both feed one thing


def test_variants_are_the_same_in_every_process(toy: Dataset) -> None:
    first, second = (_variants_of_a_process(toy, hash_seed) for hash_seed in ("1", "2"))
    assert first == second
    assert len(first) > len(load_questions())


def test_a_dataset_that_cannot_answer_is_refused(tmp_path: Path) -> None:
    dataset = build_toy(tmp_path / "toy")
    for path in dataset.series_files():
        path.unlink()
    with pytest.raises(DatasetError, match="gives Q8"):
        choose_variants(find_question("Q8"), Oracle(dataset), 3)


@pytest.mark.parametrize(
    ("whole_days", "days", "count", "first_days"),
    [
        (2, 2, 3, [0]),
        (2, 1, 3, [1, 0]),
        (7, 1, 3, [6, 3, 0]),
        (30, 7, 3, [23, 12, 0]),
        (30, 30, 5, [0]),
        (365, 30, 1, [335]),
    ],
)
def test_windows_begin_at_the_end_and_move_back(
    whole_days: int, days: int, count: int, first_days: list[int]
) -> None:
    whole = Window(start=EPOCH, end=EPOCH + whole_days * DAY)
    windows = spread_windows(whole, days, count)
    assert [(window.start - EPOCH) // DAY for window in windows] == first_days
    assert all(window.end - window.start == days * DAY for window in windows)


def _variants_of_a_process(dataset: Dataset, hash_seed: str) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-c", PRINT_VARIANTS, str(dataset.folder)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout))
