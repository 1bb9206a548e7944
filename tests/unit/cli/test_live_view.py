"""What is seen of a campaign, told by hand."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, Journal
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.benchmark.results_io import write_campaign
from basetype_benchmark.cli.live_view import (
    REDRAW_INTERVAL_S,
    LineDisplay,
    LiveDisplay,
    open_campaign_view,
)
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.infrastructure.local.data_lock import DataLock
from basetype_benchmark.progress import Progress
from basetype_benchmark.workflows.campaigns.campaign_log import LOG_FILE
from basetype_benchmark.workflows.campaigns.heard_progress import HeardProgress
from basetype_benchmark.workflows.campaigns.live_status import LIVE_FILE
from basetype_benchmark.workflows.campaigns.live_tracker import LiveTracker
from basetype_benchmark.workflows.campaigns.lock_files import LOCK_FILE
from basetype_benchmark.workflows.campaigns.observers import TellAll
from tests.records import make_campaign, make_cell, make_result, write_whole_cell

READING = Reading(memory_bytes=1 << 20)
CELL = "tiny-2d.P1.r1"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def results_dir(tmp_path: Path) -> Path:
    results_dir = tmp_path / "results"
    folder = results_dir / make_campaign().campaign
    folder.mkdir(parents=True)
    write_campaign(folder, make_campaign())
    Journal(folder / JOURNAL_FILE).add(Event.OPENED)
    return results_dir


def test_without_a_terminal_a_line_says_what_came_of_each_cell() -> None:
    said: list[str] = []
    clock = Clock()
    display = LineDisplay(said.append, clock)
    display.progress.note("a note")
    display.opened(make_campaign(), {})
    display.cell_started(CELL)
    clock.now += 5
    display.cell_finished(make_cell())
    display.cell_finished(make_cell(result=make_result(outcome=CellOutcome.OOM_LOAD)))
    assert said == [
        "a note",
        f"✓ {CELL}: completed in 5 s, 1 of 1 cells",
        f"✗ {CELL}: oom load in 5 s, 1 of 1 cells",
    ]


def test_on_a_terminal_it_is_drawn_between_queries_and_not_too_often(results_dir: Path) -> None:
    screen, clock = StringIO(), Clock()
    console = Console(file=screen, force_terminal=True, width=80, color_system=None)
    tracker = LiveTracker(clock)
    journal = Journal(results_dir / make_campaign().campaign / JOURNAL_FILE)
    with (
        DataLock(what="it", lock_file=results_dir / make_campaign().campaign / LOCK_FILE),
        LiveDisplay(console, results_dir, tracker, clock) as display,
    ):
        observer = TellAll([tracker, display])
        progress: Progress = HeardProgress(display.progress, [tracker, display], clock)
        with progress.task("verify", 4, "parts") as task:
            clock.now += 1
            task.advance(2)
        assert "verify   ━━━━━━━━━━━━─────────────  2 of 4 parts" in screen.getvalue()
        observer.opened(make_campaign(), {})
        assert "0 of 1" in screen.getvalue()
        journal.add(Event.CELL_STARTED, cell=CELL)
        observer.cell_started(CELL)
        observer.cell_read("postgresql", "measure", READING, None)
        with progress.task("queries", 40, "executions") as task:
            drawn = len(screen.getvalue())
            task.on("Q7")
            task.advance(10)
            assert len(screen.getvalue()) == drawn
            clock.now += REDRAW_INTERVAL_S
            task.on("Q8")
            seen = screen.getvalue()[drawn:]
            assert "measure  ━━━━━━───────────────────  Q8   10 of 40 executions" in seen
            assert f"cell     {CELL}" in seen
            progress.note("a word in between")
            assert "a word in between\n" in screen.getvalue()
        write_whole_cell(results_dir / make_campaign().campaign, make_cell())
        observer.cell_finished(make_cell())
        assert f"✓ {CELL}: completed in" in screen.getvalue()
        assert "results  ✓ 1 done" in screen.getvalue()
        observer.closed(Event.COMPLETED)


def test_a_view_shows_logs_follows_and_notifies(
    results_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = results_dir / make_campaign().campaign
    settings = Settings(home=results_dir.parent)
    with open_campaign_view(settings, notify="echo nobody is there; exit 5") as view:
        view.progress.note("to everybody")
        view.observer.opened(make_campaign(), {})
        assert (folder / LIVE_FILE).exists()
        view.observer.cell_started(CELL)
        view.observer.cell_read("postgresql", "load", READING, None)
        view.observer.cell_finished(make_cell())
        view.observer.closed(Event.COMPLETED)
    assert not (folder / LIVE_FILE).exists()
    assert "to everybody" in (folder / LOG_FILE).read_text()
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "to everybody"
    assert said[1].startswith(f"✓ {CELL}: completed")
    assert said[2:] == ["! the notification ended with code 5: nobody is there"]
