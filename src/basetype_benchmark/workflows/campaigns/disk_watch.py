"""Watches the disk of a home while a campaign runs, so that it stops before the disk is full.

A full disk costs more than the cell at work: servers break their stores, and the result that was
just measured cannot be written.
"""

from __future__ import annotations

import _thread
import shutil
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from basetype_benchmark.benchmark.monitoring.sampling_thread import SamplingThread
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.infrastructure.safe_removal import measure_extent
from basetype_benchmark.units import GIB, NS_PER_S, format_bytes
from basetype_benchmark.workflows.plans.estimate_cell import CellEstimate

INTERVAL_NS = NS_PER_S
RESERVE_SHARE = 0.02
LEAST_RESERVE_BYTES = GIB
MOST_RESERVE_BYTES = 10 * GIB
MOST_RESERVE_SHARE = 0.1
"""The reserve is 2 % of the disk, but 1 GiB at least and 10 GiB at most; of a small disk, 10 %."""

_URGENT_SHARE = 0.25
"""Below this share of the reserve the query at work is not waited for."""


def reserve_bytes(folder: Path) -> int:
    """Give how much stays free on the disk that holds a folder."""
    whole = shutil.disk_usage(folder).total
    wanted = min(max(whole * RESERVE_SHARE, LEAST_RESERVE_BYTES), MOST_RESERVE_BYTES)
    return round(min(wanted, whole * MOST_RESERVE_SHARE))


def why_no_room(folder: Path, needed_bytes: float) -> str | None:
    """Say why so much should not be written into a folder; None: there is room."""
    free, reserve = shutil.disk_usage(folder).free, reserve_bytes(folder)
    if free >= needed_bytes + reserve:
        return None
    return (
        f"{format_bytes(free)} are free on the disk that holds {folder}, about "
        f"{format_bytes(needed_bytes)} would be written, and {format_bytes(reserve)} stay free"
    )


def needed_bytes(estimate: CellEstimate, scenario: Scenario, settings: Settings) -> float:
    """Give what a cell will take beyond what its stores take now, which it replaces."""
    if not estimate.loads:
        return 0.0
    extent = measure_extent(settings.engines_dir / scenario.id)
    return max(0.0, estimate.disk_bytes.likely - (0 if extent is None else extent.size_bytes))


class DiskWatch:
    """Looks every second while the context is open, and interrupts when there is too little.

    The main thread is interrupted as by Ctrl-C, once; once more, which means at once, when hardly
    anything is left. `reason` then says why: whoever catches the `KeyboardInterrupt` asks it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        interval_ns: int = INTERVAL_NS,
        interrupt: Callable[[], None] | None = None,
    ) -> None:
        self._folder = folder
        self._interval_ns = interval_ns
        self._interrupt = interrupt or interrupt_main
        self._urgent = threading.Event()
        self._reason: str | None = None
        self._stack = ExitStack()

    @property
    def reason(self) -> str | None:
        """Why the main thread was interrupted; None: it was not, or by somebody else."""
        return self._reason

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(SamplingThread(self._look))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _look(self) -> int:
        try:
            free, reserve = shutil.disk_usage(self._folder).free, reserve_bytes(self._folder)
        except OSError:  # nothing tells now; it may the next time
            return self._interval_ns
        if free < reserve and self._reason is None:
            self._reason = (
                f"{format_bytes(free)} are free on the disk that holds {self._folder}, of the "
                f"{format_bytes(reserve)} that stay free"
            )
            self._interrupt()
        elif free < reserve * _URGENT_SHARE and not self._urgent.is_set():
            self._urgent.set()
            self._interrupt()
        return self._interval_ns


def interrupt_main() -> None:
    """Interrupt the main thread as Ctrl-C does; where that is ignored, as being told to end.

    Shells start what they put aside with SIGINT ignored, and then Python would do nothing.
    """
    heard = callable(signal.getsignal(signal.SIGINT))
    _thread.interrupt_main(signal.SIGINT if heard else signal.SIGTERM)
