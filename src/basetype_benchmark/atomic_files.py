"""Files that are whole or not there: written under a temporary name, synced, then renamed."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from basetype_benchmark.errors import DiskFull, HostError

TEMPORARY_SUFFIX = ".tmp"
FULL_DISK_ERRNOS = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def open_atomically(path: Path) -> Iterator[BinaryIO]:
    """Open a file to write that gets its name `path` when the context ends without an error.

    Whatever happens, `path` holds its old content or the new one, never a part; once the context
    has ended, a crash of the machine cannot lose it. Missing folders are made.

    Raises:
        DiskFull, HostError: as `naming_write_errors`.
    """
    temporary = temporary_path(path)
    with naming_write_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a whole file, see `open_atomically`.

    Raises:
        DiskFull: there is no space left.
    """
    with open_atomically(path) as file:
        file.write(content)


def temporary_path(path: Path) -> Path:
    """Make up where `path` is while one writer writes it; killed, it may leave it there.

    Two writers of one path have each its own, wherever they run.
    """
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}{TEMPORARY_SUFFIX}")


@contextmanager
def naming_write_errors(folder: Path) -> Iterator[None]:
    """Turn the system's errors into ours, naming the folder.

    Raises:
        DiskFull: there is no space left.
        HostError: something else is in the way of writing there.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL_DISK_ERRNOS:
            raise DiskFull(
                f"the disk that holds {folder} is full: what was being written stays incomplete; "
                "free some space or choose another place with --home, then run the same command "
                "again"
            ) from error
        raise HostError(
            f"cannot write {error.filename or folder}: {error.strerror or error}; see that it is "
            "yours to write and nothing else is in its place, or choose another --home"
        ) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
