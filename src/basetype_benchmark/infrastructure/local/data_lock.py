"""One live harness per data directory, or whatever else one process at a time may use."""

from __future__ import annotations

import fcntl
import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until

DEAD_HOLDER_DEADLINE_S = 5.0


class DataLock:
    """Holds a thing for this process; the kernel lets go when the process dies.

    `what` names the thing in a refusal. The lock is a file beside it, or in it, that is never
    removed: who waits for a removed file and who makes a new one would both believe they hold it.
    """

    def __init__(self, *, what: str, lock_file: Path) -> None:
        self._what = what
        self._lock_file = lock_file
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            ServiceUnavailable: another harness holds it; the message names its process.
        """
        with ExitStack() as stack:
            descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            stack.callback(os.close, descriptor)
            self._lock(descriptor)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _lock(self, descriptor: int) -> None:
        """Take the lock, waiting only for what a killed holder left.

        A process killed while it starts another leaves a fork of itself, which holds the lock
        until its exec.
        """

        def held_by_the_dead() -> str | None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = _read_holder(descriptor)
                if holder is None:
                    return "another process has just taken it, or only asks"
                if _is_alive(holder):
                    raise self._refusal(_describe(holder)) from None
                return f"process {holder} has ended"
            return None

        try:
            wait_until("the lock", held_by_the_dead, deadline_s=DEAD_HOLDER_DEADLINE_S)
        except WaitTimeout:
            holder = _read_holder(descriptor)
            child = f"a child of process {holder}, which has ended itself"
            raise self._refusal("another process" if holder is None else child) from None
        except OSError as error:
            raise ServiceUnavailable(
                f"cannot lock {self._lock_file}: {error.strerror}; choose a local disk with --home"
            ) from None

    def _refusal(self, holder: str) -> ServiceUnavailable:
        return ServiceUnavailable(
            f"{self._what} is in use by {holder}; wait for it, end it, or choose another --home"
        )


def is_locked(lock_file: Path) -> bool:
    """Ask whether a process holds a lock, without taking it for longer than the question.

    False where there is no such file, or no lock can be had on it.
    """
    try:
        descriptor = os.open(lock_file, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # Shared, so that two who ask do not take each other for a holder.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def _read_holder(descriptor: int) -> int | None:
    text = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    return int(text) if text.isdigit() else None


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _describe(holder: int) -> str:
    if holder == os.getpid():
        return f"process {holder}, this very one"
    try:
        return f"process {holder} ({psutil.Process(holder).name()})"
    except psutil.NoSuchProcess:
        return f"process {holder}"
