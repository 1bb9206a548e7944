"""The answer of ``btb query``: numbers to the right, and who took which part of the time."""

import pytest

from basetype_benchmark.benchmark.execution import ClientWork, Execution, Legs
from basetype_benchmark.cli.query_report import print_answer
from basetype_benchmark.config.scenarios import find_scenario
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.statement import build_statement
from basetype_benchmark.workflows.query import QueryAnswer

ROWS = [("hvac", 1, 12.5), ("plugs", 10, 1.25)]
MS = 1_000_000


def printed(
    capsys: pytest.CaptureFixture[str],
    scenario_id: str,
    *,
    rows: list[tuple[str, int, float]] = ROWS,
    legs: Legs | None = None,
    client: ClientWork | None = None,
) -> tuple[list[str], list[str]]:
    question, scenario = find_question("Q5"), find_scenario(scenario_id)
    statement = build_statement(question, scenario, {})
    execution = Execution(
        columns=("end_use", "meters", "energy_kwh"), rows=rows, legs=legs, client=client
    )
    answer = QueryAnswer(
        statement=statement, parameters={}, execution=execution, elapsed_ns=20 * MS
    )
    print_answer(find_question("Q8"), scenario, answer)
    shown = capsys.readouterr()
    return shown.out.splitlines(), shown.err.splitlines()


def test_numbers_stand_under_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    table, _ = printed(capsys, "P1")
    assert [line.rstrip() for line in table[2:4]] == [
        "hvac          1        12.5",
        "plugs        10        1.25",
    ]


@pytest.mark.parametrize(("rows", "count"), [(ROWS, "2 rows"), (ROWS[:1], "1 row"), ([], "0 rows")])
def test_rows_are_counted(
    capsys: pytest.CaptureFixture[str], rows: list[tuple[str, int, float]], count: str
) -> None:
    _, said = printed(capsys, "P1", rows=rows)
    assert said[-1] == f"{count} in 20 ms, executed once and not warmed up"


def test_legs_are_told_with_their_engines(capsys: pytest.CaptureFixture[str]) -> None:
    legs = Legs(graph_ns=2 * MS, transfer_ns=MS, series_ns=16 * MS)
    _, said = printed(capsys, "F2", legs=legs)
    assert said[-3:] == [
        "  FalkorDB, graph: 2 ms",
        "  transfer: 1 ms",
        "  PostgreSQL, series: 16 ms",
    ]


def test_the_work_of_the_application_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    client = ClientWork(
        fetch_ns=9 * MS,
        decode_ns=MS,
        aggregate_ns=7 * MS,
        received_bytes=2048,
        chunks=6,
        decoded_samples=1576,
    )
    _, said = printed(capsys, "O1", client=client)
    assert said[-2:] == [
        "  Oxigraph: 9 ms, 2 KiB received with 6 chunks",
        "  application: 1 ms to decode 1 576 samples, 7 ms to aggregate them",
    ]
