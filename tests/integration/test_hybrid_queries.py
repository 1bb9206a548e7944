"""Federated questions on O2: legs timed apart, columns in the contract's order."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from basetype_benchmark.config.scenarios import find_scenario
from basetype_benchmark.dataset.model import EPOCH
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import QueryFailed
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.oxigraph import OxigraphLoader
from basetype_benchmark.loaders.postgres.series import SeriesLoader
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import (
    Kind,
    load_questions,
)
from basetype_benchmark.queries.statement import BoundText, Statement, build_statement
from basetype_benchmark.runners.oxigraph import OxigraphRunner
from tests.toy import build_toy, toy_answers

pytestmark = pytest.mark.servers

O2 = find_scenario("O2")
QUESTIONS = load_questions()
HYBRID = [question.id for question in QUESTIONS.values() if question.kind is Kind.HYBRID]


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@pytest.fixture(scope="module")
def runner(
    toy: Dataset, oxigraph_service: Service, postgres_service: Service
) -> Iterator[OxigraphRunner]:
    """O2 with the toy building loaded."""
    runner = OxigraphRunner(
        scenario=O2,
        dataset=toy,
        timeout_s=20,
        graph_service=oxigraph_service,
        graph_loader=OxigraphLoader(oxigraph_service),
        series_service=postgres_service,
        series_loader=SeriesLoader(postgres_service),
    )
    runner.connect()
    runner.clear_data()
    runner.load_stores(SILENT)
    yield runner
    runner.clear_data()
    runner.disconnect()


@pytest.mark.parametrize("question_id", HYBRID)
def test_the_legs_of_a_hybrid_answer_are_timed_apart(
    runner: OxigraphRunner, question_id: str
) -> None:
    case = next(case for case in toy_answers() if case.question_id == question_id and case.rows)
    legs = runner.execute(build_statement(QUESTIONS[question_id], O2, case.parameters)).legs
    assert legs is not None
    assert min(legs.graph_ns, legs.transfer_ns, legs.series_ns) > 0


def test_questions_of_one_engine_have_no_legs(runner: OxigraphRunner) -> None:
    for question_id in ("Q1", "Q6"):
        case = next(case for case in toy_answers() if case.question_id == question_id)
        execution = runner.execute(build_statement(QUESTIONS[question_id], O2, case.parameters))
        assert execution.legs is None


@pytest.mark.parametrize("question_id", HYBRID)
def test_the_graph_leg_answers_exactly_the_columns_of_the_contract(
    runner: OxigraphRunner, question_id: str
) -> None:
    question = QUESTIONS[question_id]
    case = next(case for case in toy_answers() if case.question_id == question_id and case.rows)
    statement = build_statement(question, O2, case.parameters)
    graph = runner.execute(Statement(question=question, main=statement.main, series=None))
    assert graph.columns == tuple(column.name for column in question.federated)
    assert len(set(map(tuple, graph.rows))) == len(graph.rows) > 0


def test_columns_in_another_order_are_put_right_and_a_missing_one_is_named(
    runner: OxigraphRunner,
) -> None:
    question = QUESTIONS["Q12"]
    window = {"start": EPOCH, "end": datetime(2024, 1, 2, tzinfo=UTC)}
    series = build_statement(question, O2, {"building_id": "b01", **window}).series
    swapped = BoundText(
        text='SELECT * { VALUES (?quantity ?point_id) { ("temperature" "site.carbon") } }'
    )
    execution = runner.execute(Statement(question=question, main=swapped, series=series))
    assert [row[:3] for row in execution.rows] == [("temperature", 1, 1)]
    lacking = BoundText(text='SELECT * { VALUES ?quantity { "temperature" } }')
    with pytest.raises(QueryFailed, match="point_id"):
        runner.execute(Statement(question=question, main=lacking, series=series))
