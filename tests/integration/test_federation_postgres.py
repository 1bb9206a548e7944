"""Graph rows joined with the series on a real server: every way in gives the same answer."""

import math
import statistics
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from basetype_benchmark.config.scenarios import StorageModel
from basetype_benchmark.infrastructure.clients.postgres_client import PostgresConnection, connect
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.postgres.store import create_schema, drop_schema, run_script
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.federation import FederationHandler
from basetype_benchmark.queries.loader import find_text, read_text

pytestmark = pytest.mark.servers

START = datetime(2024, 1, 1, tzinfo=UTC)
WINDOW = {"start": START, "end": START + timedelta(days=1)}
HOSTILE = ["it's", 'say "hi"', "back\\slash", "\\N", "\\.", "line\nbreak", "tab\tid", "{braces}",
           "100%", "%(start)s", "NULL", "", "{NULL,'}", "snow☃", "a,b"]  # fmt: skip
SAMPLES = 120
POINTS = {f"p{n:03d}": n for n in range(60)} | {p: 60 + n for n, p in enumerate(HOSTILE)}
THRESHOLDS = [1, len(POINTS) - 1, len(POINTS), len(POINTS) + 1]


def values_of(number: int) -> list[float]:
    return [20 + number * math.sin(sample) for sample in range(SAMPLES)]


@pytest.fixture(scope="module")
def store(postgres_service: Service) -> Iterator[Service]:
    with connect(postgres_service.endpoint) as connection:
        drop_schema(connection)
        create_schema(connection)
        run_script(connection, "series_native.sql")
        connection.execute("CREATE TABLE sample_all PARTITION OF sample DEFAULT")
        with connection.cursor() as cursor, cursor.copy("COPY sample FROM STDIN") as copy:
            for point_id, number in POINTS.items():
                for minute, value in enumerate(values_of(number)):
                    copy.write_row((START + timedelta(minutes=minute), point_id, value))
        yield postgres_service
        drop_schema(connection)


@pytest.fixture
def connection(store: Service) -> Iterator[PostgresConnection]:
    with connect(store.endpoint, statement_timeout_s=20) as connection:
        yield connection


@pytest.fixture(params=[*THRESHOLDS, "stream"])
def ask(request: pytest.FixtureRequest, connection: PostgresConnection) -> Any:
    """Ask a question in one of the ways: arrays or table, on either side of the threshold."""

    def answer(question_id: str, rows: list[Any]) -> list[tuple[Any, ...]]:
        question, text = find_question(question_id), series_text(question_id)
        if request.param == "stream":
            handler = FederationHandler(connection)
            return list(handler.stream_federated_query(question, iter(rows), text, WINDOW))
        handler = FederationHandler(connection, batch_threshold=request.param)
        return handler.execute_federated_query(question, rows, text, WINDOW).rows

    return answer


def series_text(question_id: str) -> str:
    path = find_text(find_question(question_id), StorageModel.SERIES, "postgresql")
    assert path is not None
    return read_text(path)


def drift_rows() -> list[tuple[str, str]]:
    return [(point_id, f"name of {point_id}") for point_id in POINTS]


def expected_drift() -> list[tuple[str, float]]:
    drift = {
        point_id: statistics.pvariance(values_of(n)) / statistics.mean(values_of(n)) ** 2
        for point_id, n in POINTS.items()
    }
    return sorted(drift.items(), key=lambda item: (-item[1], item[0]))[:20]


def test_a_limit_cuts_the_whole_ranking_and_hostile_ids_come_back_whole(ask: Any) -> None:
    got = ask("Q7", drift_rows())
    assert [row[0] for row in got] == [point_id for point_id, _ in expected_drift()]
    assert set(HOSTILE) <= {row[0] for row in got}
    assert [row[1] for row in got] == [f"name of {point_id}" for point_id, _ in expected_drift()]
    assert [row[4] for row in got] == pytest.approx([drift for _, drift in expected_drift()])


def test_a_group_gathers_all_its_points(ask: Any) -> None:
    rows = [(point_id, "even" if n % 2 == 0 else "odd") for point_id, n in POINTS.items()]
    rows.append(("unknown point", "odd"))
    evens = [n for n in POINTS.values() if n % 2 == 0]
    odds = [n for n in POINTS.values() if n % 2 == 1]
    got = ask("Q12", rows)
    assert [row[:4] for row in got] == [
        ("even", len(evens), len(evens), len(evens) * SAMPLES),
        ("odd", len(odds) + 1, len(odds), len(odds) * SAMPLES),
    ]
    assert got[0][4] == pytest.approx(statistics.mean(v for n in evens for v in values_of(n)))


def test_a_row_given_twice_counts_once(ask: Any) -> None:
    rows = [("p001", "m1", "it"), ("p002", "m2", "it"), ["p001", "m1", "it"]]
    ((end_use, meters, energy_kwh),) = ask("Q8", rows)
    assert (end_use, meters) == ("it", 2)
    assert energy_kwh == pytest.approx(sum(values_of(1)) + sum(values_of(2)))


@pytest.mark.parametrize("question_id", ["Q7", "Q8", "Q9", "Q10", "Q11", "Q12", "Q13"])
def test_no_graph_rows_give_no_answer_rows(ask: Any, question_id: str) -> None:
    assert ask(question_id, []) == []


@pytest.mark.parametrize("count", [1, 400_000])
def test_any_number_of_graph_rows_is_joined_in_every_way(ask: Any, count: int) -> None:
    unknown = ((f"unknown {n}", "temperature") for n in range(count - 1))
    rows = [("p001", "temperature"), *unknown]
    assert [row[:4] for row in ask("Q12", rows)] == [("temperature", count, 1, SAMPLES)]


def test_a_null_point_keeps_its_row(ask: Any) -> None:
    rows = [
        ("r1", "rack", 3, 2, None, None),
        ("r2", "rack", 0, 0, "p001", "active_power"),
    ]
    got = ask("Q11", rows)
    assert got[0] == ("r1", "rack", 3, 2, None, None)
    assert got[1][:5] == ("r2", "rack", 0, 0, None)
    assert got[1][5] == pytest.approx(statistics.mean(values_of(1)))


def test_two_questions_in_a_row_leave_no_table_and_no_transaction(
    ask: Any, connection: PostgresConnection
) -> None:
    assert len(ask("Q7", drift_rows())) == 20
    assert len(ask("Q8", [("p001", "m1", "it")])) == 1
    assert len(ask("Q7", drift_rows())) == 20
    assert connection.info.transaction_status is TransactionStatus.IDLE
    found = connection.execute("SELECT to_regclass('pg_temp.federated')").fetchone()
    assert found == (None,)


def test_a_failing_statement_leaves_no_table_behind(connection: PostgresConnection) -> None:
    handler = FederationHandler(connection, batch_threshold=1)
    with pytest.raises(psycopg.Error):
        handler.execute_federated_query(
            find_question("Q7"), drift_rows(), "SELECT no_column FROM {federated} AS f", {}
        )
    assert connection.info.transaction_status is TransactionStatus.IDLE
    got = handler.execute_federated_query(
        find_question("Q7"), drift_rows(), series_text("Q7"), WINDOW
    )
    assert len(got.rows) == 20


def test_a_graph_store_that_fails_half_way_gives_no_answer(connection: PostgresConnection) -> None:
    def rows() -> Iterator[tuple[str, str]]:
        yield from drift_rows()
        raise ConnectionError("the graph store went away")

    handler = FederationHandler(connection)
    question, text = find_question("Q7"), series_text("Q7")
    with pytest.raises(ConnectionError):
        list(handler.stream_federated_query(question, rows(), text, WINDOW))
    assert len(list(handler.stream_federated_query(question, drift_rows(), text, WINDOW))) == 20


def test_a_stream_reads_graph_rows_as_they_come_and_can_be_left_early(
    connection: PostgresConnection,
) -> None:
    taken = 0

    def rows() -> Iterator[tuple[str, str]]:
        nonlocal taken
        for row in drift_rows():
            taken += 1
            yield row

    stream = FederationHandler(connection).stream_federated_query(
        find_question("Q7"), rows(), series_text("Q7"), WINDOW
    )
    assert taken == 0
    first = next(iter(stream))
    assert first[0] == expected_drift()[0][0]
    assert taken == len(POINTS)
    stream.close()  # type: ignore[attr-defined]
    assert connection.info.transaction_status is TransactionStatus.IDLE


def test_the_legs_are_timed(connection: PostgresConnection) -> None:
    for threshold in (1, 1000):
        handler = FederationHandler(connection, batch_threshold=threshold)
        got = handler.execute_federated_query(
            find_question("Q7"), drift_rows(), series_text("Q7"), WINDOW
        )
        assert got.transfer_ns > 0
        assert got.series_ns > 0
        assert got.columns == find_question("Q7").column_names
