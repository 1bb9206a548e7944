"""Every scenario answers whatever the parameters are: ids made to harm, and windows of any kind."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from basetype_benchmark.dataset.model import DAY, EPOCH
from basetype_benchmark.queries.catalog import (
    Parameters,
    ParameterType,
    Question,
    load_questions,
)
from basetype_benchmark.queries.oracle.oracle import Oracle
from basetype_benchmark.queries.statement import build_statement
from basetype_benchmark.runners.answers import find_differences
from basetype_benchmark.runners.base import BenchmarkRunner
from tests.conformance.answers import TOY_DAYS, known_answers

pytestmark = pytest.mark.servers

ASKING = [question for question in load_questions().values() if question.parameters]
IN_TIME = [
    question
    for question in ASKING
    if any(p.type is ParameterType.TIMESTAMP for p in question.parameters)
]
HOSTILE = ["", "'", '"', "\\", "\\\\", ">", "a\nb", "b01.f01.s01\r\n", "a b", "é😀", "%s", "%(x)s",
           "$start", "{federated}", "b01> } #", "b01'; DROP SCHEMA btb CASCADE; --",
           "'}) DETACH DELETE n //",
           '" } ; DELETE WHERE { ?s ?p ?o } #', "x" * 100_000]  # fmt: skip
ALWAYS = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
WINDOWS = {
    "all times that there are": ALWAYS,
    "before there was any sample": (ALWAYS[0], EPOCH),
    "after the last sample": (EPOCH + TOY_DAYS * DAY, ALWAYS[1]),
    "before 1970": (datetime(1960, 2, 29, tzinfo=UTC), datetime(1969, 12, 31, tzinfo=UTC)),
    "no time at all": (EPOCH + DAY, EPOCH + DAY),
    "backwards": (EPOCH + DAY, EPOCH),
    "one moment": (EPOCH, EPOCH + MOMENT),
    "without its first moment": (EPOCH + MOMENT, EPOCH + DAY),
    "with the moment after": (EPOCH, EPOCH + DAY + MOMENT),
    "from one sample to another": (EPOCH + timedelta(hours=10), EPOCH + timedelta(hours=17)),
    "from the end of a day": (
        EPOCH + 3 * DAY - timedelta(milliseconds=500),
        EPOCH + 4 * DAY,
    ),
    "between whole seconds": (
        EPOCH + timedelta(hours=8, minutes=59, milliseconds=500),
        EPOCH + timedelta(hours=16, minutes=58, seconds=59, milliseconds=999),
    ),
}
"""What [start, end) can be; most of the toy building's samples lie on whole minutes."""


@pytest.mark.parametrize("question", ASKING, ids=lambda question: question.id)
def test_a_hostile_value_gives_no_rows(toy_runner: BenchmarkRunner, question: Question) -> None:
    for value in HOSTILE:
        statement = build_statement(question, toy_runner.scenario, asking(question, value))
        assert list(toy_runner.execute(statement).rows) == [], ascii(value)[:80]


@pytest.mark.parametrize("question", ASKING, ids=lambda question: question.id)
def test_any_id_of_the_building_is_answered_as_the_oracle_does(
    toy_runner: BenchmarkRunner, toy_oracle: Oracle, question: Question
) -> None:
    """Ids of the wrong type too: a tenant is no meter, and a server is no rack."""
    ids = toy_runner.dataset.nodes().column("id").to_pylist()
    asked = {value: asking(question, value) for value in ids}
    assert_answered(toy_runner, toy_oracle, question, asked)


@pytest.mark.parametrize("question", IN_TIME, ids=lambda question: question.id)
def test_any_window_is_answered_as_the_oracle_does(
    toy_runner: BenchmarkRunner, toy_oracle: Oracle, question: Question
) -> None:
    known = next(a.parameters for a in known_answers() if a.question_id == question.id)
    asked = {name: {**known, "start": start, "end": end} for name, (start, end) in WINDOWS.items()}
    assert_answered(toy_runner, toy_oracle, question, asked)


def test_all_this_did_no_harm(toy_runner: BenchmarkRunner) -> None:
    toy_runner.verify_counts()


def asking(question: Question, value: str) -> Parameters:
    """Ask about `value`, whatever it is, on the first day."""
    window = {"start": EPOCH, "end": EPOCH + DAY}
    return {
        p.name: window[p.name] if p.type is ParameterType.TIMESTAMP else value
        for p in question.parameters
    }


def assert_answered(
    runner: BenchmarkRunner, oracle: Oracle, question: Question, asked: Mapping[str, Parameters]
) -> None:
    """See that every one of the parameters, by what to call them, gives the oracle's answer."""
    for name, parameters in asked.items():
        execution = runner.execute(build_statement(question, runner.scenario, parameters))
        expected = oracle.answer(question, parameters)
        assert find_differences(question, execution, expected) == (), name
