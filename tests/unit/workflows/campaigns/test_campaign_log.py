import re
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.journal import Event
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.errors import LoadError
from basetype_benchmark.progress import SILENT
from basetype_benchmark.workflows.campaigns import campaign_log
from basetype_benchmark.workflows.campaigns.campaign_log import LOG_FILE, CampaignLog
from basetype_benchmark.workflows.campaigns.heard_progress import HeardProgress
from tests.records import make_campaign, make_cell, make_result

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|ERROR) \d+ \S.*")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / make_campaign().campaign
    folder.mkdir()
    return folder


def words(folder: Path) -> list[str]:
    """The lines without time, level and process."""
    lines = (folder / LOG_FILE).read_text().splitlines()
    assert all(LINE.fullmatch(line) for line in lines)
    return [line.split(" ", 3)[3] for line in lines]


def test_what_happened_is_written_in_its_order(folder: Path) -> None:
    with CampaignLog(folder.parent, lambda: 5.0) as log:
        progress = HeardProgress(SILENT, [log], lambda: 5.0)
        progress.note("  before the folder is known")
        log.opened(make_campaign(), {})
        log.opened(make_campaign(), {})
        log.cell_started("tiny-2d.P1.r1")
        with progress.task("series", 100, "rows") as task:
            for _ in range(50):
                task.on("Q7")
                task.advance()
        log.cell_finished(make_cell())
        log.cell_finished(make_cell(result=make_result(outcome=CellOutcome.OOM_LOAD)))
        log.closed(Event.COMPLETED)
    assert words(folder) == [
        "before the folder is known",
        "campaign 20260102-030405-tiny-2d on x86_64, a CPU, 2 of 2 CPUs, 24 GiB",
        "plan: quick, 1 cells, 0 have a result",
        "cell tiny-2d.P1.r1 begins",
        "task series begins, 100 rows",
        "task series ends after 0 ms: 50 rows",
        "cell tiny-2d.P1.r1 ends after 0 ms: completed",
        "cell tiny-2d.P1.r1 ends after 0 ms: oom_load: oom load: the server went away",
        "campaign completed",
    ]


def test_errors_are_written_with_where_they_came_from(folder: Path) -> None:
    def fail_twice() -> None:
        with CampaignLog(folder.parent) as log:
            log.opened(make_campaign(), {})
            try:
                raise LoadError("the disk is slow")
            except LoadError as error:
                HeardProgress(SILENT, [log]).trace(error)
            raise LoadError("the disk is full")

    with pytest.raises(LoadError):
        fail_twice()
    text = (folder / LOG_FILE).read_text()
    assert text.count("Traceback") == text.count("in fail_twice") == 2
    assert "WARNING" in text.partition("LoadError: the disk is slow")[0]
    assert "ERROR" in text.partition("LoadError: the disk is full")[0]


def test_a_run_that_goes_on_adds_to_the_log(folder: Path) -> None:
    for _ in range(2):
        with CampaignLog(folder.parent) as log:
            log.opened(make_campaign(), {})
    assert len(words(folder)) == 4


def test_old_files_are_dropped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_log, "FILE_BYTES", 1000)
    with CampaignLog(folder.parent) as log:
        log.opened(make_campaign(), {})
        for number in range(200):
            log.noted(f"line {number} {'x' * 50}")
    files = sorted(file.name for file in folder.iterdir())
    assert files == [LOG_FILE, *(f"{LOG_FILE}.{number}" for number in range(1, 5))]
    assert all(file.stat().st_size <= 1000 for file in folder.iterdir())
    assert "line 199" in (folder / LOG_FILE).read_text()


def test_a_log_that_cannot_be_written_costs_nothing_but_itself(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / LOG_FILE).symlink_to("/dev/full")
    with CampaignLog(folder.parent) as log:
        log.opened(make_campaign(), {})
        log.noted("said")
    (folder / LOG_FILE).unlink()
    (folder / LOG_FILE).mkdir()
    with CampaignLog(folder.parent) as log:
        log.opened(make_campaign(), {})
    assert capsys.readouterr() == ("", "")
