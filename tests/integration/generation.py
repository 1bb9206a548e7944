"""What the tests of generation start and look at: commands in other processes, and what is left."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil

from basetype_benchmark.dataset.manifest import MANIFEST_NAME
from basetype_benchmark.infrastructure.waiting import wait_until

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0


def digest_exponentials() -> str:
    """Tell processors apart that differ in the last bit of some exponential."""
    return hashlib.sha256(np.exp(np.linspace(0.01, 20.0, 100_001)).tobytes()).hexdigest()


@contextmanager
def btb(*arguments: str | Path, terminal: int | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a session of its own; whatever the test does, nothing of it is left.

    With `terminal` all is read from that and told there.

    Coverage is not measured in it: cut short, coverage would print lines of its own.
    """
    launcher = () if terminal is None else ("setsid", "--ctty")
    process = subprocess.Popen(
        [*launcher, sys.executable, "-m", "basetype_benchmark", *map(str, arguments)],
        stdin=subprocess.DEVNULL if terminal is None else terminal,
        stdout=subprocess.PIPE if terminal is None else terminal,
        stderr=subprocess.PIPE if terminal is None else terminal,
        text=True,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
        start_new_session=terminal is None,
    )
    with process:
        try:
            yield process
        finally:
            for pid in session_of(process):
                kill(pid)


def ended(process: subprocess.Popen[str]) -> tuple[int, list[str]]:
    """Wait for the end of a command; gives its exit code and what it told people."""
    _, told = process.communicate(timeout=PATIENCE_S)
    return process.returncode, told.splitlines()


def session_of(process: subprocess.Popen[str]) -> list[int]:
    """Processes that a command has started, and itself; those that have ended do not count."""
    return [pid for pid in psutil.pids() if _session(pid) == process.pid and _is_alive(pid)]


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Worker processes of a command that generates: its fork server's children."""
    try:
        children = psutil.Process(process.pid).children()
        return [worker.pid for child in children for worker in child.children()]
    except psutil.NoSuchProcess:
        return []


def kill(pid: int) -> None:
    """Kill a process that may have ended already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_for_end_of_session(process: subprocess.Popen[str]) -> None:
    """Wait until nothing is left of what a command started."""

    def why_not() -> str | None:
        left = session_of(process)
        return f"still there: {left}" if left else None

    wait_until("the end of all processes", why_not, deadline_s=PATIENCE_S, poll_s=0.005)


def wait_for_parts(process: subprocess.Popen[str], folder: Path, count: int) -> None:
    """Wait until as many parts are written, or the command has ended."""

    def why_not() -> str | None:
        if process.poll() is not None:
            return None
        found = len(parts_of(folder))
        return None if found >= count else f"only {found}"

    wait_until(f"{count} parts", why_not, deadline_s=PATIENCE_S, poll_s=0.001)


def parts_of(folder: Path) -> list[Path]:
    """Files of series that a dataset has so far."""
    return list(folder.glob("timeseries/*/*/part-0.parquet"))


def is_whole(folder: Path) -> bool:
    """Whether a folder passes for a dataset."""
    return (folder / MANIFEST_NAME).exists()


def files_of(folder: Path) -> set[str]:
    """Names of all files, hidden ones too."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
