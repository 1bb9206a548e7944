"""What the PostgreSQL runner does before any server is asked."""

from pathlib import Path
from typing import Any

import pytest

from basetype_benchmark.config.scenarios import find_scenario
from basetype_benchmark.errors import QueryFailed, ServerDied
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.loaders.base import StoredCounts
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.statement import BoundText, Statement
from basetype_benchmark.runners.postgres import PostgresRunner

TEXT = BoundText(text="SELECT 1")


class CountingLoader:
    """A loader that holds nothing and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def clear(self) -> None:
        self.asked.append("clear")

    def load(self, dataset: Any, progress: Any) -> Any:
        self.asked.append("load")

    def count(self) -> StoredCounts:
        return StoredCounts(samples=7)


@pytest.fixture
def loader() -> CountingLoader:
    return CountingLoader()


@pytest.fixture
def runner(loader: CountingLoader, tmp_path: Path) -> PostgresRunner:
    service = open_postgres(tmp_path / "never_started")
    dataset: Any = None
    return PostgresRunner(
        scenario=find_scenario("P1"), dataset=dataset, timeout_s=1, service=service, loader=loader
    )


@pytest.mark.parametrize(("main", "series"), [(None, TEXT), (TEXT, TEXT), (None, None)])
def test_what_is_not_one_statement_is_refused(
    runner: PostgresRunner, main: BoundText | None, series: BoundText | None
) -> None:
    statement = Statement(question=find_question("Q6"), main=main, series=series)
    with pytest.raises(QueryFailed, match="Q6 is not one statement"):
        runner.execute(statement)


def test_a_statement_before_connecting_is_refused(runner: PostgresRunner) -> None:
    with pytest.raises(ServerDied, match="no connection"):
        runner.execute(Statement(question=find_question("Q6"), main=TEXT, series=None))


def test_disconnecting_twice_or_unconnected_is_no_error(runner: PostgresRunner) -> None:
    runner.disconnect()
    runner.disconnect()


def test_the_store_goes_by_the_engine_of_the_scenario(
    runner: PostgresRunner, loader: CountingLoader
) -> None:
    assert runner.count_stores() == {"postgresql": StoredCounts(samples=7)}
    runner.clear_data()
    assert loader.asked == ["clear"]
