"""One limit for both legs of a federated execution, kept by the server where it can be."""

import time
from collections.abc import Iterator

import pytest

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.errors import DeadlinePassed, QueryFailed, QueryTimeout
from basetype_benchmark.infrastructure.clients.postgres_client import connect
from basetype_benchmark.infrastructure.clients.statement_limit import StatementLimit
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.federation import BATCH_THRESHOLD, FederationHandler
from basetype_benchmark.queries.statement import BoundText, Statement
from basetype_benchmark.runners.hybrid import HybridQueryExecutor
from basetype_benchmark.runners.postgres_session import PostgresSession

pytestmark = pytest.mark.servers

LIMIT_S = 1.0
QUESTION = find_question("Q12")
COLUMNS = tuple(column.name for column in QUESTION.federated)
SLEEP = "SELECT pg_sleep({seconds}), count(*) FROM {{federated}} AS f"
TIMEOUT = BoundText(text="SELECT current_setting('statement_timeout')")


class SlowGraph:
    """A graph engine that takes its time."""

    def __init__(self, takes_s: float, rows: int) -> None:
        self._takes_s = takes_s
        self._rows = [tuple("x" for _ in COLUMNS)] * rows

    def select(self, bound: BoundText) -> Execution:
        time.sleep(self._takes_s)
        return Execution(columns=COLUMNS, rows=self._rows)


@pytest.fixture
def session(postgres_service: Service) -> Iterator[PostgresSession]:
    session = PostgresSession(postgres_service, timeout_s=LIMIT_S)
    session.open()
    yield session
    session.close()


def execute(
    session: PostgresSession,
    *,
    graph_s: float,
    series_s: float,
    rows: int = 1,
    text: str = SLEEP,
) -> tuple[Execution | QueryFailed, float]:
    """Give the answer or the failure, and what it took."""
    statement = Statement(
        question=QUESTION,
        main=BoundText(text="SELECT *"),
        series=BoundText(text=text.format(seconds=series_s)),
    )
    executor = HybridQueryExecutor(SlowGraph(graph_s, rows), session, timeout_s=LIMIT_S)
    begin = time.monotonic()
    try:
        return executor.execute(statement), time.monotonic() - begin
    except QueryFailed as error:
        return error, time.monotonic() - begin


@pytest.mark.parametrize("rows", [1, BATCH_THRESHOLD], ids=["arrays", "temporary_table"])
def test_two_legs_have_one_limit_and_the_server_ends_the_second(
    session: PostgresSession, rows: int
) -> None:
    found, took_s = execute(session, graph_s=0.7 * LIMIT_S, series_s=0.9 * LIMIT_S, rows=rows)
    assert isinstance(found, QueryTimeout)
    assert not isinstance(found, DeadlinePassed)
    assert took_s < 1.3 * LIMIT_S
    assert session.execute(QUESTION, TIMEOUT).rows == [("1s",)]


def test_two_legs_within_the_limit_are_an_answer_and_the_timeout_is_whole_again(
    session: PostgresSession,
) -> None:
    found, _ = execute(session, graph_s=0.3 * LIMIT_S, series_s=0.2 * LIMIT_S)
    assert isinstance(found, Execution)
    assert found.rows[0][1] == 1
    assert session.execute(QUESTION, TIMEOUT).rows == [("1s",)]


def test_the_timeout_is_whole_again_after_a_statement_that_fails(
    session: PostgresSession,
) -> None:
    found, _ = execute(
        session, graph_s=0.3 * LIMIT_S, series_s=0, text="SELECT 1/{seconds} FROM {{federated}} f"
    )
    assert "division by zero" in str(found)
    assert session.execute(QUESTION, TIMEOUT).rows == [("1s",)]


def test_a_series_leg_with_nothing_left_is_not_sent(session: PostgresSession) -> None:
    found, took_s = execute(session, graph_s=1.05 * LIMIT_S, series_s=0)
    assert isinstance(found, QueryTimeout)
    assert "graph leg" in str(found)
    assert took_s < 1.3 * LIMIT_S


def test_a_quick_graph_leg_costs_no_round_trip(session: PostgresSession) -> None:
    text = "SELECT current_setting('statement_timeout'), {seconds} FROM {{federated}} AS f"
    quick, _ = execute(session, graph_s=0, series_s=0, text=text)
    slow, _ = execute(session, graph_s=0.5 * LIMIT_S, series_s=0, text=text)
    assert isinstance(quick, Execution)
    assert isinstance(slow, Execution)
    assert quick.rows[0][0] == "1s"
    assert 300 < int(str(slow.rows[0][0]).removesuffix("ms")) <= 500


def test_filling_the_temporary_table_counts_too(postgres_service: Service) -> None:
    with connect(postgres_service.endpoint, statement_timeout_s=LIMIT_S) as connection:
        limit = StatementLimit(connection, full_s=LIMIT_S, left_s=LIMIT_S)
        handler = FederationHandler(connection, batch_threshold=1, limit=limit)
        answer = handler.execute_federated_query(
            QUESTION,
            SlowRows([tuple("x" for _ in COLUMNS)]),
            "SELECT current_setting('statement_timeout') FROM {federated} AS f",
            {},
        )
        assert 300 < int(answer.rows[0][0].removesuffix("ms")) <= 500
        assert connection.execute(TIMEOUT.text.encode()).fetchone() == ("1s",)


class SlowRows(list[tuple[str, ...]]):
    """Rows that take half of the limit to hand over."""

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        time.sleep(LIMIT_S / 2)
        return super().__iter__()
