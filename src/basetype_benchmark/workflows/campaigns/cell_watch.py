"""Watches the servers of one cell, the harness and the host while the cell runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager

from basetype_benchmark.benchmark.monitoring.reading_log import ReadingLog
from basetype_benchmark.benchmark.monitoring.resource_use import HARNESS, HOST
from basetype_benchmark.benchmark.monitoring.sampling_thread import SamplingThread
from basetype_benchmark.benchmark.monitoring.source_recorder import MeteredSource
from basetype_benchmark.benchmark.resource_monitor import INTERVAL_NS, ResourceMonitor
from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.infrastructure.meters.host_meter import HostMeter
from basetype_benchmark.infrastructure.meters.own_process import OwnProcessMeter
from basetype_benchmark.infrastructure.meters.rapl import open_energy_meter
from basetype_benchmark.infrastructure.service import Service

OnReading = Callable[[str, str | None, Reading, int | None], None]
"""Hears of a source, the phase, what was read of the source, and its RAM limit in bytes."""


class CellWatch:
    """What is read of one cell, in one go or in several: all its times count from here."""

    def __init__(
        self,
        *,
        on_reading: OnReading | None = None,
        on_measured: Callable[[], object] = lambda: None,
        interval_ns: int = INTERVAL_NS,
        clock: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        self.log = ReadingLog(None if on_reading is None else self._tell)
        self._on_reading = on_reading
        self.measured = on_measured
        """Called when all is measured, before the servers are left."""
        self._limits: dict[str, int | None] = {}
        self._interval_ns = interval_ns
        self._clock = clock
        self._begin_ns = clock()

    @contextmanager
    def over(self, services: Mapping[str, Service]) -> Iterator[ResourceMonitor]:
        """Read these running servers while the context is open."""
        self._limits = {engine: service.ram_bytes for engine, service in services.items()}
        with ExitStack() as stack:
            sources = [
                MeteredSource(
                    name=engine,
                    meter=stack.enter_context(closing(service.open_meter())),
                    ram_bytes=service.ram_bytes,
                )
                for engine, service in services.items()
            ]
            harness = stack.enter_context(closing(OwnProcessMeter()))
            sources.append(MeteredSource(name=HARNESS, meter=harness))
            host = stack.enter_context(closing(HostMeter()))
            sources.append(MeteredSource(name=HOST, meter=host, has_executions=False))
            energy = stack.enter_context(closing(open_energy_meter()))
            monitor = ResourceMonitor(
                sources,
                log=self.log,
                energy=energy,
                interval_ns=self._interval_ns,
                clock=self._clock,
                begin_ns=self._begin_ns,
            )
            stack.enter_context(SamplingThread(monitor.read_due))
            yield monitor

    def _tell(self, source: str, phase: str | None, reading: Reading) -> None:
        if self._on_reading is not None:
            self._on_reading(source, phase, reading, self._limits.get(source))
