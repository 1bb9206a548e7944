"""Who is told how a campaign goes, as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord
from basetype_benchmark.benchmark.journal import Event
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.resources import Reading


class CampaignObserver(Protocol):
    """Is told of every step; must be quick and must not raise."""

    def opened(self, record: CampaignRecord, finished: Mapping[str, CellOutcome]) -> None:
        """Hear the plan, whenever it changes, and which of its cells have a valid result."""
        ...

    def cell_started(self, cell: str) -> None:
        """Hear that a cell begins."""
        ...

    def cell_read(
        self, source: str, phase: str | None, reading: Reading, ram_bytes: int | None
    ) -> None:
        """Hear what a server, the harness or the host uses in a phase; from another thread.

        `phase` is None between two phases.
        """
        ...

    def cell_finished(self, record: CellRecord) -> None:
        """Hear that the result of a cell is written."""
        ...

    def closed(self, event: Event) -> None:
        """Hear how the run ended; called last, and also when it failed."""
        ...


class NoObserver:
    """Is told, and tells nobody."""

    def opened(self, record: CampaignRecord, finished: Mapping[str, CellOutcome]) -> None:
        """Ignore."""

    def cell_started(self, cell: str) -> None:
        """Ignore."""

    def cell_read(
        self, source: str, phase: str | None, reading: Reading, ram_bytes: int | None
    ) -> None:
        """Ignore."""

    def cell_finished(self, record: CellRecord) -> None:
        """Ignore."""

    def closed(self, event: Event) -> None:
        """Ignore."""


UNOBSERVED = NoObserver()
