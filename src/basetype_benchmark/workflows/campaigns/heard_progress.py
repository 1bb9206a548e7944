"""Progress that several listen to: who shows it, who logs it, who keeps what is going on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from basetype_benchmark.progress import Progress, Task


class OpenTask:
    """A piece of work in progress, with its counts; `on` is what it works on."""

    __slots__ = ("began_s", "done", "name", "on", "total", "unit")

    def __init__(self, name: str, total: float | None, unit: str, began_s: float) -> None:
        self.name, self.total, self.unit, self.began_s = name, total, unit, began_s
        self.done = 0.0
        self.on: str | None = None


class ProgressListener(Protocol):
    """Hears of every step, in the thread that works; must be quick and must not raise."""

    def task_began(self, task: OpenTask) -> None:
        """Hear that a task begins."""
        ...

    def task_moved(self, task: OpenTask) -> None:
        """Hear that a task has advanced, or works on something else; before and after queries."""
        ...

    def task_ended(self, task: OpenTask, *, is_whole: bool) -> None:
        """Hear that a task ends; not `is_whole`: by an error or an interrupt."""
        ...

    def noted(self, message: str) -> None:
        """Hear what the user is told; also in a signal handler."""
        ...

    def traced(self, error: Exception) -> None:
        """Hear of an error that became a result."""
        ...


class Deaf:
    """A `ProgressListener` that does nothing, to take what is not needed from."""

    def task_began(self, task: OpenTask) -> None:
        """Ignore."""

    def task_moved(self, task: OpenTask) -> None:
        """Ignore."""

    def task_ended(self, task: OpenTask, *, is_whole: bool) -> None:
        """Ignore."""

    def noted(self, message: str) -> None:
        """Ignore."""

    def traced(self, error: Exception) -> None:
        """Ignore."""


class HeardProgress:
    """Passes everything on to `inner`, and tells the listeners, in their order."""

    def __init__(
        self,
        inner: Progress,
        listeners: Sequence[ProgressListener],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._listeners = tuple(listeners)
        self._clock = clock

    @contextmanager
    def task(self, name: str, total: float | None = None, unit: str = "") -> Iterator[Task]:
        """Open a task."""
        state = OpenTask(name, total, unit, self._clock())
        is_whole = False
        with self._inner.task(name, total, unit) as inner:
            for listener in self._listeners:
                listener.task_began(state)
            try:
                yield _HeardTask(state, inner, self._listeners)
                is_whole = True
            finally:
                for listener in self._listeners:
                    listener.task_ended(state, is_whole=is_whole)

    def note(self, message: str) -> None:
        """Tell the user one line."""
        self._inner.note(message)
        for listener in self._listeners:
            listener.noted(message)

    def trace(self, error: Exception) -> None:
        """Keep where a failure that became a result came from."""
        self._inner.trace(error)
        for listener in self._listeners:
            listener.traced(error)


class _HeardTask:
    def __init__(
        self, state: OpenTask, inner: Task, listeners: tuple[ProgressListener, ...]
    ) -> None:
        self._state, self._inner, self._listeners = state, inner, listeners

    def advance(self, amount: float = 1) -> None:
        """Report `amount` more units as done."""
        self._state.done += amount
        self._inner.advance(amount)
        for listener in self._listeners:
            listener.task_moved(self._state)

    def on(self, what: str) -> None:
        """Say what is worked on from now."""
        self._state.on = what
        self._inner.on(what)
        for listener in self._listeners:
            listener.task_moved(self._state)
