"""Every scenario gives the toy building's answers worked out by hand, whatever the parameters."""

import pytest

from basetype_benchmark.dataset.model import DAY, EPOCH
from basetype_benchmark.queries.catalog import (
    ParameterType,
    ParameterValue,
    Question,
    find_question,
    load_questions,
)
from basetype_benchmark.queries.oracle.oracle import Oracle
from basetype_benchmark.queries.statement import build_statement
from basetype_benchmark.runners.answers import find_differences
from basetype_benchmark.runners.base import BenchmarkRunner
from tests.toy import ToyAnswer, toy_answers

pytestmark = pytest.mark.servers

ASKING = [question for question in load_questions().values() if question.parameters]
HOSTILE = ["", "'", '"', "\\", "\\\\", ">", "a\nb", "b01.f01.s01\r\n", "a b", "é😀", "%s", "%(x)s",
           "$start", "{federated}", "b01> } #", "b01'; DROP SCHEMA btb CASCADE; --",
           '" } ; DELETE WHERE { ?s ?p ?o } #', "x" * 100_000]  # fmt: skip


def test_the_hand_worked_answers_cover_every_question() -> None:
    assert {answer.question_id for answer in toy_answers()} == load_questions().keys()


def test_every_store_holds_what_the_manifest_states(toy_runner: BenchmarkRunner) -> None:
    counts = toy_runner.dataset.manifest.counts
    stored = toy_runner.verify_counts().values()
    assert [store.nodes for store in stored if store.nodes is not None] == [counts.nodes]
    assert [store.edges for store in stored if store.edges is not None] == [counts.edges]
    assert [store.samples for store in stored if store.samples is not None] == [counts.samples]


@pytest.mark.parametrize("answer", toy_answers(), ids=lambda answer: answer.label)
def test_a_question_gives_the_answer_worked_out_by_hand(
    toy_runner: BenchmarkRunner, answer: ToyAnswer
) -> None:
    question = find_question(answer.question_id)
    statement = build_statement(question, toy_runner.scenario, answer.parameters)
    assert find_differences(question, toy_runner.execute(statement), answer.rows) == ()


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value)[:30])
@pytest.mark.parametrize("question", ASKING, ids=lambda question: question.id)
def test_a_hostile_value_gives_no_rows(
    toy_runner: BenchmarkRunner, question: Question, value: str
) -> None:
    parameters = hostile_parameters(question, value)
    statement = build_statement(question, toy_runner.scenario, parameters)
    assert list(toy_runner.execute(statement).rows) == []


@pytest.mark.parametrize("question", ASKING, ids=lambda question: question.id)
def test_any_id_of_the_building_is_answered_as_the_oracle_does(
    toy_runner: BenchmarkRunner, question: Question
) -> None:
    """Ids of the wrong type too: a tenant is no meter, and a server is no rack."""
    oracle = Oracle(toy_runner.dataset)
    for value in toy_runner.dataset.nodes().column("id").to_pylist():
        parameters = hostile_parameters(question, value)
        execution = toy_runner.execute(build_statement(question, toy_runner.scenario, parameters))
        expected = oracle.answer(question, parameters)
        assert find_differences(question, execution, expected) == (), value


def test_hostile_values_did_no_harm(toy_runner: BenchmarkRunner) -> None:
    toy_runner.verify_counts()


def hostile_parameters(question: Question, value: str) -> dict[str, ParameterValue]:
    window = {"start": EPOCH, "end": EPOCH + DAY}
    return {
        p.name: window[p.name] if p.type is ParameterType.TIMESTAMP else value
        for p in question.parameters
    }
