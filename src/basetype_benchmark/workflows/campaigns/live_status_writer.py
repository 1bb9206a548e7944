"""Writes ``live.json`` as a campaign goes on, where it disturbs no measurement."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord
from basetype_benchmark.benchmark.journal import Event
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.workflows.campaigns.heard_progress import Deaf, OpenTask
from basetype_benchmark.workflows.campaigns.live_status import remove_live, write_live
from basetype_benchmark.workflows.campaigns.live_tracker import LiveTracker

INTERVAL_S = 1.0
SILENCE_S = 2.0


class LiveStatusWriter(Deaf):
    """Writes what a `tracker` knows, at most once in `INTERVAL_S`.

    The thread that works writes, between two executions. Where it does not come round for
    `SILENCE_S`, in a long query or load, the thread that takes the readings does it: what that may
    add to an execution of so long is nothing.
    """

    def __init__(
        self,
        results_dir: Path,
        tracker: LiveTracker,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._results_dir = results_dir
        self._tracker = tracker
        self._clock = clock
        self._folder: Path | None = None
        self._due_s = 0.0
        self._writing = threading.Lock()

    def opened(self, record: CampaignRecord, finished: Mapping[str, CellOutcome]) -> None:
        """Hear where to write."""
        self._folder = self._results_dir / record.campaign
        self._write()

    def cell_started(self, cell: str) -> None:
        """Write at once: who looks wants to know what runs."""
        self._write()

    def cell_read(
        self, source: str, phase: str | None, reading: Reading, ram_bytes: int | None
    ) -> None:
        """Write if nobody else has for long; from another thread."""
        if self._clock() >= self._due_s + SILENCE_S - INTERVAL_S:
            self._write()

    def cell_finished(self, record: CellRecord) -> None:
        """Write at once."""
        self._write()

    def closed(self, event: Event) -> None:
        """Leave nothing: nothing is going on."""
        if self._folder is not None:
            remove_live(self._folder)
            self._folder = None

    def task_began(self, task: OpenTask) -> None:
        """Write if it is time."""
        self.task_moved(task)

    def task_moved(self, task: OpenTask) -> None:
        """Write if it is time."""
        if self._clock() >= self._due_s:
            self._write()

    def _write(self) -> None:
        folder = self._folder
        if folder is None or not self._writing.acquire(blocking=False):
            return  # the other thread is at it
        try:
            self._due_s = self._clock() + INTERVAL_S
            write_live(folder, self._tracker.snapshot())
        finally:
            self._writing.release()
