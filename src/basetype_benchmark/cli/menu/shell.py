"""Runs a command for the menu as the user would: shown first, then in a process of its own.

A process of its own, so that a campaign begun in the menu is measured by the same young process as
one begun with flags, and leaves nothing behind in the next one.
"""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

from rich.text import Text

from basetype_benchmark.cli.formatters import human_console, print_note

BTB = (sys.executable, "-m", "basetype_benchmark")
INTERRUPTED = 130
_SIGNALED = 128
_TELL_TO_END = (signal.SIGTERM, signal.SIGHUP)


class ToldToEnd(KeyboardInterrupt):
    """The process was told to end while a command ran, and so was the command."""


class Shell(Protocol):
    """Runs commands of btb."""

    def run(self, arguments: Sequence[str]) -> int:
        """Run one to its end, in front of the user; gives its exit code."""
        ...


class ChildShell:
    """Runs each command as a child process on the same terminal."""

    def run(self, arguments: Sequence[str]) -> int:
        """Show the command, run it and say how it ended.

        Raises:
            ToldToEnd: we were; the command was told too, and has ended.
        """
        human_console().print(Text(f"$ {command_line(arguments)}", style="bold"))
        code = _run_child([*BTB, *arguments])
        _forget_typed()
        print_note(f"{describe_ending(code)}\n")
        return code


def _forget_typed() -> None:
    """Drop the keys pressed while a command ran: they were not meant for the next question."""
    if sys.stdin.isatty():
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def command_line(arguments: Sequence[str]) -> str:
    """Write a command so that it can be copied into a shell."""
    return shlex.join(["btb", *arguments])


def describe_ending(code: int) -> str:
    """Say how a command ended."""
    if code == 0:
        return "(done)"
    if code == INTERRUPTED:
        return "(interrupted)"
    return f"(ended with exit code {code})"


def _run_child(command: Sequence[str]) -> int:
    """Run a process, leave all signals to it, and give its exit code as a shell does.

    Raises:
        ToldToEnd: we were; the process was told, too, and has ended.
    """
    children: list[subprocess.Popen[bytes]] = []
    told: list[int] = []

    def hand_on(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        for child in children:
            child.terminate()

    with _handled(hand_on), subprocess.Popen(command) as child:
        children.append(child)
        if told:  # before there was anything to hand on to
            child.terminate()
        code = child.wait()
    if told:
        raise ToldToEnd
    return code if code >= 0 else _SIGNALED - code


@contextmanager
def _handled(hand_on: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Do nothing at Ctrl-C, which the child gets from the terminal as well, and `hand_on` the rest.

    What was to be ignored before stays ignored, by the child too.
    """
    handlers = {signal.SIGINT: _ignore, **dict.fromkeys(_TELL_TO_END, hand_on)}
    previous = {number: signal.getsignal(number) for number in handlers}
    changed = [number for number, old in previous.items() if old is not signal.SIG_IGN]
    for number in changed:
        signal.signal(number, handlers[number])
    try:
        yield
    finally:
        for number in changed:
            signal.signal(number, previous[number])


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Not SIG_IGN, which a child would take over."""
