"""Ending a server: gently first, and whatever it does in the end."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until

KILL_PATIENCE_S = 30.0


@dataclass(frozen=True, kw_only=True)
class StopStep:
    """A signal, and how long to wait for the server to end by it."""

    signal: signal.Signals
    patience_s: float


def end_process(process: psutil.Process, steps: Sequence[StopStep], title: str) -> None:
    """End a server and its own children: `steps` in turn, at last SIGKILL.

    Raises:
        ServiceUnavailable: it outlives even that.
    """
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for step in steps:
        _signal(process, step.signal)
        if _all_ended_within(family, step.patience_s):
            return
    for member in family:
        _signal(member, signal.SIGKILL)
    if not _all_ended_within(family, KILL_PATIENCE_S):
        raise ServiceUnavailable(
            f"{title} (process {process.pid}) does not end even when killed; "
            "it waits for a disk or a network file system"
        )


def describe_end(code: int) -> str:
    """Say how a process with this exit code of `subprocess` ended."""
    if code >= 0:
        return f"exited with code {code}"
    hint = "; often the kernel, when memory runs out" if -code == signal.SIGKILL else ""
    return f"was killed by signal {-code} ({_signal_name(-code)}{hint})"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal between the named ones
        return "real-time"


def _all_ended_within(family: Sequence[psutil.Process], patience_s: float) -> bool:
    def alive() -> str | None:
        pids = [str(member.pid) for member in family if not _has_ended(member)]
        return f"still running: {', '.join(pids)}" if pids else None

    try:
        wait_until("the end of the server", alive, deadline_s=patience_s)
    except WaitTimeout:
        return False
    return True


def _has_ended(process: psutil.Process) -> bool:
    """A zombie has ended too: in a container nobody may ever collect it.

    Not so while it has threads left, which still hold its files and its port.
    """
    try:
        if not process.is_running():
            return True
        return process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1
    except psutil.NoSuchProcess:
        return True


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
    except psutil.AccessDenied:
        raise ServiceUnavailable(
            f"the server on this data, process {process.pid}, belongs to {process.username()}; "
            "end it as that user"
        ) from None
