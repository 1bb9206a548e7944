"""Timed phases of a load, each with a deadline and with errors that name it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from basetype_benchmark.errors import (
    LoadingStalled,
    QueryFailed,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.postgres_client import (
    PostgresConnection,
    ServerStalled,
    explain_death,
    translated,
)
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.base import LoadLimits, LoadPhase, load_error


class PhaseItems:
    """Counts what a phase wrote."""

    def __init__(self) -> None:
        self.count: int | None = None


class PhaseClock:
    """Runs the phases of one load on one connection and keeps their times."""

    def __init__(
        self, connection: PostgresConnection, service: Service, limits: LoadLimits
    ) -> None:
        self.connection = connection
        self.limits = limits
        self._service = service
        self._phases: list[LoadPhase] = []

    @property
    def phases(self) -> tuple[LoadPhase, ...]:
        """The phases that came to their end, in order."""
        return tuple(self._phases)

    @contextmanager
    def phase(self, name: str) -> Iterator[PhaseItems]:
        """Time what is done inside the context as the phase `name`.

        Raises:
            LoadingTimeout: it ran over the limit.
            LoadingStalled: a COPY made no progress.
            ServerDied: the server went away.
            LoadError: the server refused something.
        """
        items, start = PhaseItems(), time.perf_counter_ns()
        with (
            self._named(name),
            translated(f"loading in phase {name!r}"),
            self.connection.deadline(self.limits.phase_s),
        ):
            yield items
        elapsed_ns = time.perf_counter_ns() - start
        self._phases.append(LoadPhase(name=name, elapsed_ns=elapsed_ns, items=items.count))

    @contextmanager
    def _named(self, name: str) -> Iterator[None]:
        try:
            yield
        except ServerDied as error:
            raise explain_death(error, self._service) from error
        except ServerStalled as error:
            raise LoadingStalled(
                f"loading stalled in phase {name!r}: PostgreSQL took no data for "
                f"{self.limits.stall_s:g} s; look at its log and its disk"
            ) from error
        except QueryTimeout as error:
            raise self.limits.over_time(name) from error
        except QueryFailed as error:
            raise load_error(error) from error
