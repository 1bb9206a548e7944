"""The numbers of parameter sets: the same for a single query as in a campaign."""

from pathlib import Path

import pytest

from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import UsageError
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import load_questions
from basetype_benchmark.workflows.query import resolve_parameters
from basetype_benchmark.workflows.workload import build_workload
from tests.toy import build_toy


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(Path(tmp_path_factory.mktemp("datasets"), "toy"))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_variant_is_the_one_that_a_campaign_calls_so(toy: Dataset, count: int) -> None:
    questions = list(load_questions().values())
    for work in build_workload(toy, questions, count, SILENT).work:
        for expected in work.variants:
            found = resolve_parameters(work.question, toy, expected.number, count, {})
            assert found == expected.parameters, work.question.id


def test_a_number_beyond_says_how_many_there_are(toy: Dataset) -> None:
    question = load_questions()["Q1"]
    with pytest.raises(UsageError, match=r"Q1 has 2 parameter sets .* no number 3; .* --variants"):
        resolve_parameters(question, toy, 3, 2, {})
