"""One invocation of ``btb``: how a command ends, whatever happens in it."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import typer

from basetype_benchmark.cli.commands import app
from basetype_benchmark.cli.formatters import print_err
from basetype_benchmark.errors import BenchmarkError, HostError

DEBUG_OPTION = "--debug"
INTERRUPTED = 130
NOBODY_READS = 141
"""What a shell says of a program that ends because nobody reads its output any more."""


def invoke(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; an error is one line on standard error."""
    is_debug = DEBUG_OPTION in arguments
    kept = [argument for argument in arguments if argument != DEBUG_OPTION]
    try:
        with _told_to_end_as_by_ctrl_c():
            code = app(kept, prog_name="btb", standalone_mode=False)
    except typer.TyperException as error:
        return _fail(error, error.format_message(), error.exit_code, is_debug)
    except BenchmarkError as error:
        return _fail(error, str(error), error.exit_code, is_debug)
    except (KeyboardInterrupt, typer.Abort):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is ending: to ask again changes nothing
        code = INTERRUPTED
    except (BrokenPipeError, SystemExit):  # the latter is what typer makes of the former
        # Whoever read our output has seen enough; nothing may be written to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except OSError as error:
        # What no module below could put in better words: a file that is not ours to read.
        place = f"{error.filename}: " if error.filename else ""
        reason = f"{place}{error.strerror or error}; see that it is yours to use, or free some"
        return _fail(error, reason, HostError.exit_code, is_debug)
    except Exception as error:  # noqa: BLE001 - the last resort: a line instead of a stack trace
        reason = f"unexpected {type(error).__name__}: {error}; this is a fault of btb, see --debug"
        return _fail(error, reason, 1, is_debug)
    if code == INTERRUPTED:
        print_err("interrupted; what was finished is kept, and what btb started is stopped")
    return int(code or 0)


def _fail(error: Exception, text: str, exit_code: int, is_debug: bool) -> int:
    if is_debug:
        traceback.print_exception(error)
    print_err(text)
    return exit_code


@contextmanager
def _told_to_end_as_by_ctrl_c() -> Iterator[None]:
    """Treat being told to end, or a closed terminal, like Ctrl-C: servers are stopped alike.

    What was to be ignored before stays ignored: ``nohup btb ...``.
    """
    previous = {number: signal.getsignal(number) for number in _TELL_TO_END}
    heard = {number: old for number, old in previous.items() if old is not signal.SIG_IGN}
    terminals = [descriptor for descriptor in (1, 2) if os.isatty(descriptor)]

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        _silence_closed(terminals)
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as shells start what they put aside
            raise KeyboardInterrupt
        signal.raise_signal(signal.SIGINT)

    for number in heard:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, old in heard.items():
            signal.signal(number, old)


_TELL_TO_END = (signal.SIGTERM, signal.SIGHUP)


def _silence_closed(terminals: Sequence[int]) -> None:
    """Have nobody told what a closed terminal would be: writing to it is an error."""
    for descriptor in terminals:
        if not os.isatty(descriptor):  # any more
            nobody = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nobody, descriptor)
            os.close(nobody)
