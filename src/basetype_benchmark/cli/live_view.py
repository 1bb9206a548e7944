"""What is seen of a campaign while it runs: a live view on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from rich.console import Console, RenderableType
from rich.console import Group as Lines
from rich.live import Live
from rich.text import Text

from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord
from basetype_benchmark.benchmark.failure import find_failure
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.cli.formatters import human_console, print_note, print_warning
from basetype_benchmark.cli.progress import LineProgress
from basetype_benchmark.cli.status_view import draw_campaign, draw_live
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.units import format_duration
from basetype_benchmark.workflows.campaigns.campaign_log import CampaignLog
from basetype_benchmark.workflows.campaigns.heard_progress import (
    Deaf,
    HeardProgress,
    OpenTask,
    ProgressListener,
)
from basetype_benchmark.workflows.campaigns.live_status_writer import LiveStatusWriter
from basetype_benchmark.workflows.campaigns.live_tracker import LiveTracker
from basetype_benchmark.workflows.campaigns.notification import NotifiedCampaign
from basetype_benchmark.workflows.campaigns.observer import CampaignObserver, NoObserver
from basetype_benchmark.workflows.campaigns.observers import TellAll
from basetype_benchmark.workflows.campaigns.status import CampaignStatus
from basetype_benchmark.workflows.campaigns.status_reader import StatusReader

REDRAW_INTERVAL_S = 0.2


@dataclass(frozen=True, kw_only=True)
class CampaignView:
    """What a `Harness` is given to be seen, logged, followed and told of."""

    progress: Progress
    observer: CampaignObserver


@contextmanager
def open_campaign_view(settings: Settings, *, notify: str | None = None) -> Iterator[CampaignView]:
    """Show, log and keep the live state of the one campaign that is run in the context.

    When all is over, and the view gone, `notify` is run: a command of the user's.
    """
    results_dir, tracker = settings.results_dir, LiveTracker()
    with (
        NotifiedCampaign(notify, results_dir, print_warning) as ending,
        CampaignLog(results_dir) as log,
        _open_display(results_dir, tracker) as display,
    ):
        writer = LiveStatusWriter(results_dir, tracker)
        yield CampaignView(
            progress=HeardProgress(display.progress, [tracker, log, writer, display]),
            observer=TellAll([tracker, ending, log, writer, display]),
        )


class Display(CampaignObserver, ProgressListener, Protocol):
    """Shows a campaign; what it does not hear as a listener, it takes as a progress."""

    @property
    def progress(self) -> Progress:
        """Where work reports."""
        ...


@contextmanager
def _open_display(results_dir: Path, tracker: LiveTracker) -> Iterator[Display]:
    console = human_console()
    if not console.is_terminal or not sys.stderr.isatty():
        yield LineDisplay()
        return
    with LiveDisplay(console, results_dir, tracker) as display:
        yield display


class CellEnds:
    """Puts into words what came of a cell, and how many are finished."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._planned = 0
        self._finished: set[str] = set()
        self._began_s = clock()

    def know(self, record: CampaignRecord, finished: Mapping[str, CellOutcome]) -> None:
        """Hear the plan."""
        self._planned = len(record.cells)
        self._finished = set(finished)

    def begin(self) -> None:
        """Hear that a cell begins."""
        self._began_s = self._clock()

    def describe(self, record: CellRecord) -> Text:
        """Write one line on a cell that has just ended."""
        self._finished.add(record.cell)
        took = format_duration(self._clock() - self._began_s)
        failure = find_failure(record.result)
        words = record.result.outcome.value if failure is None else failure.words
        mark, style = ("✓", "green") if failure is None else ("✗", "red")
        count = f"{len(self._finished)} of {self._planned} cells"
        return Text.assemble(
            (f"{mark} ", style), f"{record.cell}: ", (words, style), f" in {took}, {count}"
        )


class LineDisplay(NoObserver, Deaf):
    """Plain lines: notes, long tasks at intervals, and the end of each cell."""

    def __init__(
        self,
        say: Callable[[str], None] = print_note,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.progress: Progress = LineProgress(say, clock)
        self._say = say
        self._cells = CellEnds(clock)

    def opened(self, record: CampaignRecord, finished: Mapping[str, CellOutcome]) -> None:
        """Hear the plan."""
        self._cells.know(record, finished)

    def cell_started(self, cell: str) -> None:
        """Hear that a cell begins; a note has said so."""
        self._cells.begin()

    def cell_finished(self, record: CellRecord) -> None:
        """Say what came of the cell."""
        self._say(self._cells.describe(record).plain)


class LiveDisplay(NoObserver, Deaf):
    """A few lines at the foot of the terminal, notes above them.

    They are drawn by the thread that works, between two executions and when a task or a cell begins
    or ends: a drawing thread would take the interpreter away from a query while its clock runs.
    """

    progress: Progress = SILENT

    def __init__(
        self,
        console: Console,
        results_dir: Path,
        tracker: LiveTracker,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._results_dir = results_dir
        self._tracker = tracker
        self._clock = clock
        self._cells = CellEnds(clock)
        self._reader: StatusReader | None = None
        self._status: CampaignStatus | None = None
        self._read_s = self._drawn_s = clock()
        self._live = Live(
            get_renderable=self._draw, console=console, auto_refresh=False, transient=True
        )

    def __enter__(self) -> LiveDisplay:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def opened(self, record: CampaignRecord, finished: Mapping[str, CellOutcome]) -> None:
        """Hear the plan."""
        self._cells.know(record, finished)
        if self._reader is None:
            self._reader = StatusReader(self._results_dir / record.campaign)
        self._look()

    def cell_started(self, cell: str) -> None:
        """Draw the cell that begins."""
        self._cells.begin()
        self._look()

    def cell_finished(self, record: CellRecord) -> None:
        """Say what came of the cell, above."""
        self._console.print(self._cells.describe(record))
        self._look()

    def task_began(self, task: OpenTask) -> None:
        """Draw."""
        self._refresh()

    def task_moved(self, task: OpenTask) -> None:
        """Draw if the last drawing is old enough."""
        if self._clock() - self._drawn_s >= REDRAW_INTERVAL_S:
            self._refresh()

    def task_ended(self, task: OpenTask, *, is_whole: bool) -> None:
        """Draw."""
        self._refresh()

    def noted(self, message: str) -> None:
        """Say a line, above."""
        self._console.print(Text(message))

    def _look(self) -> None:
        """Read again how the campaign stands: what it has written tells more than we heard."""
        if self._reader is not None:
            with suppress(CheckFailed):  # of a plan that is just not there, the last one stands
                self._status = self._reader.read()
                self._read_s = self._clock()
        self._refresh()

    def _refresh(self) -> None:
        self._drawn_s = self._clock()
        self._live.refresh()

    def _draw(self) -> RenderableType:
        live, width = self._tracker.snapshot(), self._console.width
        if self._status is None:
            return Lines(*draw_live(live, width=width))
        since_s = self._clock() - self._read_s
        status = replace(self._status, live=live, spent_s=self._status.spent_s + since_s)
        return Lines(Text(), draw_campaign(status, width=width))
