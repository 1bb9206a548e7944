"""Every scenario holds the toy building whole, and gives the answers worked out by hand."""

import pytest

from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import load_questions
from basetype_benchmark.runners.base import BenchmarkRunner
from tests.conformance.answers import differences, known_answers
from tests.toy import ToyAnswer

pytestmark = pytest.mark.servers


def test_the_hand_worked_answers_cover_every_question() -> None:
    assert {answer.question_id for answer in known_answers()} == load_questions().keys()


def test_every_store_holds_what_the_manifest_states(toy_runner: BenchmarkRunner) -> None:
    counts = toy_runner.dataset.manifest.counts
    stored = toy_runner.verify_counts().values()
    assert [store.nodes for store in stored if store.nodes is not None] == [counts.nodes]
    assert [store.edges for store in stored if store.edges is not None] == [counts.edges]
    assert [store.samples for store in stored if store.samples is not None] == [counts.samples]


def test_a_second_load_finds_no_leftovers(toy_runner: BenchmarkRunner) -> None:
    toy_runner.clear_data()
    loads = toy_runner.load_stores(SILENT)
    toy_runner.verify_counts()
    assert loads.keys() == toy_runner.store_versions().keys()
    assert all(load.phases for load in loads.values())


@pytest.mark.parametrize("answer", known_answers(), ids=lambda answer: answer.label)
def test_a_question_gives_the_answer_worked_out_by_hand(
    toy_runner: BenchmarkRunner, answer: ToyAnswer
) -> None:
    assert differences(toy_runner, answer) == ()
