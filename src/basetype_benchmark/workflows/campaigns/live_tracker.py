"""Keeps in mind what a campaign does at this moment, out of all that it tells."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from basetype_benchmark import wall_clock
from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord
from basetype_benchmark.benchmark.journal import Event
from basetype_benchmark.benchmark.monitoring.resource_use import is_server
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.workflows.campaigns.heard_progress import Deaf, OpenTask
from basetype_benchmark.workflows.campaigns.live_status import (
    LiveStatus,
    MemoryStatus,
    TaskStatus,
)


class LiveTracker(Deaf):
    """A campaign's observer and listener that only remembers; `snapshot` gives what it knows."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = wall_clock.utc_now,
    ) -> None:
        self._clock = clock
        self._now = now
        self._pid = os.getpid()
        # Held for moments only; twice by the thread that works, when a signal is heard meanwhile.
        self._lock = threading.RLock()
        self._tasks: list[OpenTask] = []
        self._cell: str | None = None
        self._cell_began_s = 0.0
        self._tasks_before_cell = 0
        self._phase: str | None = None
        self._memory: dict[str, MemoryStatus] = {}

    def snapshot(self) -> LiveStatus:
        """Tell what is going on now; from any thread."""
        with self._lock:
            clock_s = self._clock()
            task = self._current_task()
            return LiveStatus(
                pid=self._pid,
                updated_at=self._now(),
                cell=self._cell,
                cell_elapsed_s=None if self._cell is None else clock_s - self._cell_began_s,
                phase=self._phase,
                task=None if task is None else _describe(task, clock_s),
                query=None if task is None else task.on,
                memory=tuple(self._memory.values()),
            )

    def opened(self, record: CampaignRecord, finished: Mapping[str, CellOutcome]) -> None:
        """Ignore: the plan is no matter of the moment."""

    def cell_started(self, cell: str) -> None:
        """Hear that a cell begins."""
        with self._lock:
            self._cell, self._cell_began_s = cell, self._clock()
            self._tasks_before_cell = len(self._tasks)
            self._phase = None
            self._memory = {}

    def cell_read(
        self, source: str, phase: str | None, reading: Reading, ram_bytes: int | None
    ) -> None:
        """Hear what a server uses in a phase; from another thread."""
        with self._lock:
            if phase is not None:
                self._phase = phase
            if is_server(source):
                self._memory[source] = MemoryStatus(
                    source=source,
                    memory_bytes=reading.memory_bytes,
                    anonymous_bytes=reading.anonymous_bytes,
                    limit_bytes=ram_bytes,
                )

    def cell_finished(self, record: CellRecord) -> None:
        """Hear that no cell runs for now."""
        with self._lock:
            self._cell = self._phase = None
            self._memory = {}

    def closed(self, event: Event) -> None:
        """Hear that nothing goes on any more."""
        with self._lock:
            self._cell = self._phase = None
            self._memory = {}

    def task_began(self, task: OpenTask) -> None:
        """Hear that a task begins."""
        with self._lock:
            self._tasks.append(task)

    def task_ended(self, task: OpenTask, *, is_whole: bool) -> None:
        """Hear that a task ends."""
        with self._lock:
            self._tasks.remove(task)

    def _current_task(self) -> OpenTask | None:
        """Give the last task; of a cell that runs, only those that it has begun itself."""
        before = 0 if self._cell is None else self._tasks_before_cell
        return self._tasks[-1] if len(self._tasks) > before else None


def _describe(task: OpenTask, clock_s: float) -> TaskStatus:
    return TaskStatus(
        name=task.name,
        unit=task.unit,
        done=task.done,
        total=task.total,
        elapsed_s=clock_s - task.began_s,
    )
