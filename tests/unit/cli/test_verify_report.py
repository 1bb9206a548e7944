import json
from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.journal import Event, Journal
from basetype_benchmark.benchmark.results_io import write_campaign, write_environment
from basetype_benchmark.cli.main import run_command
from tests.records import make_campaign, make_cell, make_environment, write_whole_cell


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign by hand in a home, of two cells one of which has its result."""
    place = tmp_path / "results" / "20260102-030405-tiny-2d"
    planned = make_campaign()
    second = replace(planned.cells[0], cell="tiny-2d.P1.r2", repetition=2)
    write_campaign(place, replace(planned, cells=(*planned.cells, second)))
    write_environment(place, make_environment())
    write_whole_cell(place, make_cell())
    Journal(place / "journal.jsonl").add(
        Event.CELL_FINISHED, cell="tiny-2d.P1.r1", detail="completed", elapsed_ns=9_000_000_000
    )
    return place


def test_what_is_wrong_is_told_with_file_and_field_and_fails_the_command(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["verify", str(folder)]) == 1
    out, err = capsys.readouterr()
    assert "fingerprints" in out
    assert "failed" in out
    assert "campaign.json, cells.0.fingerprint is aaaaaaaaaaaaaaaa, and " in err
    assert "the campaign is not complete: 1 of 2 cells have a result" in err
    assert "is not sound" in err.splitlines()[-1]


def test_a_campaign_is_found_by_its_name_and_told_as_json(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(folder.parents[1])
    assert run_command(["verify", "20260102", "--home", home, "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["folder"] == str(folder)
    assert (document["ok"], document["complete"]) == (False, False)
    assert (document["cells"], document["planned_cells"]) == (1, 2)
    assert document["other_code"]["digest"] == "d" * 16
    checks = {check["name"]: check for check in document["checks"]}
    assert checks["schemas"]["ok"]
    assert checks["statistics"]["compared"] > 20
    fields = {finding["field"] for finding in checks["fingerprints"]["findings"]}
    assert "cells.0.fingerprint" in fields


def test_what_is_no_campaign_is_bad_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["verify", f"{tmp_path}/", "--home", str(tmp_path)]) == 2
    assert "holds no campaign" in capsys.readouterr().err
    assert run_command(["verify", "20990101", "--home", str(tmp_path)]) == 2
    assert "there is no campaign '20990101'" in capsys.readouterr().err


def test_a_file_that_is_no_result_is_told_and_nothing_else_is_checked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "campaign.json").write_text('{"campaign": 1}')
    assert run_command(["verify", str(folder), "--json"]) == 1
    [schemas] = json.loads(capsys.readouterr().out)["checks"]
    assert [finding["file"] for finding in schemas["findings"]] == ["campaign.json"]
