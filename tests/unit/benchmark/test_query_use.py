"""What the executions of one query used, of all that a phase did."""

import pytest

from basetype_benchmark.benchmark.monitoring.reading_budget import LEAST_READ
from basetype_benchmark.benchmark.monitoring.source_recorder import SLOW_NS, MeteredSource
from basetype_benchmark.benchmark.resource_monitor import ResourceMonitor
from basetype_benchmark.benchmark.resources import Reading
from tests.meters import FakeMeter, SetClock
from tests.unit.benchmark.stage import Stage, stage

__all__ = ["stage"]  # a fixture


def test_the_cost_of_a_query_is_known_although_executions_are_shuffled(stage: Stage) -> None:
    with stage.monitor.phase("measure"):
        for query, cpu_ns, memory_bytes in (("Q1", 10, 5), ("Q2", 1000, 90), ("Q1", 14, 7)):
            stage.monitor.begin_execution(query)
            stage.meter.use(cpu_user_ns=cpu_ns, cpu_system_ns=1, read_bytes=cpu_ns * 2)
            stage.meter.set(memory_bytes=memory_bytes)
            stage.monitor.end_execution(query)
            stage.meter.use(cpu_user_ns=77)  # between executions: nobody's
    first, second = stage.query("Q1"), stage.query("Q2")
    assert (first.executions, first.cpu_ns, first.read_bytes) == (2, 26, 48)
    assert (second.executions, second.cpu_ns, second.read_bytes) == (1, 1001, 2000)
    assert stage.use("measure").cpu_user_ns == 10 + 1000 + 14 + 3 * 77


def test_memory_seen_while_a_query_ran_counts_for_it(stage: Stage) -> None:
    with stage.monitor.phase("measure"):
        stage.monitor.begin_execution("Q1")
        stage.meter.set(memory_bytes=800)
        stage.advance(500)
        stage.meter.set(memory_bytes=20)
        stage.monitor.end_execution("Q1")
        stage.monitor.begin_execution("Q2")
        stage.monitor.end_execution("Q2")
    assert stage.query("Q1").memory_peak_bytes == 800
    assert stage.query("Q2").memory_peak_bytes == 20


def test_an_execution_after_which_nothing_can_be_read_is_not_counted(stage: Stage) -> None:
    with stage.monitor.phase("measure"):
        stage.monitor.begin_execution("Q1")
        stage.meter.is_readable = False
        stage.monitor.end_execution("Q1")
    use = stage.query("Q1")
    assert (use.executions, use.cpu_ns, use.read_bytes) == (0, None, None)


def test_a_counter_that_the_host_lacks_is_none_for_a_query_too() -> None:
    stage = Stage(FakeMeter(Reading(memory_bytes=1, cpu_user_ns=0, cpu_system_ns=0)))
    stage.monitor.begin_execution("Q1")
    stage.meter.use(cpu_user_ns=3)
    stage.monitor.end_execution("Q1")
    use = stage.query("Q1")
    assert (use.executions, use.cpu_ns, use.read_bytes) == (1, 3, None)


def test_a_query_that_was_never_executed_used_nothing_that_was_measured(stage: Stage) -> None:
    use = stage.query("Q9")
    assert (use.executions, use.cpu_ns, use.memory_peak_bytes) == (0, None, None)


def test_a_slow_meter_is_not_read_for_every_execution() -> None:
    clock, meter = SetClock(), FakeMeter()

    class SlowMeter(FakeMeter):
        def read_counters(self) -> Reading:
            clock.now_ns += SLOW_NS
            return super().read_counters()

    slow = SlowMeter()
    sources = [
        MeteredSource(name="slow", meter=slow),
        MeteredSource(name="fast", meter=meter),
        MeteredSource(name="host", meter=FakeMeter(), has_executions=False),
    ]
    monitor = ResourceMonitor(sources, clock=clock)
    with monitor.phase("measure"):
        monitor.begin_execution("Q1")
        monitor.end_execution("Q1")
    assert {u.source: u.executions for u in monitor.query_use("Q1")} == {"slow": 0, "fast": 1}
    assert monitor.result().find("measure", "slow").is_whole


def executed(stage: Stage, query: str, *, times: int, took_ns: int, reading_ns: int) -> int:
    """Execute a query with a meter that takes some time; give how often it was read."""

    class TimedMeter(FakeMeter):
        def read_counters(self) -> Reading:
            stage.clock.now_ns += reading_ns
            return super().read_counters()

    source = MeteredSource(name="x", meter=TimedMeter())
    monitor = ResourceMonitor([source], clock=stage.clock, reading_share=0.01)
    for _ in range(times):
        monitor.begin_execution(query)
        stage.clock.now_ns += took_ns
        monitor.end_execution(query)
    [use] = monitor.query_use(query)
    return use.executions


def test_reading_takes_no_more_of_a_querys_time_than_its_share(stage: Stage) -> None:
    often = executed(stage, "long", times=100, took_ns=100_000, reading_ns=500)
    now_and_then = executed(stage, "short", times=1000, took_ns=1_000, reading_ns=50)
    assert often == 100
    assert now_and_then == pytest.approx(1000 * 0.01 * 1_000 / (2 * 50), abs=2)


def test_of_the_shortest_query_some_executions_are_read(stage: Stage) -> None:
    assert executed(stage, "shortest", times=50, took_ns=1, reading_ns=1000) == LEAST_READ


def test_a_meter_that_was_slow_for_once_is_read_for_every_execution() -> None:
    clock = SetClock()

    class HaltedMeter(FakeMeter):
        def read_counters(self) -> Reading:
            clock.now_ns += SLOW_NS if self.reads == 0 else 1
            return super().read_counters()

    monitor = ResourceMonitor([MeteredSource(name="x", meter=HaltedMeter())], clock=clock)
    monitor.begin_execution("Q1")
    monitor.end_execution("Q1")
    assert [use.executions for use in monitor.query_use("Q1")] == [1]
