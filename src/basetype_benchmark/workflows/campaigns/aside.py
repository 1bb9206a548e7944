"""Where a campaign puts what it does not read any more and does not delete: ``set_aside``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from basetype_benchmark.atomic_files import naming_write_errors, write_atomically
from basetype_benchmark.benchmark.checksums import ASIDE_DIR
from basetype_benchmark.benchmark.journal import JOURNAL_FILE, drop_torn_entries
from basetype_benchmark.benchmark.sentinel import SENTINEL_FILE, drop_torn_readings


def set_aside(path: Path, what: str, files: Sequence[Path]) -> Path:
    """Move files of a campaign where nobody reads them, and say where that is.

    Raises:
        HostError: one cannot be moved.
    """
    folder = _new_aside(path, what)
    with naming_write_errors(path):
        for file in files:
            file.rename(folder / file.name)
    return folder


def set_torn_lines_aside(path: Path) -> None:
    """Move what a crash tore of the files of lines of a campaign, which nobody writes to now.

    Raises:
        DiskFull, HostError: they cannot be written.
    """
    drops = ((JOURNAL_FILE, drop_torn_entries), (SENTINEL_FILE, drop_torn_readings))
    for name, drop in drops:
        torn = drop(path / name)
        if torn:
            write_atomically(_new_aside(path, name) / name, torn)


def _new_aside(path: Path, what: str) -> Path:
    number = 1
    while (folder := path / ASIDE_DIR / f"{what}.{number}").exists():
        number += 1
    with naming_write_errors(path):
        folder.mkdir(parents=True)
    return folder
