"""The toy building's answers asked for at once, where a test needs to know that all are right."""

from collections.abc import Sequence
from functools import cache

from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.statement import build_statement
from basetype_benchmark.runners.answers import find_differences
from basetype_benchmark.runners.base import BenchmarkRunner
from tests.toy import ToyAnswer, toy_answers

TOY_DAYS = 7
"""Days of the toy building in this suite: with a weekend."""


@cache
def known_answers() -> list[ToyAnswer]:
    """Give all answers worked out by hand, read once."""
    return toy_answers(TOY_DAYS)


def differences(runner: BenchmarkRunner, answer: ToyAnswer) -> Sequence[str]:
    """Say how what the runner answers differs from the answer worked out by hand."""
    question = find_question(answer.question_id)
    execution = runner.execute(build_statement(question, runner.scenario, answer.parameters))
    return find_differences(question, execution, answer.rows)


def wrong_answers(runner: BenchmarkRunner) -> dict[str, Sequence[str]]:
    """Ask everything; give what differs, by the label of the answer."""
    found = {answer.label: differences(runner, answer) for answer in known_answers()}
    return {label: problems for label, problems in found.items() if problems}
