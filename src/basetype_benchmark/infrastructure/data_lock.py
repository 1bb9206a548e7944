"""One live harness per data directory."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from basetype_benchmark.errors import ServiceUnavailable


class DataLock:
    """Holds a data directory for this process; the kernel lets go when the process dies.

    The lock is a file beside the directory. It is never removed: who waits for a removed file
    and who makes a new one would both believe they hold it.
    """

    def __init__(self, *, data_dir: Path, lock_file: Path) -> None:
        self._data_dir = data_dir
        self._lock_file = lock_file
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            ServiceUnavailable: another harness holds it; the message names its process.
        """
        descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise self._refusal(error, holder) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _refusal(self, error: OSError, holder: str) -> ServiceUnavailable:
        if not isinstance(error, BlockingIOError):
            return ServiceUnavailable(
                f"cannot lock {self._lock_file}: {error.strerror}; choose a local disk with --home"
            )
        return ServiceUnavailable(
            f"the data directory {self._data_dir} is in use by {_describe(holder)}; "
            "wait for it, end it, or choose another --home"
        )


def _describe(holder: str) -> str:
    if not holder.isdigit():
        return "another process"
    if int(holder) == os.getpid():
        return f"process {holder}, this very one"
    try:
        return f"process {holder} ({psutil.Process(int(holder)).name()})"
    except psutil.Error:
        return f"process {holder}"
