import json
from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.campaign import CampaignRecord
from basetype_benchmark.benchmark.checksums import write_checksums
from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, Journal
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.results_io import write_campaign
from basetype_benchmark.cli.follow import follow_in_lines
from basetype_benchmark.cli.main import run_command
from basetype_benchmark.infrastructure.local.data_lock import DataLock
from basetype_benchmark.workflows.campaigns.lock_files import LOCK_FILE
from basetype_benchmark.workflows.campaigns.status import State
from basetype_benchmark.workflows.campaigns.status_reader import StatusReader
from tests.records import (
    make_campaign,
    make_cell,
    make_gradient_campaign,
    make_result,
    write_whole_cell,
)
from tests.unit.cli.terminal import run_on_terminal

NAME = make_campaign().campaign
CELL = "tiny-2d.P1.r1"


def begin(home: Path, record: CampaignRecord, *events: Event) -> Path:
    folder = home / "results" / record.campaign
    folder.mkdir(parents=True)
    write_campaign(folder, record)
    for event in (Event.OPENED, *events):
        Journal(folder / JOURNAL_FILE).add(event)
    return folder


def complete(home: Path) -> None:
    folder = begin(home, make_campaign(), Event.COMPLETED)
    write_whole_cell(folder, make_cell())
    write_checksums(folder)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    assert run_command(arguments) == 0
    captured = capsys.readouterr()
    return captured.out, captured.err


@pytest.mark.parametrize("command", [["campaigns"], ["campaigns", "list"]])
def test_an_empty_home_is_said_to_be_empty(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = run(capsys, *command, "--home", str(tmp_path))
    assert out == ""
    assert "there is no campaign in" in err


def test_campaigns_are_listed_in_both_forms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    complete(tmp_path)
    begin(tmp_path, replace(make_gradient_campaign(), campaign="killed"))
    (tmp_path / "results" / "foreign").mkdir()
    out, err = run(capsys, "campaigns", "--home", str(tmp_path))
    lines = [line.split() for line in out.splitlines() if line.strip()]
    assert lines[2][:4] == ["killed", "quick", "tiny-2d", "interrupted"]
    assert "0+" in lines[2]
    assert lines[3][:4] == [NAME, "quick", "tiny-2d", "complete"]
    assert "go on with: btb resume killed" in err
    assert "foreign is no campaign that can be read: " in err
    documents = json.loads(run(capsys, "campaigns", "--json", "--home", str(tmp_path))[0])
    found = {document["campaign"]: document for document in documents}
    assert {name: document["state"] for name, document in found.items()} == {
        "killed": "interrupted",
        NAME: "complete",
        "foreign": "unreadable",
    }
    assert found[NAME]["done"] == 1
    assert found[NAME]["cells"][0]["outcome"] == "completed"
    assert "cannot be read" in found["foreign"]["problem"]


def test_a_campaign_is_shown_with_its_cells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = begin(tmp_path, make_campaign(), Event.FAILED)
    write_whole_cell(folder, make_cell(result=make_result(outcome=CellOutcome.OOM_LOAD)))
    for name in ([], [NAME[:8]], [NAME]):
        out, err = run(capsys, "campaigns", "show", *name, "--home", str(tmp_path))
        assert f"{CELL}   9 s  ✗ oom load" in out
        assert "failed" in out.splitlines()[0]
        assert "go on with: btb resume" in err
    document = json.loads(run(capsys, "campaigns", "show", "--json", "--home", str(tmp_path))[0])
    assert (document["state"], document["failed"]) == ("failed", 1)


def test_what_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin(tmp_path, make_campaign())
    assert run_command(["campaigns", "show", "x", "--home", str(tmp_path)]) == 2
    assert "there is no campaign 'x'" in capsys.readouterr().err
    assert run_command(["campaigns", "show", "--json", "--follow", "--home", str(tmp_path)]) == 2
    assert "leave out --follow" in capsys.readouterr().err


def test_without_a_terminal_one_that_runs_is_shown_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = begin(tmp_path, make_campaign())
    with DataLock(what="it", lock_file=folder / LOCK_FILE):
        out, _ = run(capsys, "campaigns", "show", "--home", str(tmp_path))
    assert "running" in out.splitlines()[0]


def test_a_list_fits_a_terminal_of_80_columns(tmp_path: Path) -> None:
    complete(tmp_path)
    code, shown = run_on_terminal(80, "campaigns", "--home", str(tmp_path))
    assert code == 0
    assert max(map(len, shown.splitlines())) <= 80
    assert NAME in shown


def test_followed_in_lines_a_cell_is_told_of_when_it_begins_and_ends(tmp_path: Path) -> None:
    folder = begin(tmp_path, make_campaign())
    journal, reader, said = Journal(folder / JOURNAL_FILE), StatusReader(folder), []
    lock = DataLock(what="it", lock_file=folder / LOCK_FILE)
    steps = iter(
        [
            lambda: None,
            lambda: journal.add(Event.CELL_STARTED, cell=CELL),
            lambda: None,
            lambda: write_whole_cell(folder, make_cell()),
            lambda: (journal.add(Event.COMPLETED), write_checksums(folder)),
            lambda: lock.__exit__(None, None, None),
        ]
    )
    with lock:
        last = follow_in_lines(
            reader, reader.read(), say=said.append, sleep=lambda _: next(steps)()
        )
    assert said == [f"{CELL}: ▸ running", f"{CELL}: ✓ completed in 9 s"]
    assert last.state is State.COMPLETE
