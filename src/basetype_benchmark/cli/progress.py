"""Shows how long work advances: bars on a terminal, plain lines at intervals elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
)
from rich.progress import Task as BarTask
from rich.text import Text

from basetype_benchmark.cli.formatters import format_count, human_console, print_note
from basetype_benchmark.progress import Progress as ProgressPort
from basetype_benchmark.progress import Task
from basetype_benchmark.units import format_bytes, format_duration

REFRESH_INTERVAL_S = 0.1
LINE_INTERVAL_S = 5.0
QUIET_BELOW_S = 1.0
BYTES = "bytes"
"""The unit that is written with prefixes."""


@contextmanager
def open_progress() -> Iterator[ProgressPort]:
    """Give the progress that suits standard error, and clear the bars in the end."""
    console = human_console()
    if not console.is_terminal or not sys.stderr.isatty():
        yield LineProgress()
        return
    with BarProgress(console) as bars:
        yield bars


class LineProgress:
    """One line per `LINE_INTERVAL_S` and task, and one at the end of a task that took a while."""

    def __init__(
        self,
        say: Callable[[str], None] = print_note,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say = say
        self._clock = clock

    @contextmanager
    def task(self, name: str, total: float | None = None, unit: str = "") -> Iterator[Task]:
        """Open a task."""
        task = _LineTask(name, total, unit, self._say, self._clock)
        yield task
        task.finish()

    def note(self, message: str) -> None:
        """Tell the user one line."""
        self._say(message)

    def trace(self, error: Exception) -> None:
        """Ignore: what a user can use of it stands in the result."""


class _LineTask:
    def __init__(
        self,
        name: str,
        total: float | None,
        unit: str,
        say: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        self._name, self._total, self._unit = name, total, unit
        self._say, self._clock = say, clock
        self._begin = self._said_at = clock()
        self._done = 0.0

    def advance(self, amount: float = 1) -> None:
        """Report `amount` more units as done."""
        self._done += amount
        now = self._clock()
        is_over = self._total is not None and self._done >= self._total
        if now - self._said_at >= LINE_INTERVAL_S and not is_over:
            self._said_at = now
            self._say(f"  {self._name}: {self._amount()}{self._rate(now)}{self._time_left(now)}")

    def on(self, what: str) -> None:
        """Ignore: one line for each would be too many."""

    def finish(self) -> None:
        """Say how long it took, unless it was short."""
        elapsed_s = self._clock() - self._begin
        if elapsed_s >= QUIET_BELOW_S:
            self._say(f"  {self._name}: {self._amount()} in {format_duration(elapsed_s)}")

    def _amount(self) -> str:
        if not self._done and not self._total:
            return "done"
        total = "" if self._total is None else f" of {_number(self._total, self._unit)}"
        return f"{_number(self._done, self._unit)}{total} {_shown(self._unit)}".rstrip()

    def _rate(self, now: float) -> str:
        if self._unit != BYTES:
            return ""
        return f" ({_number(self._done / (now - self._begin), self._unit)}/s)"

    def _time_left(self, now: float) -> str:
        if self._total is None or not self._done:
            return ""
        left_s = (now - self._begin) / self._done * max(self._total - self._done, 0)
        return f", about {format_duration(left_s)} left"


class BarProgress:
    """One bar per open task, with rate and time left.

    The bars are redrawn by `advance`, in the thread that works: a drawing thread would take the
    interpreter away from a query while its clock runs.
    """

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._drawn_at = clock()
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            _AmountColumn(),
            _TimeColumn(),
            console=console,
            transient=True,
            auto_refresh=False,
            get_time=clock,
        )

    def __enter__(self) -> BarProgress:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    @contextmanager
    def task(self, name: str, total: float | None = None, unit: str = "") -> Iterator[Task]:
        """Open a task."""
        task_id = self._bars.add_task(name, total=total, unit=unit)
        self._bars.refresh()
        try:
            yield _Bar(self, task_id)
        finally:
            self._bars.remove_task(task_id)
            self._bars.refresh()

    def note(self, message: str) -> None:
        """Tell the user one line, above the bars."""
        self._bars.console.print(Text(message))

    def trace(self, error: Exception) -> None:
        """Ignore: what a user can use of it stands in the result."""

    def advance(self, task_id: TaskID, amount: float) -> None:
        """Advance one bar, and draw if the last drawing is old enough."""
        self._bars.advance(task_id, amount)
        now = self._clock()
        if now - self._drawn_at >= REFRESH_INTERVAL_S:
            self._drawn_at = now
            self._bars.refresh()


class _Bar:
    def __init__(self, progress: BarProgress, task_id: TaskID) -> None:
        self._progress = progress
        self._task_id = task_id

    def advance(self, amount: float = 1) -> None:
        """Report `amount` more units as done."""
        self._progress.advance(self._task_id, amount)

    def on(self, what: str) -> None:
        """Ignore: the next `advance` draws."""


class _AmountColumn(ProgressColumn):
    """Done, total, unit and rate."""

    def render(self, task: BarTask) -> Text:
        """Draw one task's cell."""
        unit = task.fields.get("unit", "")
        total = "" if task.total is None else f"/{_number(task.total, unit)}"
        rate = "" if task.speed is None else f" ({_number(task.speed, unit)}/s)"
        return Text(f"{_number(task.completed, unit)}{total} {_shown(unit)}{rate}")


class _TimeColumn(ProgressColumn):
    """Time left where that can be told, else time gone."""

    def render(self, task: BarTask) -> Text:
        """Draw one task's cell."""
        if task.time_remaining and not task.finished:
            return Text(f"about {format_duration(task.time_remaining)} left")
        return Text(format_duration(max(round(task.elapsed or 0), 1)))


def _number(amount: float, unit: str) -> str:
    return format_bytes(amount) if unit == BYTES else format_count(round(amount))


def _shown(unit: str) -> str:
    """What is written after a number that does not say it itself."""
    return "" if unit == BYTES else unit
