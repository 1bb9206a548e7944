"""A monitor over one made-up server, of which the test moves the clock."""

import pytest

from basetype_benchmark.benchmark.monitoring.resource_use import QueryUse, SourceUse
from basetype_benchmark.benchmark.monitoring.source_recorder import MeteredSource
from basetype_benchmark.benchmark.resource_monitor import ResourceMonitor
from tests.meters import FakeMeter, SetClock

INTERVAL_NS = 500


class Stage:
    """A monitor over one made-up server."""

    def __init__(self, meter: FakeMeter | None = None) -> None:
        self.clock = SetClock()
        self.meter = meter or FakeMeter()
        self.monitor = ResourceMonitor(
            [MeteredSource(name="postgresql", meter=self.meter, ram_bytes=1 << 30)],
            interval_ns=INTERVAL_NS,
            clock=self.clock,
        )

    def advance(self, ns: int) -> int:
        """Move the clock, and do what the thread would do then."""
        self.clock.now_ns += ns
        return self.monitor.read_due()

    def use(self, phase: str = "load") -> SourceUse:
        use = self.monitor.result().find(phase, "postgresql")
        assert use is not None
        return use

    def query(self, query: str) -> QueryUse:
        [use] = self.monitor.query_use(query)
        return use


@pytest.fixture
def stage() -> Stage:
    return Stage()
