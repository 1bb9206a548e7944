"""The pid file of a server: which process it is, beyond doubt, after its harness was killed."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import orjson
import psutil

from basetype_benchmark.errors import ServiceUnavailable

# The kernel counts a process's age from boot, and the boot time shifts when the clock is set.
CLOCK_TOLERANCE_S = 2.0


@dataclass(frozen=True, kw_only=True)
class ProcessRecord:
    """A server's process. Written without pid before it starts, and with it right after.

    Even before, and before they exist, the folder of its sockets and its control group are
    written down.
    """

    run_dir: str  # private folder of its sockets
    group: str | None = None  # name of its control group; None: written by an older version
    joiner: tuple[str, ...] = ()  # what `argv` was launched by: joins the group and execs it
    argv: tuple[str, ...] = ()  # as launched; may begin with a launcher that execs the server
    executable: str = ""  # the server itself, an element of argv
    child_title: str | None = None  # how the titles of its own child processes begin
    launched_at: float | None = None  # seconds since the epoch
    pid: int | None = None
    create_time: float | None = None  # as psutil gives it

    def with_process(self, pid: int) -> ProcessRecord:
        """Add the process that was just started."""
        return replace(self, pid=pid, create_time=psutil.Process(pid).create_time())


def write_record(path: Path, record: ProcessRecord) -> None:
    """Write the pid file, whole or not at all; only the holder of the data directory's lock may."""
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        temporary.write_bytes(orjson.dumps(asdict(record), option=orjson.OPT_INDENT_2))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_record(path: Path) -> ProcessRecord | None:
    """Read a pid file; None when there is none.

    Raises:
        ServiceUnavailable: the file is damaged, so the process it means is unknown.
    """
    try:
        values = orjson.loads(path.read_bytes())
        lists = {name: tuple(values[name]) for name in ("argv", "joiner") if name in values}
        return ProcessRecord(**{**values, **lists})
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, TypeError, KeyError):
        raise ServiceUnavailable(
            f"the pid file {path} is damaged; end the server it belongs to, if one runs, "
            "and remove the file"
        ) from None


def find_process(record: ProcessRecord) -> psutil.Process | None:
    """Find the recorded server if it still runs; never another process with its number."""
    if record.launched_at is None:
        return None
    if record.pid is None:
        return _find_just_launched(record, record.launched_at)
    try:
        process = psutil.Process(record.pid)
        age_fits = abs(process.create_time() - (record.create_time or 0)) <= CLOCK_TOLERANCE_S
        return process if age_fits and _runs(process, record) else None
    except psutil.NoSuchProcess:
        return None


def find_children_left(record: ProcessRecord) -> list[psutil.Process]:
    """Find children of the recorded server that outlive it.

    A PostgreSQL backend that computes notices late that its server was killed, and until then no
    new server can start on its data.
    """
    if record.child_title is None:
        return []
    return [process for process in psutil.process_iter() if _has_title(process, record.child_title)]


def _has_title(process: psutil.Process, beginning: str) -> bool:
    try:
        command_line = process.cmdline()
    except psutil.Error:
        return False
    return bool(command_line) and command_line[0].startswith(beginning)


def _find_just_launched(record: ProcessRecord, launched_at: float) -> psutil.Process | None:
    """Find a server whose harness was killed between starting it and noting its pid."""
    for process in psutil.process_iter():
        try:
            is_young = process.create_time() >= launched_at - CLOCK_TOLERANCE_S
            if is_young and _runs(process, record):
                return process
        except psutil.NoSuchProcess:
            continue
    return None


def _runs(process: psutil.Process, record: ProcessRecord) -> bool:
    """Whether it is this very command, data directory and all, of this executable.

    Both are asked because a command line can be forged. A launcher replaces itself by what follows
    in its arguments, so every end of the command down to the server's own is it, run by its first
    element. The executable of another user's process is hidden from a root without CAP_SYS_PTRACE,
    as in a container: there the command line must do. A process whose command line is hidden is
    never taken for ours.
    """
    launched = [*record.joiner, *record.argv]
    served_from = len(record.joiner) + record.argv.index(record.executable)
    try:
        command = process.cmdline()
        if command not in (launched[start:] for start in range(served_from + 1)):
            return False
    except (psutil.AccessDenied, psutil.ZombieProcess):
        return False
    try:
        return process.exe() in ("", record.executable, os.path.realpath(command[0]))
    except psutil.AccessDenied:
        return True
    except psutil.ZombieProcess:
        return False
