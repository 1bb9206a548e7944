"""Where ``btb`` begins. Nothing slow is imported here, so that Ctrl-C ends it in silence."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path


def main() -> None:
    """Run the command line and end the process with its exit code."""
    _mend_streams()
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; an error is one line on standard error."""
    with _interrupts_end_at_once():
        invocation = import_module("basetype_benchmark.cli.invocation")
    return int(invocation.invoke(arguments))


def _mend_streams() -> None:
    """Make standard streams that can be written to, whatever we were started with."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed: else the next file opened would take its place
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - to the end
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # of a sign that the locale lacks


@contextmanager
def _interrupts_end_at_once() -> Iterator[None]:
    """Let an interrupt end the process as it would one that is not Python's.

    While modules are imported nothing is open that would have to be closed, and the stack trace of
    an import tells nobody anything.
    """
    handler = signal.getsignal(signal.SIGINT)
    if handler is signal.default_int_handler:  # else whoever started us wants it otherwise
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
