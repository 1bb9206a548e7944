"""Holding back Ctrl-C while something must not, or need not, be left half done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], object] | int | None


@contextmanager
def interrupts_deferred() -> Iterator[None]:
    """Let a SIGINT that comes in between take effect on leaving, also by an error.

    The body must not take longer than a user may be kept waiting.

    Outside the main thread there is nothing to hold back: Python interrupts that one only.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    seen: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        seen.append(number)

    previous = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if previous is None else previous)
        if seen and previous is signal.SIG_IGN:
            raise KeyboardInterrupt  # SIGTERM came as SIGINT; the terminal's own stays unheard
        if seen:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def first_interrupt_deferred(told: Callable[[], None]) -> Iterator[None]:
    """Let the first SIGINT that comes in between take effect on leaving, and a second one at once.

    `told` is called in the signal's handler when the first one comes.

    Outside the main thread there is nothing to hold back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    seen: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        seen.append(number)
        if len(seen) == 1:
            told()
        else:
            _act(previous, number, frame)

    previous = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if previous is None else previous)
        if seen:
            _act(previous, signal.SIGINT, None)


def _act(handler: Handler, number: int, frame: FrameType | None) -> None:
    """Do what a signal would have done; one that was ignored came as SIGTERM, and interrupts."""
    if callable(handler):
        handler(number, frame)
    else:
        raise KeyboardInterrupt
