"""Servers as child processes: started, watched, ended, and found again after a crash."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.errors import DiskFull, HostError, PortInUse, ServiceUnavailable
from basetype_benchmark.infrastructure.cgroups.local_limits import open_group, remove_left_group
from basetype_benchmark.infrastructure.cgroups.server_group import ServerGroup, new_group_name
from basetype_benchmark.infrastructure.local.data_lock import DataLock
from basetype_benchmark.infrastructure.local.ending import (
    KILL_PATIENCE_S,
    StopStep,
    describe_end,
    end_process,
)
from basetype_benchmark.infrastructure.local.process_record import (
    ProcessRecord,
    find_children_left,
    find_process,
    read_record,
    write_record,
)
from basetype_benchmark.infrastructure.local.server_log import failure_line
from basetype_benchmark.infrastructure.readiness import describe_memory
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until
from basetype_benchmark.interrupts import interrupts_deferred

RUN_DIR_PREFIX = "btb-"
DISCARDED = "discarded-"
# A Unix socket's path has at most 107 bytes; some are left for the file's name.
LONGEST_RUN_DIR = 80
READY_POLL_S = 0.03  # each question leaves a line in PostgreSQL's log
# Nothing of the user's environment reaches a server: PGDATA, PGTZ or RUST_LOG would change it.
SERVER_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, kw_only=True)
class Command:
    """How to run a server.

    `executable` is the element of `argv` that is the server itself. `child_title` is how the
    titles of its own child processes begin, unlike those of any other server's; None: it has none.
    `program` are files and folders that the server reads of itself: code and libraries.
    """

    argv: tuple[str, ...]
    executable: str
    child_title: str | None = None
    program: tuple[Path, ...] = ()


class LocalManager:
    """One server as a child process on one data directory.

    Entering locks the directory, ends a server that a killed harness left on it, and makes a
    control group that all its processes will be in, with `ram_bytes` as its limit. Leaving ends
    the server and removes the group, whatever happened. The lock, the pid file and the log lie
    beside the directory: ``postgresql/`` has ``postgresql.lock``, ``.server.json`` and ``.log``.
    """

    def __init__(
        self,
        *,
        title: str,
        data_dir: Path,
        stop_steps: Sequence[StopStep],
        ram_bytes: int | None = None,
    ) -> None:
        self.title = title
        self.data_dir = data_dir
        self.ram_bytes = ram_bytes
        self.log_file = _beside(data_dir, ".log")
        self._record_file = _beside(data_dir, ".server.json")
        self._stop_steps = stop_steps
        self._run_dir: Path | None = None
        self._group_name = ""
        self._group: ServerGroup | None = None
        self._command: Command | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._stack = ExitStack()

    @property
    def run_dir(self) -> Path:
        """A private folder with a short path for sockets; only while the context is open."""
        if self._run_dir is None:
            raise ServiceUnavailable(f"{self.title} is not running; open the service first")
        return self._run_dir

    @property
    def pid(self) -> int | None:
        """Process id of the server; None when it does not run."""
        return None if self._child is None else self._child.pid

    def __enter__(self) -> Self:
        """Take the data directory.

        Raises:
            ServiceUnavailable: another harness holds it, it cannot be written, or the limit cannot
                be set.
            DiskFull: no space is left for it.
        """
        with ExitStack() as stack:
            try:
                self.data_dir.parent.mkdir(parents=True, exist_ok=True)
                lock_file = _beside(self.data_dir, ".lock")
                stack.enter_context(
                    DataLock(what=f"the data directory {self.data_dir}", lock_file=lock_file)
                )
                stack.callback(self._end)
                self._end_recorded()
                self._run_dir, self._group_name = _name_run_dir(), new_group_name()
                # First written down, then made: killed in between, both are still found.
                write_record(self._record_file, self._record())
                self._run_dir.mkdir(mode=0o700)
                with interrupts_deferred():
                    self._group = open_group(self._group_name, self.ram_bytes)
                if self.log_file.exists():
                    self.log_file.replace(_beside(self.data_dir, ".log.1"))
            except OSError as error:
                raise storage_error(self.title, self.data_dir, error) from None
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def open_meter(self) -> Meter:
        """Give what reads the use of the server and its successors; only while it is entered."""
        return self._open_group.open_meter(lambda: self.pid)

    def oom_kills(self) -> int | None:
        """Count the server's processes that the kernel ended for lack of memory since entering.

        After leaving, the last count.
        """
        return None if self._group is None else self._group.oom_kills()

    def discard_data(self, holds_store: Callable[[Path], bool]) -> None:
        """Remove the data directory; only before the start, while no server runs on it.

        Moved away first: a harness killed in between leaves no half of a store in its place.

        Raises:
            ServiceUnavailable: it holds something that is not a store, or cannot be removed.
        """
        try:
            for leftover in self.data_dir.parent.glob(f"{self.data_dir.name}.{DISCARDED}*"):
                shutil.rmtree(leftover)
            if not self.data_dir.exists():
                return
            if any(self.data_dir.iterdir()) and not holds_store(self.data_dir):
                raise ServiceUnavailable(
                    f"{self.data_dir} holds something that is no store of {self.title}; "
                    "move it away, or choose another --home"
                )
            discarded = _beside(self.data_dir, f".{DISCARDED}{secrets.token_hex(4)}")
            shutil.rmtree(self.data_dir.rename(discarded))
        except OSError as error:
            raise storage_error(self.title, self.data_dir, error) from None

    def start(
        self, command: Command, why_not_ready: Callable[[], str | None], *, deadline_s: float
    ) -> None:
        """Start the server and return when `why_not_ready` gives None.

        Raises:
            ServiceUnavailable: it ended before, or was not ready in time.
            DiskFull: it ended for lack of space.
        """
        self._command = command
        try:
            with interrupts_deferred():
                self._launch(command)
        except OSError as error:
            raise storage_error(self.title, self.data_dir, error) from None
        self._await_ready(why_not_ready, deadline_s)

    def restart(
        self,
        why_not_ready: Callable[[], str | None],
        *,
        steps: Sequence[StopStep],
        deadline_s: float,
    ) -> None:
        """End the server by `steps`, else kill it, and start the same command on the same data.

        Raises:
            ServiceUnavailable: it was never started, or did not come back.
        """
        if self._command is None:
            raise ServiceUnavailable(f"{self.title} was not started, so it cannot be restarted")
        with interrupts_deferred():
            self._end_child(steps)
        self.start(self._command, why_not_ready, deadline_s=deadline_s)

    def why_dead(self) -> str | None:
        """Say how the server ended; None while it runs."""
        if self._child is None:
            return f"{self.title} is not running"
        code = self._child.poll()
        if code is None:
            return None
        line = failure_line(self.log_file)
        return f"{self.title} {describe_end(code)}; " + (
            f"its log says: {line}" if line else f"its log {self.log_file} says nothing"
        )

    @property
    def _open_group(self) -> ServerGroup:
        if self._group is None:
            raise ServiceUnavailable(f"{self.title} is not running; open the service first")
        return self._group

    def _record(self) -> ProcessRecord:
        return ProcessRecord(run_dir=str(self.run_dir), group=self._group_name)

    def _launch(self, command: Command) -> None:
        joiner = self._open_group.launcher
        if not Path(command.executable).exists():  # which a shell says in words of its own
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), command.executable)
        record = replace(
            self._record(),
            argv=command.argv,
            joiner=joiner,
            executable=command.executable,
            launched_at=time.time(),
            child_title=command.child_title,
        )
        write_record(self._record_file, record)
        with self.log_file.open("ab") as log:
            # A session of its own: the terminal's Ctrl-C is for the harness alone.
            self._child = subprocess.Popen(
                [*joiner, *command.argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=SERVER_ENVIRONMENT,
                start_new_session=True,
            )
        write_record(self._record_file, record.with_process(self._child.pid))

    def _await_ready(self, why_not_ready: Callable[[], str | None], deadline_s: float) -> None:
        def reason() -> str | None:
            return None if self.why_dead() else why_not_ready()

        try:
            wait_until("a first query", reason, deadline_s=deadline_s, poll_s=READY_POLL_S)
        except WaitTimeout as error:
            with closing(self.open_meter()) as meter:
                memory = describe_memory(meter, self.ram_bytes)
            raise ServiceUnavailable(
                f"{self.title} was not ready: {error}{memory}; see its log {self.log_file}"
            ) from None
        if death := self.why_dead():
            raise _start_error(death, self.log_file)

    def _end(self) -> None:
        with interrupts_deferred():
            self._end_child(self._stop_steps)
            if self._group is not None:
                self._group.remove()
            self._end_recorded()
            self._command = None
            if self._run_dir is not None:
                shutil.rmtree(self._run_dir, ignore_errors=True)
                self._run_dir = None

    def _end_child(self, steps: Sequence[StopStep]) -> None:
        if self._child is None:
            return
        if self._child.poll() is None:
            end_process(psutil.Process(self._child.pid), steps, self.title)
        self._child.wait(KILL_PATIENCE_S)
        self._child = None
        record = read_record(self._record_file)
        if record is not None:
            self._end_children_left(record)

    def _end_recorded(self) -> None:
        """End a server that the pid file tells of and nobody else will end."""
        record = read_record(self._record_file)
        if record is None:
            return
        process = find_process(record)
        if process is not None:
            end_process(process, self._stop_steps, self.title)
        self._end_children_left(record)
        if record.group is not None:
            remove_left_group(record.group)
        if Path(record.run_dir).name.startswith(RUN_DIR_PREFIX):
            shutil.rmtree(record.run_dir, ignore_errors=True)
        self._record_file.unlink(missing_ok=True)

    def _end_children_left(self, record: ProcessRecord) -> None:
        for child in find_children_left(record):
            end_process(child, (), self.title)


def _start_error(death: str, log_file: Path) -> HostError:
    if "No space left on device" in death:
        return DiskFull(f"{death}; free some space or choose another --home")
    if "Address already in use" in death:
        return PortInUse(f"{death}; end the process that listens there or choose another port")
    return ServiceUnavailable(f"{death}; the whole log is {log_file}")


def storage_error(title: str, place: Path, error: OSError) -> HostError:
    """Word the error of a server's files."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"no space is left for {title} in {place}; free some or change --home")
    return ServiceUnavailable(
        f"{title} cannot use {error.filename or place}: {error.strerror}; "
        "check its owner and mode, or choose another --home"
    )


def _name_run_dir() -> Path:
    name = f"{RUN_DIR_PREFIX}{secrets.token_hex(6)}"
    chosen = Path(tempfile.gettempdir(), name)
    return chosen if len(os.fsencode(chosen)) <= LONGEST_RUN_DIR else Path("/tmp", name)


def _beside(data_dir: Path, suffix: str) -> Path:
    return data_dir.with_name(data_dir.name + suffix)
