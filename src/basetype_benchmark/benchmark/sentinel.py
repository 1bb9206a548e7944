"""What the noise sentinel read: how long the same small work took, again and again in a campaign.

The work never changes, so what changes is the machine: its clock rate, its neighbours, its disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter

from basetype_benchmark.benchmark.json_lines import append_record, drop_torn_lines, read_records
from basetype_benchmark.benchmark.monitoring.resource_use import Count
from basetype_benchmark.benchmark.strict import STRICT

SENTINEL_FILE = "sentinel.jsonl"


@dataclass(frozen=True, kw_only=True)
class SentinelReading:
    """One line of ``sentinel.jsonl``: the machine between two cells."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    at: datetime
    """Clock of the wall in UTC, which may jump: the order is that of the lines."""
    after_cell: str | None = None
    """The cell that had just ended. None: a process began, or went on with, the campaign."""
    cpu_ns: Count
    """Time of a round of work for one CPU; the median of the rounds."""
    disk_ns: Count | None = None
    """Time to write, sync and read back a small file; the median of the rounds. None: the disk
    refused it."""


_READING: TypeAdapter[SentinelReading] = TypeAdapter(SentinelReading)


def add_sentinel_reading(folder: Path, reading: SentinelReading) -> None:
    """Write down a reading in the folder of its campaign.

    Raises:
        DiskFull, HostError: it could not be written.
    """
    append_record(folder / SENTINEL_FILE, _READING, reading)


def drop_torn_readings(path: Path) -> bytes:
    """Take what a crash tore out of the readings, and give it; raises as `drop_torn_lines`."""
    return drop_torn_lines(path, _READING)


def read_sentinel(folder: Path) -> tuple[SentinelReading, ...]:
    """Read what the sentinel has read; nothing where it was not asked."""
    return read_sentinel_lines(folder)[0]


def read_sentinel_lines(folder: Path) -> tuple[tuple[SentinelReading, ...], int]:
    """Read what the sentinel has read, and how many lines are torn."""
    return read_records(folder / SENTINEL_FILE, _READING)
