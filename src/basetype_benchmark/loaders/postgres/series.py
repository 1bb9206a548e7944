"""Loads the series side of a federated scenario: the table `sample` alone."""

from __future__ import annotations

from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.base import LoadLimits, StoredCounts, StoreLoad
from basetype_benchmark.loaders.postgres.phases import PhaseClock
from basetype_benchmark.loaders.postgres.series_table import load_series, size_bytes
from basetype_benchmark.loaders.postgres.store import (
    create_schema,
    drop_schema,
    scalar,
    session,
    settle,
)
from basetype_benchmark.progress import Progress


class SeriesLoader:
    """A `Loader` of the series into a running PostgreSQL or TimescaleDB."""

    def __init__(self, service: Service, limits: LoadLimits | None = None) -> None:
        self._service = service
        self._limits = limits or LoadLimits()

    def clear(self) -> None:
        """Remove our schema with all that is in it."""
        with session(self._service, "clearing the series", self._limits.phase_s) as connection:
            drop_schema(connection)

    def load(self, dataset: Dataset, progress: Progress) -> StoreLoad:
        """Create, fill and index the table, then gather statistics; see `Loader.load`."""
        with session(self._service, "loading the series", self._limits.phase_s) as connection:
            clock = PhaseClock(connection, self._service, self._limits)
            with clock.phase("schema"):
                create_schema(connection)
            details = load_series(clock, dataset, progress)
            with clock.phase("statistics"):
                settle(connection)
            return StoreLoad(
                phases=clock.phases, size_bytes=size_bytes(connection), details=details
            )

    def count(self) -> StoredCounts:
        """Count the samples."""
        with session(self._service, "counting the series", self._limits.phase_s) as connection:
            return StoredCounts(samples=scalar(connection, "SELECT count(*) FROM sample"))
