"""The thread that takes the timed readings while a cell runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from basetype_benchmark.interrupts import interrupts_deferred
from basetype_benchmark.units import NS_PER_S

NAME = "btb-resources"


class SamplingThread:
    """Calls `read_due` whenever it is time, as that function says, while the context is open.

    Leaving returns when the thread has ended, whatever happened, an interrupt included.
    """

    def __init__(self, read_due: Callable[[], int]) -> None:
        self._read_due = read_due
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self._end)
            with interrupts_deferred():
                self._thread.start()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _run(self) -> None:
        wait_ns = self._read_due()
        while not self._stop.wait(wait_ns / NS_PER_S):
            wait_ns = self._read_due()

    def _end(self) -> None:
        with interrupts_deferred():
            self._stop.set()
            if self._thread.ident is not None:
                self._thread.join()
