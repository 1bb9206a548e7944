"""The journal of a campaign: one line for each thing that happened, only ever added to.

It tells the story; which cells count is decided by their results alone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter

from basetype_benchmark import wall_clock
from basetype_benchmark.benchmark.json_lines import append_record, drop_torn_lines, read_records
from basetype_benchmark.benchmark.strict import STRICT

JOURNAL_FILE = "journal.jsonl"


class Event(StrEnum):
    """What happened."""

    OPENED = "opened"
    """A process began, or went on with, the campaign."""
    CELL_STARTED = "cell_started"
    """A cell begins."""
    CELL_FINISHED = "cell_finished"
    """The result of a cell is written."""
    SET_ASIDE = "set_aside"
    """A result that is torn or of another fingerprint was moved away."""
    PAUSED = "paused"
    """Too little disk to go on."""
    STOPPED = "stopped"
    """The user wanted so."""
    FAILED = "failed"
    """An error that no other cell could do better with."""
    COMPLETED = "completed"
    """Every cell has its result."""


@dataclass(frozen=True, kw_only=True)
class JournalEntry:
    """One line of ``journal.jsonl``; what it has nothing to say of is left out."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    at: datetime
    """Clock of the wall in UTC, which may jump: the order is that of the lines."""
    event: Event
    """What happened."""
    pid: int
    """The process that wrote it."""
    cell: str | None = None
    """Which cell. None: it is not about one."""
    detail: str | None = None
    """More, in words. None: there is no more to say."""
    elapsed_ns: int | None = None
    """How long the cell took. None: it is not about an end."""


_ENTRY: TypeAdapter[JournalEntry] = TypeAdapter(JournalEntry)


class Journal:
    """Adds to the journal of one campaign, as its only writer."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(
        self,
        event: Event,
        *,
        cell: str | None = None,
        detail: str | None = None,
        elapsed_ns: int | None = None,
    ) -> None:
        """Write down what happened; when this returns, a crash cannot lose it any more.

        Raises:
            DiskFull, HostError: it could not be written.
        """
        entry = JournalEntry(
            at=wall_clock.utc_now(),
            event=event,
            pid=os.getpid(),
            cell=cell,
            detail=detail,
            elapsed_ns=elapsed_ns,
        )
        append_record(self._path, _ENTRY, entry)


def drop_torn_entries(path: Path) -> bytes:
    """Take what a crash tore out of a journal, and give it; raises as `drop_torn_lines`."""
    return drop_torn_lines(path, _ENTRY)


@dataclass(frozen=True, kw_only=True)
class JournalContent:
    """What could be read; `torn_lines` counts the lines that could not."""

    entries: tuple[JournalEntry, ...]
    torn_lines: int


def read_journal(path: Path) -> JournalContent:
    """Read a journal, also while another process writes it; a missing one is empty."""
    entries, torn_lines = read_records(path, _ENTRY)
    return JournalContent(entries=entries, torn_lines=torn_lines)
