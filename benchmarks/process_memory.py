"""The greatest memory that a process and all that it starts take together."""

from __future__ import annotations

import threading
from types import TracebackType

import psutil

_PERIOD_S = 0.1


class PeakMemory:
    """Watches this process and its descendants while the context is open.

    Memory is PSS, the proportional set size: what several processes share counts once. Where the
    kernel does not tell it (PSS is Linux's), it is what each holds alone (USS).
    """

    def __init__(self) -> None:
        self.peak_bytes = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._done.wait(_PERIOD_S):
            processes = [own, *own.children(recursive=True)]
            self.peak_bytes = max(self.peak_bytes, sum(map(_memory, processes)))


def _memory(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
    except psutil.Error:  # it has ended meanwhile
        return 0
    return int(getattr(memory, "pss", memory.uss))
