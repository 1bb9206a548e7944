"""P1 on a generated building: what it loads, and what it answers, against the oracle."""

from collections.abc import Iterator

import pytest

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.config.scenarios import find_scenario
from basetype_benchmark.dataset.generate import generate_dataset
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.base import check_counts
from basetype_benchmark.loaders.postgres.relational import RelationalLoader
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import Question, load_questions
from basetype_benchmark.queries.compare import compare
from basetype_benchmark.queries.normalise import normalise
from basetype_benchmark.queries.oracle.oracle import Oracle
from basetype_benchmark.queries.statement import build_statement
from basetype_benchmark.queries.variants import choose_variants
from basetype_benchmark.runners.postgres import PostgresRunner

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    folder = tmp_path_factory.mktemp("datasets") / "tiny"
    return Oracle(generate_dataset(find_profile("tiny-2d"), 42, folder))


@pytest.fixture(scope="module")
def runner(oracle: Oracle, postgres_service: Service) -> Iterator[PostgresRunner]:
    runner = PostgresRunner(
        scenario=find_scenario("P1"),
        dataset=oracle.dataset,
        timeout_s=60,
        service=postgres_service,
        loader=RelationalLoader(postgres_service),
    )
    runner.connect()
    runner.clear_data()
    runner.load_stores(SILENT)
    yield runner
    runner.clear_data()
    runner.disconnect()


def test_the_manifest_is_found_again(runner: PostgresRunner) -> None:
    check_counts("P1", runner.count_stores()["postgresql"], runner.dataset.manifest.counts)


@pytest.mark.parametrize("question", load_questions().values(), ids=lambda q: q.id)
def test_every_variant_is_answered_as_the_oracle_does(
    runner: PostgresRunner, oracle: Oracle, question: Question
) -> None:
    for variant in choose_variants(question, oracle, 3):
        statement = build_statement(question, runner.scenario, variant.parameters)
        execution = runner.execute(statement)
        actual = normalise(question, execution.columns, execution.rows)
        expected = oracle.answer(question, variant.parameters)
        assert compare(question, expected, actual).differences == ()
