"""The monitor without its thread: the test moves the clock and says what the meters read."""

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.benchmark.monitoring.source_recorder import MeteredSource
from basetype_benchmark.benchmark.resource_monitor import NO_MONITOR, ResourceMonitor
from basetype_benchmark.benchmark.resources import COUNTERS
from tests.meters import FakeMeter, SetClock
from tests.unit.benchmark.stage import INTERVAL_NS, Stage, stage

__all__ = ["stage"]  # a fixture


def test_a_phase_has_its_begin_its_end_and_what_was_used_in_between(stage: Stage) -> None:
    stage.meter.set(memory_bytes=100, cpu_user_ns=7000)
    stage.clock.now_ns = 40
    with stage.monitor.phase("load"):
        stage.meter.set(memory_bytes=300)
        stage.meter.use(cpu_user_ns=50, cpu_system_ns=20, read_bytes=4096, oom_kills=1)
        stage.clock.now_ns = 140
    stage.meter.use(cpu_user_ns=999)
    [phase] = stage.monitor.result().phases
    assert (phase.phase, phase.begin_ns, phase.elapsed_ns) == ("load", 40, 100)
    use = stage.use()
    assert (use.memory_begin_bytes, use.memory_end_bytes) == (100, 300)
    assert (use.cpu_user_ns, use.cpu_system_ns, use.cpu_ns) == (50, 20, 70)
    assert (use.read_bytes, use.written_bytes, use.oom_kills) == (4096, 0, 1)
    assert use.is_whole


def test_meters_and_limits_are_told(stage: Stage) -> None:
    [meter] = stage.monitor.result().meters
    assert (meter.source, meter.meter, meter.ram_bytes) == ("postgresql", "made up", 1 << 30)


def test_readings_come_at_a_fixed_rate_and_waiting_makes_up_for_what_reading_took(
    stage: Stage,
) -> None:
    assert stage.monitor.read_due() == INTERVAL_NS
    with stage.monitor.phase("load"):
        assert stage.advance(507) == INTERVAL_NS - 7
        assert stage.advance(INTERVAL_NS - 7) == INTERVAL_NS
        assert stage.advance(INTERVAL_NS + 499) == 1
    assert (stage.use().readings_expected, stage.use().readings_taken) == (3, 3)
    assert list(stage.monitor.log.columns()["t_ns"]) == [0, 507, 1000, 1999, 1999]


def test_a_sampler_that_falls_behind_shows_it(stage: Stage) -> None:
    with stage.monitor.phase("load"):
        stage.advance(500)
        stage.advance(4000)
    assert (stage.use().readings_expected, stage.use().readings_taken) == (9, 2)


def test_a_sampler_that_has_died_shows_it(stage: Stage) -> None:
    with stage.monitor.phase("load"):
        stage.clock.now_ns = 5100
    assert (stage.use().readings_expected, stage.use().readings_taken) == (10, 1)


def test_a_meter_that_fails_shows_it_and_the_others_go_on(stage: Stage) -> None:
    stage.meter.use(cpu_user_ns=10)
    with stage.monitor.phase("load"):
        stage.meter.use(cpu_user_ns=5)
        stage.advance(500)
        stage.meter.is_readable = False
        stage.advance(500)
        stage.advance(500)
    use = stage.use()
    assert (use.readings_expected, use.readings_taken) == (3, 1)
    assert not use.is_whole
    assert use.cpu_user_ns == 5
    assert use.memory_end_bytes is None
    assert use.memory_peak_is_exact is False


def test_a_meter_that_can_never_be_read_gives_none_and_no_zero(stage: Stage) -> None:
    stage.meter.is_readable = False
    with stage.monitor.phase("load"):
        stage.advance(1000)
    use = stage.use()
    assert {getattr(use, name) for name in COUNTERS} == {None}
    assert (use.memory_peak_bytes, use.memory_peak_is_exact) == (None, None)
    assert not use.is_whole
    assert use.readings_taken == 0


def test_a_source_made_anew_in_a_phase_is_counted_on(stage: Stage) -> None:
    stage.meter.use(cpu_user_ns=1000)
    with stage.monitor.phase("measure"):
        stage.meter.use(cpu_user_ns=30)
        stage.advance(500)
        stage.meter.begin_anew()
        stage.meter.use(cpu_user_ns=4)
    use = stage.use("measure")
    assert use.cpu_user_ns == 34
    assert use.counter_restarts == 1


def test_phases_do_not_nest(stage: Stage) -> None:
    inner = stage.monitor.phase("count")
    with stage.monitor.phase("load"), pytest.raises(ValueError, match="within another phase"):
        inner.__enter__()
    assert [phase.phase for phase in stage.monitor.result().phases] == ["load"]


@pytest.mark.parametrize("error", [RuntimeError("no"), KeyboardInterrupt()])
def test_a_phase_that_fails_is_measured_to_its_end(stage: Stage, error: BaseException) -> None:
    def fail() -> None:
        with stage.monitor.phase("load"):
            stage.meter.use(oom_kills=1)
            stage.clock.now_ns = 77
            raise error

    with pytest.raises(type(error)):
        fail()
    [phase] = stage.monitor.result().phases
    assert phase.elapsed_ns == 77
    assert stage.use().oom_kills == 1
    with stage.monitor.phase("count"):
        pass


def test_the_peak_of_a_phase_is_exact_where_the_kernel_watches(stage: Stage) -> None:
    stage.meter.set(memory_bytes=900)
    stage.meter.set(memory_bytes=100)
    with stage.monitor.phase("load"):
        stage.meter.set(memory_bytes=500)  # seen by no reading
        stage.meter.set(memory_bytes=120)
    use = stage.use()
    assert (use.memory_peak_bytes, use.memory_peak_is_exact) == (500, True)


def test_a_peak_that_cannot_be_reset_is_of_the_phase_in_which_it_rose(stage: Stage) -> None:
    stage.meter.can_reset = False
    stage.meter.set(memory_bytes=100)
    with stage.monitor.phase("load"):
        stage.meter.set(memory_bytes=500)
        stage.meter.set(memory_bytes=120)
    with stage.monitor.phase("measure"):
        stage.meter.set(memory_bytes=300)
        stage.advance(500)
        stage.meter.set(memory_bytes=130)
    load, measure = stage.use("load"), stage.use("measure")
    assert (load.memory_peak_bytes, load.memory_peak_is_exact) == (500, True)
    assert (measure.memory_peak_bytes, measure.memory_peak_is_exact) == (300, False)


def test_without_a_kernel_that_watches_the_peak_is_what_readings_saw() -> None:
    stage = Stage(FakeMeter(has_peak=False))
    with stage.monitor.phase("load"):
        stage.meter.set(memory_bytes=400)
        stage.advance(500)
        stage.meter.set(memory_bytes=10)
    use = stage.use()
    assert (use.memory_peak_bytes, use.memory_peak_is_exact) == (400, False)


def test_a_peak_that_began_anew_with_the_server_is_not_exact(stage: Stage) -> None:
    with stage.monitor.phase("measure"):
        stage.meter.set(memory_bytes=600)
        stage.advance(500)
        stage.meter.set(memory_bytes=50)
        stage.meter.begin_anew()
    use = stage.use("measure")
    assert (use.memory_peak_bytes, use.memory_peak_is_exact) == (600, False)


def test_parts_of_the_memory_have_their_most_and_their_end(stage: Stage) -> None:
    with stage.monitor.phase("load"):
        stage.meter.set(anonymous_bytes=30, file_bytes=5, kernel_bytes=2)
        stage.advance(500)
        stage.meter.set(anonymous_bytes=10, file_bytes=40, kernel_bytes=None)
    use = stage.use()
    assert (use.anonymous_peak_bytes, use.anonymous_end_bytes) == (30, 10)
    assert (use.file_peak_bytes, use.file_end_bytes) == (40, 40)
    assert (use.kernel_peak_bytes, use.kernel_end_bytes) == (2, None)


class Wrapping:
    """Energy that grows by a joule with every reading."""

    def __init__(self) -> None:
        self.reads = 0

    def read_uj(self) -> int:
        self.reads += 1
        return self.reads * 1_000_000

    def close(self) -> None: ...


def test_energy_is_by_phase_and_none_where_the_host_does_not_tell(stage: Stage) -> None:
    clock, energy = SetClock(), Wrapping()
    monitor = ResourceMonitor([], energy=energy, interval_ns=INTERVAL_NS, clock=clock)
    with monitor.phase("load"):
        assert monitor.read_due() == INTERVAL_NS  # reads in between: counters wrap around
    [phase] = monitor.result().phases
    assert (energy.reads, phase.package_energy_j) == (3, 2.0)
    with stage.monitor.phase("load"):
        pass
    assert stage.monitor.result().phases[0].package_energy_j is None


def test_times_count_from_the_begin_of_the_cell_over_all_its_goes() -> None:
    clock = SetClock(10_000)
    results = []
    for phase in ("load", "measure"):
        monitor = ResourceMonitor(
            [MeteredSource(name="x", meter=FakeMeter())],
            interval_ns=INTERVAL_NS,
            clock=clock,
            begin_ns=10_000,
        )
        clock.now_ns += 5_000
        with monitor.phase(phase):
            clock.now_ns += INTERVAL_NS
        results.append(monitor.result())
    joined = results[0].followed_by(results[1])
    assert [(p.phase, p.begin_ns) for p in joined.phases] == [("load", 5000), ("measure", 10_500)]
    assert joined.find("measure", "x").readings_expected == 1


def test_where_nobody_watches_nothing_is_told() -> None:
    with NO_MONITOR.phase("load"):
        NO_MONITOR.begin_execution("Q1")
        NO_MONITOR.end_execution("Q1")
    assert NO_MONITOR.result() is None
    assert NO_MONITOR.query_use("Q1") == ()


def test_readings_from_two_threads_lose_nothing() -> None:
    meter = FakeMeter()
    monitor = ResourceMonitor(
        [MeteredSource(name="x", meter=meter)], interval_ns=1000, reading_share=float("inf")
    )
    stop = threading.Event()

    def sample() -> None:
        while not stop.is_set():
            monitor.read_due()

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        with monitor.phase("measure"):
            for _ in range(2000):
                monitor.begin_execution("Q1")
                meter.use(cpu_user_ns=1)
                monitor.end_execution("Q1")
    finally:
        stop.set()
        thread.join()
    [use] = monitor.query_use("Q1")
    assert (use.executions, use.cpu_ns) == (2000, 2000)
    phase = monitor.result().find("measure", "x")
    assert phase.cpu_user_ns == 2000
    assert 0 < phase.readings_taken <= phase.readings_expected


steps = st.lists(
    st.one_of(
        st.integers(0, 2000).map(lambda ns: lambda stage: stage.advance(ns)),
        st.integers(0, 99).map(lambda n: lambda stage: stage.meter.use(cpu_user_ns=n)),
        st.integers(0, 99).map(lambda n: lambda stage: stage.meter.set(memory_bytes=n)),
    ),
    max_size=30,
)


@given(before=steps, within=steps)
def test_a_phase_tells_what_happened_in_it_and_nothing_else(
    before: list[Callable[[Stage], object]], within: list[Callable[[Stage], object]]
) -> None:
    stage = Stage()
    for step in before:
        step(stage)
    reading, begin_ns = stage.meter.read(), stage.clock.now_ns
    most = [reading.memory_bytes]
    with stage.monitor.phase("load"):
        for step in within:
            step(stage)
            most.append(stage.meter.read().memory_bytes)
    use, end_ns = stage.use(), stage.clock.now_ns
    assert use.cpu_user_ns == stage.meter.read().cpu_user_ns - reading.cpu_user_ns
    assert (use.memory_peak_bytes, use.memory_peak_is_exact) == (max(most), True)
    assert use.readings_expected == end_ns // INTERVAL_NS - begin_ns // INTERVAL_NS
    assert use.readings_taken <= use.readings_expected
