"""``btb.log`` in a campaign's folder: what happened, for who was not there.

Every note, the begin and the end of every task and cell, and of errors where they came from. Not
every step of a task.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Self

from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord
from basetype_benchmark.benchmark.failure import find_failure
from basetype_benchmark.benchmark.journal import Event
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.units import format_bytes, format_duration
from basetype_benchmark.workflows.campaigns.heard_progress import OpenTask

LOG_FILE = "btb.log"
FILES = 5
FILE_BYTES = 5_000_000
MOST_WAITING = 1000
"""Lines kept until it is known where they go."""


class CampaignLog:
    """A listener and observer that writes to a log, from when the campaign's folder is known.

    What came before is written first. A log that cannot be written, on a full disk, costs nothing
    but itself.
    """

    def __init__(self, results_dir: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._results_dir = results_dir
        self._clock = clock
        self._waiting: list[logging.LogRecord] = []
        self._handler: _QuietHandler | None = None
        self._planned: int | None = None
        self._cell_began_s = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write with which error all ended, and where it came from; close the file."""
        if isinstance(error, Exception):
            self._write(logging.ERROR, "ended by an error", error)
        elif error is not None:
            self._write(logging.WARNING, f"ended by {type(error).__name__}")
        if self._handler is not None:
            with suppress(OSError):  # of the last lines, where the disk is full
                self._handler.close()
            self._handler = None

    def opened(self, record: CampaignRecord, finished: Mapping[str, CellOutcome]) -> None:
        """Hear where to write, and what is planned."""
        if self._handler is None:
            self._open(self._results_dir / record.campaign / LOG_FILE)
            self._write(logging.INFO, f"campaign {record.campaign} on {record.host_class}")
        if self._planned != len(record.cells):
            self._planned = len(record.cells)
            self._write(
                logging.INFO,
                f"plan: {record.mode}, {len(record.cells)} cells, {len(finished)} have a result",
            )

    def cell_started(self, cell: str) -> None:
        """Write that a cell begins."""
        self._cell_began_s = self._clock()
        self._write(logging.INFO, f"cell {cell} begins")

    def cell_read(
        self, source: str, phase: str | None, reading: Reading, ram_bytes: int | None
    ) -> None:
        """Ignore: all readings are in a table of their own."""

    def cell_finished(self, record: CellRecord) -> None:
        """Write what came of a cell."""
        took = format_duration(self._clock() - self._cell_began_s)
        failure = find_failure(record.result)
        outcome = record.result.outcome.value
        if failure is None:
            self._write(logging.INFO, f"cell {record.cell} ends after {took}: {outcome}")
            return
        said = f"{outcome}: {failure.words}: {failure.reason}"
        self._write(logging.WARNING, f"cell {record.cell} ends after {took}: {said}")

    def closed(self, event: Event) -> None:
        """Write how the run ended."""
        self._write(logging.INFO, f"campaign {event}")

    def task_began(self, task: OpenTask) -> None:
        """Write that a task begins."""
        total = "" if task.total is None else f", {_amount(task.total, task.unit)}"
        self._write(logging.INFO, f"task {task.name} begins{total}")

    def task_moved(self, task: OpenTask) -> None:
        """Ignore: it would be a line for each query."""

    def task_ended(self, task: OpenTask, *, is_whole: bool) -> None:
        """Write that a task ends, and after what."""
        took = format_duration(self._clock() - task.began_s)
        end = "ends" if is_whole else "is cut short"
        self._write(
            logging.INFO, f"task {task.name} {end} after {took}: {_amount(task.done, task.unit)}"
        )

    def noted(self, message: str) -> None:
        """Write a note."""
        self._write(logging.INFO, message.strip())

    def traced(self, error: Exception) -> None:
        """Write where an error came from that became a result."""
        self._write(logging.WARNING, "an error that became a result", error)

    def _open(self, path: Path) -> None:
        with suppress(OSError):
            self._handler = _QuietHandler(
                path, maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="utf-8"
            )
            self._handler.setFormatter(_Format())
            waiting, self._waiting = self._waiting, []
            for record in waiting:
                self._handler.handle(record)

    def _write(self, level: int, text: str, error: BaseException | None = None) -> None:
        trace = None if error is None else (type(error), error, error.__traceback__)
        record = logging.LogRecord("btb", level, "", 0, text, None, trace)
        if self._handler is not None:
            self._handler.handle(record)
        elif len(self._waiting) < MOST_WAITING:
            self._waiting.append(record)


class _Format(logging.Formatter):
    """UTC to the millisecond, level, process, text."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(process)d %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - the library's name
        """Write as ``2026-11-30T23:00:50.258Z``."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return at.replace("+00:00", "Z")


class _QuietHandler(RotatingFileHandler):
    """Drops what it cannot write, where the library would print a stack trace on the terminal."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Drop the line."""


def _amount(count: float, unit: str) -> str:
    if unit == "bytes":
        return format_bytes(count)
    return f"{count:.0f} {unit}".rstrip()
