"""How long work tells that it advances, without knowing who listens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Task(Protocol):
    """One piece of work in progress."""

    def advance(self, amount: float = 1) -> None:
        """Report `amount` more units as done."""
        ...

    def on(self, what: str) -> None:
        """Say in a word what is worked on from now; called before every query, so be quick."""
        ...


class Progress(Protocol):
    """Where long work reports; the command line draws bars or logs lines."""

    def task(
        self, name: str, total: float | None = None, unit: str = ""
    ) -> AbstractContextManager[Task]:
        """Open a task of `total` units (None: unknown); leaving the context ends it."""
        ...

    def note(self, message: str) -> None:
        """Tell the user one line."""
        ...

    def trace(self, error: Exception) -> None:
        """Keep where a failure that became a result came from; nobody is told."""
        ...


class _SilentTask:
    def advance(self, amount: float = 1) -> None:
        """Ignore."""

    def on(self, what: str) -> None:
        """Ignore."""


class SilentProgress:
    """A `Progress` that tells nobody: the default below the command line."""

    @contextmanager
    def task(self, name: str, total: float | None = None, unit: str = "") -> Iterator[Task]:
        """Open a task that reports to nobody."""
        yield _SilentTask()

    def note(self, message: str) -> None:
        """Ignore."""

    def trace(self, error: Exception) -> None:
        """Ignore."""


SILENT = SilentProgress()
