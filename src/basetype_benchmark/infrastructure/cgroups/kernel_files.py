"""Files of the kernel that are read again and again, and the formats they have."""

from __future__ import annotations

import os
from pathlib import Path

LONGEST_READ = 1 << 16


class KernelFile:
    """A file kept open, because opening costs more than reading; what cannot be read is None.

    Reading from the beginning makes the kernel write it anew. When the group it tells of is gone,
    it cannot be read any more.
    """

    def __init__(self, path: Path | None, *, is_writable: bool = False) -> None:
        self._descriptor: int | None = None
        if path is not None:
            self._descriptor = _open(path, is_writable=is_writable)

    @property
    def is_open(self) -> bool:
        """Whether it was there and may be read."""
        return self._descriptor is not None

    def read(self) -> bytes | None:
        """Read it whole."""
        if self._descriptor is None:
            return None
        try:
            return os.pread(self._descriptor, LONGEST_READ, 0)
        except OSError:
            return None

    def write(self, text: bytes) -> bool:
        """Write to it; False when that is refused."""
        if self._descriptor is None:
            return False
        try:
            os.pwrite(self._descriptor, text, 0)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Close it; also twice."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def parse_number(text: bytes | None) -> int | None:
    """Read a file of one number."""
    stripped = (text or b"").strip()
    return int(stripped) if stripped.isdigit() else None


def parse_table(text: bytes | None) -> dict[bytes, int]:
    """Read a file of lines ``name number``; other lines are passed over."""
    pairs = (line.split() for line in (text or b"").splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


def _open(path: Path, *, is_writable: bool) -> int | None:
    for access in (os.O_RDWR, os.O_RDONLY) if is_writable else (os.O_RDONLY,):
        try:
            return os.open(path, access | os.O_CLOEXEC)
        except OSError:
            continue
    return None
