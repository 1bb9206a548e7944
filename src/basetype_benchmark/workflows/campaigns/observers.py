"""Several observers of one campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord
from basetype_benchmark.benchmark.journal import Event
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.workflows.campaigns.observer import CampaignObserver


class TellAll:
    """Tells each of several observers, in their order."""

    def __init__(self, observers: Sequence[CampaignObserver]) -> None:
        self._observers = tuple(observers)

    def opened(self, record: CampaignRecord, finished: Mapping[str, CellOutcome]) -> None:
        """Tell all the plan."""
        for observer in self._observers:
            observer.opened(record, finished)

    def cell_started(self, cell: str) -> None:
        """Tell all that a cell begins."""
        for observer in self._observers:
            observer.cell_started(cell)

    def cell_read(
        self, source: str, phase: str | None, reading: Reading, ram_bytes: int | None
    ) -> None:
        """Tell all what is used; from another thread."""
        for observer in self._observers:
            observer.cell_read(source, phase, reading, ram_bytes)

    def cell_finished(self, record: CellRecord) -> None:
        """Tell all that a result is written."""
        for observer in self._observers:
            observer.cell_finished(record)

    def closed(self, event: Event) -> None:
        """Tell all how the run ended."""
        for observer in self._observers:
            observer.closed(event)
