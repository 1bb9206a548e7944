"""A folder ready for a repository of the Hub, whatever is in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.hub.client import Hub, RemoteFiles


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What a repository is to hold, exactly; `files` are sizes in bytes by name, in order.

    `declaring` are small files that say that the others are whole: they go last, in one commit.
    `seal` is the one of them without which a repository holds nothing whole: while data is
    replaced, it is taken away. `is_ours` says whether a file of a name can be one of such a parcel,
    `refuse_other` raises where a repository holds another one. `message` is for the last commit.
    """

    repository: str
    folder: Path
    files: dict[str, int]
    declaring: frozenset[str]
    seal: str
    is_ours: Callable[[str], bool]
    refuse_other: Callable[[Hub, RemoteFiles], None]
    message: str

    @property
    def size_bytes(self) -> int:
        """Of all files."""
        return sum(self.files.values())


def measure_files(folder: Path) -> dict[str, int]:
    """Give the sizes of all files below a folder by name, in order."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
