"""What docs/explanation/fairness.md says of a load, against what the servers are really sent."""

import pytest

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.runners.base import BenchmarkRunner
from tests.conformance.bench import Bench
from tests.conformance.recording import recorded
from tests.fairness_page import (
    PAGE,
    cypher_index_rows,
    line,
    make_tables,
    split_statements,
    sql_index_rows,
)
from tests.wire.requests import Request

pytestmark = pytest.mark.servers


def test_every_index_that_a_load_makes_is_on_the_page(
    scenario: Scenario, bench: Bench, toy_runner: BenchmarkRunner, toy: Dataset
) -> None:
    page = PAGE.read_text(encoding="utf-8").splitlines()
    with recorded(scenario, bench, toy) as recording:
        recording.runner.load_and_verify()
        rows = {
            row
            for engine, requests in recording.requests().items()
            for row in index_rows(engine, requests)
        }
    assert [row for row in rows if row not in page] == []
    assert bool(rows) == (scenario.id != "O1")


def test_every_setting_of_a_server_is_on_the_page(scenario: Scenario, bench: Bench) -> None:
    tables = make_tables()
    for engine, service in bench.services(scenario).items():
        told = tables[f"settings of {engine}"]
        rows = [f"| `{s.name}` |" for s in service.settings]
        assert [row for row in rows if row not in told] == []
        assert len(rows) == len(told.splitlines()) - 2


def index_rows(engine: str, requests: list[Request]) -> list[str]:
    """Write the keys and indexes that were asked for as the page does."""
    statements = [s for request in requests for s in split_statements(request.text)]
    rows = [*sql_index_rows(statements), *cypher_index_rows(engine, statements)]
    return [line(row) for row in rows]
