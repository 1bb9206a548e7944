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


class _SilentTask:
    def advance(self, amount: float = 1) -> None:
        """Ignore."""


class SilentProgress:
    """A `Progress` that tells nobody: the default below the command line."""

    @contextmanager
    def task(self, name: str, total: float | None = None, unit: str = "") -> Iterator[Task]:
        """Open a task that reports to nobody."""
        yield _SilentTask()

    def note(self, message: str) -> None:
        """Ignore."""


SILENT = SilentProgress()
