"""Every scenario holds a generated building whole, and answers every variant as the oracle does."""

import pytest

from basetype_benchmark.queries.catalog import Question, load_questions
from basetype_benchmark.queries.oracle.oracle import Oracle
from basetype_benchmark.queries.statement import build_statement
from basetype_benchmark.queries.variants import choose_variants
from basetype_benchmark.runners.answers import find_differences
from basetype_benchmark.runners.base import BenchmarkRunner

pytestmark = pytest.mark.servers


def test_the_manifest_is_found_again(tiny_runner: BenchmarkRunner) -> None:
    tiny_runner.verify_counts()


@pytest.mark.parametrize("question", load_questions().values(), ids=lambda question: question.id)
def test_every_variant_is_answered_as_the_oracle_does(
    tiny_runner: BenchmarkRunner, oracle: Oracle, question: Question
) -> None:
    for variant in choose_variants(question, oracle, 3):
        statement = build_statement(question, tiny_runner.scenario, variant.parameters)
        expected = oracle.answer(question, variant.parameters)
        assert find_differences(question, tiny_runner.execute(statement), expected) == ()
        assert expected
