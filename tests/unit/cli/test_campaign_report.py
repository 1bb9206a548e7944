import json
from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.cli.campaign_report import print_campaign
from basetype_benchmark.cli.formatters import (
    format_count,
    format_latency,
    format_milliseconds,
    format_value,
)
from basetype_benchmark.workflows.benchmark import CampaignResult
from tests.records import (
    make_cell,
    make_client_query,
    make_interrupted_query,
    make_query,
    make_result,
)


def campaign(*cells: str, **changes: object) -> CampaignResult:
    result = make_result(**changes)  # type: ignore[arg-type]
    return CampaignResult(
        folder=Path("somewhere"), cells=tuple(make_cell(cell, result) for cell in cells)
    )


def test_a_campaign_shows_latencies_rows_legs_loading_and_where_it_lies(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_campaign(campaign("tiny-2d.O2.r1"), as_json=False)
    output = capsys.readouterr()
    version = "PostgreSQL 18.6 (no TimescaleDB)"
    for text in ("Q7", "2 ms", "2.9 ms", "70 / 10 / 20", "4 KiB", "ok", version):
        assert text in output.out
    for text in ("p50: half of the executions", "results: somewhere", "every answer is right"):
        assert text in output.err


def test_a_cell_shows_what_the_client_did_and_only_where_it_did(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_campaign(campaign("tiny-2d.O1.r1", queries=(make_client_query(),)), as_json=False)
    output = capsys.readouterr()
    for text in ("60 / 30 / 10", "3 KiB", "4 321"):
        assert text in output.out
    assert "client %: share of the time" in output.err
    assert "legs %" not in output.out + output.err
    print_campaign(campaign("tiny-2d.P1.r1"), as_json=False)
    output = capsys.readouterr()
    assert "client %" not in output.out + output.err


def test_two_cells_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    print_campaign(campaign("tiny-2d.P1.r1", "tiny-2d.O2.r1"), as_json=False)
    assert "Side by side" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("elapsed_ns", "text"),
    [(377_000, "0.377"), (2_774_000, "2.77"), (99_940_000, "99.9"), (1_500_400_000, "1500")],
)
def test_milliseconds_have_three_digits_that_count(elapsed_ns: int, text: str) -> None:
    assert format_milliseconds(elapsed_ns) == text


def test_a_wrong_answer_is_named_and_never_compared(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = (make_query(outcome=Outcome.WRONG_ANSWER),)
    print_campaign(campaign("tiny-2d.P1.r1", "tiny-2d.O2.r1", queries=wrong), as_json=False)
    output = capsys.readouterr()
    side_by_side = output.out.split("Side by side")[1].split("Loading")[0]
    [line] = [row for row in side_by_side.splitlines() if "Q7" in row]
    assert line.split() == ["Q7", "wrong_answer", "wrong_answer"]
    assert "error: tiny-2d.O2.r1 Q7 wrong_answer: it went wrong" in output.err
    assert "geometric mean" not in output.out


def test_a_query_with_few_of_its_runs_shows_how_many_and_is_never_compared(
    capsys: pytest.CaptureFixture[str],
) -> None:
    few = make_interrupted_query("Q7", taken=2, planned=20)
    cut = make_result(outcome=CellOutcome.CONTAINER_FAILED, queries=(few, make_query("Q8")))
    whole = make_result(queries=(make_query("Q7"), make_query("Q8")))
    cells = (make_cell("tiny-2d.P1.r1", cut), make_cell("tiny-2d.P1.r2", whole))
    print_campaign(CampaignResult(folder=Path("somewhere"), cells=cells), as_json=False)
    output = capsys.readouterr()
    cut_table, rest = output.out.split("tiny-2d.P1.r2", 1)
    assert "2 of 20" in cut_table
    assert "runs" not in rest.split("Side by side")[0]
    [line] = [row for row in rest.split("Side by side")[1].splitlines() if "Q7" in row]
    assert line.split() == ["Q7", "skipped", "2"]
    assert "error: tiny-2d.P1.r1 Q7 skipped: 2 of 20 runs" in output.err
    assert "runs: how many" in output.err


def test_a_failed_cell_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    failed = campaign("tiny-2d.P1.r1", outcome=CellOutcome.CONTAINER_FAILED, queries=())
    print_campaign(failed, as_json=False)
    line = "error: tiny-2d.P1.r1 container_failed: the server went away"
    assert line in capsys.readouterr().err.splitlines()


def test_a_completed_cell_with_a_reason_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    result = replace(make_result(), reason="leaving the servers failed")
    cells = (make_cell("tiny-2d.P1.r1", result),)
    print_campaign(CampaignResult(folder=Path("somewhere"), cells=cells), as_json=False)
    assert "tiny-2d.P1.r1 completed: leaving the servers failed" in capsys.readouterr().err


def test_json_holds_the_cells_as_they_were_measured(capsys: pytest.CaptureFixture[str]) -> None:
    print_campaign(campaign("tiny-2d.P1.r1"), as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["is_ok"] is True
    samples = document["cells"][0]["result"]["queries"][0]["samples"]
    assert [sample["elapsed_ns"] for sample in samples] == [1_000_000, 2_000_001, 3_000_002]


@pytest.mark.parametrize(
    ("elapsed_ns", "text"),
    [
        (None, "-"),
        (789_000, "0.789 ms"),
        (148_000_000, "148 ms"),
        (999_400_000, "999 ms"),
        (999_600_000, "1 s"),
        (67_000_000_000, "1 min 07 s"),
    ],
)
def test_latencies_are_readable(elapsed_ns: int | None, text: str) -> None:
    assert format_latency(elapsed_ns) == text


def test_counts_and_values_are_readable() -> None:
    assert format_count(1_234_567) == "1 234 567"
    assert format_count(None) == format_value(None) == "-"
    assert format_value(0.123456789) == "0.123457"
