import re
from pathlib import Path

import psutil
import pytest

from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, Journal
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.results_io import write_campaign
from basetype_benchmark.errors import HostError
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.workflows.campaigns.notification import (
    CampaignEnd,
    NotifiedCampaign,
    notify,
)
from tests.records import make_campaign, make_cell, make_result, write_whole_cell

END = CampaignEnd(event=Event.COMPLETED, folder=Path("/home/results/2026 it's"), done=3, failed=1)
KEEP = 'printf "%s|" "$BTB_EVENT" "$BTB_CAMPAIGN" "$BTB_FOLDER" "$BTB_CELLS_DONE" '
KEEP += '"$BTB_CELLS_FAILED" > {}'


def test_the_command_learns_how_it_ended(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert notify(KEEP.format(kept), END) is None
    assert kept.read_text() == "completed|2026 it's|/home/results/2026 it's|3|1|"


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("exit 3", "the notification ended with code 3"),
        ("echo first; echo no route >&2; exit 4", "ended with code 4: no route"),
        ("no-such-program-at-all", "ended with code 127: .*not found"),
        ("a\0b", "could not be run: embedded null byte"),
    ],
)
def test_a_failure_is_one_line(command: str, problem: str) -> None:
    said = notify(command, END)
    assert said is not None
    assert "\n" not in said
    assert re.search(problem, said)


def test_one_that_hangs_is_killed_with_what_it_started(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    said = notify(f"sleep 300 & echo $! > {pid_file}; wait", END, deadline_s=2)
    assert said == "the notification did not end within 2 s and was killed"
    child = int(pid_file.read_text())
    wait_until("its child's end", lambda: "it runs" if runs(child) else None, deadline_s=10)


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_what_it_leaves_in_the_background_goes_on(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    assert notify(f"sleep 30 & echo $! > {pid_file}", END) is None
    child = psutil.Process(int(pid_file.read_text()))
    assert child.is_running()
    child.kill()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    record = make_campaign()
    folder = tmp_path / record.campaign
    folder.mkdir()
    write_campaign(folder, record)
    Journal(folder / JOURNAL_FILE).add(Event.OPENED)
    return folder


def test_the_cells_are_counted_when_all_is_over(folder: Path, tmp_path: Path) -> None:
    warned: list[str] = []
    with NotifiedCampaign(KEEP.format(tmp_path / "kept"), tmp_path, warned.append) as ending:
        ending.opened(make_campaign(), {})
        write_whole_cell(folder, make_cell(result=make_result(outcome=CellOutcome.OOM_LOAD)))
        ending.closed(Event.PAUSED)
        assert not (tmp_path / "kept").exists()
    assert (tmp_path / "kept").read_text() == f"paused|{folder.name}|{folder}|0|1|"
    assert warned == []


@pytest.mark.parametrize(
    ("error", "event"), [(HostError("no"), "failed"), (KeyboardInterrupt(), "stopped")]
)
def test_an_end_before_there_is_a_campaign_is_told_too(
    error: BaseException, event: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    with (
        pytest.raises(type(error)),
        NotifiedCampaign(KEEP.format(kept), tmp_path, pytest.fail),
    ):
        raise error
    assert kept.read_text() == f"{event}|||0|0|"


def test_a_command_that_fails_is_a_warning_and_changes_nothing(tmp_path: Path) -> None:
    warned: list[str] = []
    with NotifiedCampaign("exit 9", tmp_path, warned.append):
        pass
    assert warned == ["the notification ended with code 9"]


def test_nothing_is_run_where_nothing_was_asked_for(tmp_path: Path) -> None:
    with NotifiedCampaign(None, tmp_path, pytest.fail):
        pass
