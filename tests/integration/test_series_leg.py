"""The series leg alone, given graph rows from P1: answers worked out by hand, by every way in."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from basetype_benchmark.config.scenarios import StorageModel, find_scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.clients.postgres_client import PostgresConnection, connect
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.postgres.graph_and_series import PostgresLoader
from basetype_benchmark.loaders.postgres.relational import RELATIONAL
from basetype_benchmark.loaders.postgres.series import SeriesLoader
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import Kind, Question, find_question
from basetype_benchmark.queries.federation import FederationHandler
from basetype_benchmark.queries.loader import find_text, read_text
from basetype_benchmark.runners.postgres import PostgresRunner
from tests.relational_graph_rows import GRAPH_ROWS
from tests.toy import ToyAnswer, build_toy, toy_answers

pytestmark = pytest.mark.servers

HYBRID = [a for a in toy_answers() if find_question(a.question_id).kind is Kind.HYBRID]


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@pytest.fixture(scope="module")
def runner(toy: Dataset, postgres_service: Service) -> Iterator[PostgresRunner]:
    loader = PostgresLoader(postgres_service, RELATIONAL)
    runner = PostgresRunner(
        scenario=find_scenario("P1"),
        dataset=toy,
        timeout_s=30,
        service=postgres_service,
        loader=loader,
    )
    runner.connect()
    runner.clear_data()
    runner.load_stores(SILENT)
    yield runner
    runner.clear_data()
    runner.disconnect()


@pytest.fixture
def connection(runner: PostgresRunner, postgres_service: Service) -> Iterator[PostgresConnection]:
    with connect(postgres_service.endpoint, statement_timeout_s=30) as connection:
        yield connection


@pytest.mark.parametrize("threshold", [1, 1_000_000], ids=["temporary_table", "arrays"])
@pytest.mark.parametrize("answer", HYBRID, ids=lambda a: a.label)
def test_the_series_leg_gives_the_answer_worked_out_by_hand(
    connection: PostgresConnection, answer: ToyAnswer, threshold: int
) -> None:
    question = find_question(answer.question_id)
    handler = FederationHandler(connection, batch_threshold=threshold)
    rows = graph_rows(connection, question, answer)
    got = handler.execute_federated_query(question, rows, series_text(question), answer.parameters)
    assert got.columns == question.column_names
    assert_same_rows(got.rows, answer.rows)


@pytest.mark.parametrize("answer", HYBRID, ids=lambda a: a.label)
def test_a_streamed_series_leg_gives_the_answer_worked_out_by_hand(
    connection: PostgresConnection, answer: ToyAnswer
) -> None:
    question = find_question(answer.question_id)
    rows = graph_rows(connection, question, answer)
    got = FederationHandler(connection).stream_federated_query(
        question, iter(rows), series_text(question), answer.parameters
    )
    assert_same_rows(list(got), answer.rows)


def test_a_series_store_holds_the_samples_and_no_graph(
    toy: Dataset, postgres_service: Service, runner: PostgresRunner
) -> None:
    loader = SeriesLoader(postgres_service)
    loader.clear()
    try:
        load = loader.load(toy, SILENT)
        stored = loader.count()
        assert stored.samples == toy.manifest.counts.samples
        assert stored.nodes is None
        assert [phase.name for phase in load.phases][-1] == "statistics"
        assert load.size_bytes
        assert load.size_bytes > 0
    finally:
        loader.clear()
        runner.load_stores(SILENT)


def graph_rows(
    connection: PostgresConnection, question: Question, answer: ToyAnswer
) -> list[tuple[Any, ...]]:
    native = find_text(question, StorageModel.RELATIONAL, "postgresql")
    assert native is not None
    text = GRAPH_ROWS[question.id].replace("{native}", read_text(native))
    return connection.execute(text, answer.parameters).fetchall()


def series_text(question: Question) -> str:
    path = find_text(question, StorageModel.SERIES, "postgresql")
    assert path is not None
    return read_text(path)


def assert_same_rows(got: Sequence[Sequence[Any]], expected: Sequence[Sequence[Any]]) -> None:
    assert [len(row) for row in got] == [len(row) for row in expected]
    for got_row, expected_row in zip(got, expected, strict=True):
        for value, wanted in zip(got_row, expected_row, strict=True):
            assert is_same(value, wanted), f"{got_row} instead of {expected_row}"


def is_same(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, float) and isinstance(value, float):
        return math.isclose(value, wanted, rel_tol=1e-6, abs_tol=1e-9)
    return type(value) is type(wanted) and value == wanted
