"""What a campaign does at this moment: ``live.json`` in its folder, for who looks from outside.

It is a courtesy, not a result: written without syncing, and not needed for anything.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError

from basetype_benchmark.benchmark.strict import STRICT

LIVE_FILE = "live.json"


@dataclass(frozen=True, kw_only=True)
class TaskStatus:
    """A piece of work in progress: so many units done of `total`, None where nobody knows it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: str
    unit: str
    done: float
    total: float | None
    elapsed_s: float

    @property
    def rate_per_s(self) -> float | None:
        """Units per second since it began; None before there are any."""
        return self.done / self.elapsed_s if self.done and self.elapsed_s > 0 else None

    @property
    def left_s(self) -> float | None:
        """How long the rest takes at this rate; None where that cannot be told."""
        rate = self.rate_per_s
        if rate is None or self.total is None:
            return None
        return max(self.total - self.done, 0) / rate


@dataclass(frozen=True, kw_only=True)
class MemoryStatus:
    """What a server holds, and the limit that the kernel holds it to; None: there is none.

    `memory_bytes` is what counts towards the limit, `anonymous_bytes` the part that is no file's.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    source: str
    memory_bytes: int | None
    anonymous_bytes: int | None
    limit_bytes: int | None


@dataclass(frozen=True, kw_only=True)
class LiveStatus:
    """What the process `pid` does: no `cell` between two of them, no `query` outside of phases
    that execute any.

    `task` is the last piece of work begun that has not ended. `memory` holds the servers that run
    and can be read.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    pid: int
    updated_at: datetime
    cell: str | None = None
    cell_elapsed_s: float | None = None
    phase: str | None = None
    task: TaskStatus | None = None
    query: str | None = None
    memory: tuple[MemoryStatus, ...] = ()


_LIVE: TypeAdapter[LiveStatus] = TypeAdapter(LiveStatus)


def write_live(folder: Path, status: LiveStatus) -> None:
    """Put it in the place of the last one; when it cannot be written, nothing happens."""
    # orjson alone takes a fifth of what the adapter's writer does. One writer has a campaign, so
    # that one temporary name is enough, and one that a killed process left is written over.
    temporary = folder / f".{LIVE_FILE}.tmp"
    with suppress(OSError):
        try:
            temporary.write_bytes(orjson.dumps(status))
            temporary.replace(folder / LIVE_FILE)
        finally:  # a disk that is full leaves an empty file
            temporary.unlink(missing_ok=True)


def read_live(folder: Path) -> LiveStatus | None:
    """Read it; None when there is none, or what is there is of another version."""
    try:
        return _LIVE.validate_json((folder / LIVE_FILE).read_bytes())
    except (OSError, ValidationError):
        return None


def remove_live(folder: Path) -> None:
    """Remove it, as nothing is going on any more."""
    with suppress(OSError):
        (folder / LIVE_FILE).unlink(missing_ok=True)
