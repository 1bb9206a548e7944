"""What ``btb validate`` shows: every scenario and query at any width, and the time of a timeout."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.cli.formatters import encode_json
from basetype_benchmark.cli.validation_report import (
    Validation,
    print_validation,
    validation_document,
)
from basetype_benchmark.queries.catalog import load_questions
from tests.records import make_query, make_result

TEN = ("P1", "P2", "M1", "M2", "O1", "O2", "F1", "F2", "A1", "A2")


def result_of(scenario: str, **outcomes: Outcome) -> BenchmarkResult:
    """All thirteen queries with one variant, right unless told otherwise by their ids."""
    queries = tuple(
        replace(make_query(q.id, outcome=outcomes.get(q.id, Outcome.OK)), name=q.name)
        for q in load_questions().values()
    )
    return replace(make_result(queries=queries), scenario=scenario)


def validation_of(results: Sequence[BenchmarkResult]) -> Validation:
    return Validation(profile="tiny-2d", dataset_seed=42, timeout_s=60, results=results)


def shown_at(
    columns: int,
    validation: Validation,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> list[str]:
    """The lines of the tables on a terminal so wide, without colours."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    print_validation(validation)
    return re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()


@pytest.mark.parametrize("columns", [80, 120])
def test_ten_scenarios_that_are_right_are_one_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    validation = validation_of([result_of(scenario) for scenario in TEN])
    lines = shown_at(columns, validation, capsys, monkeypatch)
    (header,) = [line for line in lines if line.startswith("query")]
    assert header.split() == ["query", "name", *TEN]
    assert max(map(len, lines)) <= columns
    rows = [line.split() for line in lines if line.startswith("Q")]
    assert rows == [[q.id, q.name, *["ok"] * 10] for q in load_questions().values()]


def test_ten_scenarios_with_longer_outcomes_are_more_tables_on_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    late = [result_of(scenario, Q7=Outcome.TIMEOUT) for scenario in TEN]
    lines = shown_at(80, validation_of(late), capsys, monkeypatch)
    headers = [line.split()[2:] for line in lines if line.startswith("query")]
    assert len(headers) == 3
    assert [scenario for header in headers for scenario in header] == list(TEN)
    assert max(map(len, lines)) <= 80
    rows = [line.split() for line in lines if line.startswith("Q7 ")]
    assert [cell for row in rows for cell in row[2:]] == ["timeout"] * 10


def test_a_timeout_is_told_with_the_time_given_and_taken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_validation(validation_of([result_of("P1"), result_of("A1", Q13=Outcome.TIMEOUT)]))
    said = capsys.readouterr().err
    assert "A1 Q13 variant 1 (id=b01): timeout after 1 ms" in said
    assert "    it went wrong" in said
    assert "timeout: no answer within 60 s" in said
    assert "error: 25 of 26 answers are right; 1 timeout; see above" in said


def test_all_right_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_validation(validation_of([result_of("P1"), result_of("O2")]))
    assert capsys.readouterr().err == "✓ all 26 answers are right\n"


def test_a_scenario_that_never_answered_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    failed = replace(make_result(outcome=CellOutcome.CONTAINER_FAILED, queries=()), scenario="F1")
    print_validation(validation_of([result_of("P1"), failed]))
    said = capsys.readouterr().err
    assert "error: F1 container_failed: the server went away" in said
    assert "13 of 13 answers are right; not every scenario was completed" in said


def test_the_document_says_what_ran_and_what_came_of_it() -> None:
    validation = validation_of([result_of("P1"), result_of("A1", Q13=Outcome.TIMEOUT)])
    document = json.loads(encode_json(validation_document(validation)))
    assert (document["profile"], document["timeout_s"], document["is_ok"]) == ("tiny-2d", 60, False)
    assert document["answers"] == {"ok": 25, "timeout": 1}
    right, late = document["scenarios"]
    assert right["is_ok"]
    assert right["servers"] == {"postgresql": "PostgreSQL 18.6 (no TimescaleDB)"}
    assert {query["outcome"] for query in late["queries"]} == {"ok", "timeout"}
    assert late["queries"][-1]["variants"][0]["reason"] == "it went wrong"
