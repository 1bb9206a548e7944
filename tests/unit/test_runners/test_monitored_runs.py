"""What a monitor is told of a run, and what comes of it in the result."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from basetype_benchmark.benchmark.monitoring.source_recorder import MeteredSource
from basetype_benchmark.benchmark.resource_monitor import Monitor, NoMonitor, ResourceMonitor
from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.errors import ServerDied
from tests.fakes import FakeClock, FakeRunner, make_dataset, make_workload, right_answers
from tests.meters import FakeMeter
from tests.unit.test_runners.runs import PROTOCOL, fail_on, run, runner

__all__ = ["runner"]  # a fixture


class RecordingMonitor(NoMonitor):
    """Keeps what the runner tells it, in order."""

    def __init__(self) -> None:
        self.told: list[str] = []

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        self.told.append(f"begin {name}")
        try:
            yield
        finally:
            self.told.append(f"end {name}")

    def begin_execution(self, query: str) -> None:
        self.told.append("execute")

    def end_execution(self, query: str) -> None:
        self.told.append(query)

    @property
    def phases(self) -> list[str]:
        return [told.removeprefix("begin ") for told in self.told if told.startswith("begin ")]

    @property
    def executions(self) -> list[str]:
        return [told for told in self.told if " " not in told]


def watched(
    runner: FakeRunner, monitor: Monitor, protocol: Protocol = PROTOCOL, *, is_loaded: bool = False
) -> BenchmarkResult:
    return runner.run_benchmark(
        make_workload(runner.dataset.folder),
        protocol,
        shuffle_seed="42/1",
        clock=FakeClock(),
        monitor=monitor,
        is_loaded=is_loaded,
    )


def test_a_monitor_is_told_of_every_phase_and_every_measured_execution(runner: FakeRunner) -> None:
    monitor = RecordingMonitor()
    assert watched(runner, monitor).is_ok
    assert monitor.phases == ["clear", "load", "count", "warm-up", "measure"]
    begun, ended = monitor.executions[::2], monitor.executions[1::2]
    assert set(begun) == {"execute"}
    assert Counter(ended) == {"Q1": 2 * PROTOCOL.runs, "Q2": 2 * PROTOCOL.runs}
    within = monitor.told[monitor.told.index("begin measure") : monitor.told.index("end measure")]
    assert within[1:] == monitor.executions


def test_a_monitor_is_told_of_no_phase_that_does_not_take_place(runner: FakeRunner) -> None:
    monitor = RecordingMonitor()
    watched(runner, monitor, replace(PROTOCOL, warmup=0, runs=0))
    assert monitor.phases == ["clear", "load", "count"]
    monitor = RecordingMonitor()
    watched(runner, monitor, is_loaded=True)
    assert monitor.phases == ["count", "warm-up", "measure"]


def test_phases_end_when_the_server_dies(runner: FakeRunner) -> None:
    monitor = RecordingMonitor()
    runner.load_error = ServerDied("gone")
    watched(runner, monitor)
    assert monitor.told[-2:] == ["begin load", "end load"]


def test_a_failed_execution_ends_for_the_monitor_before_anything_is_recovered(
    tmp_path: Path,
) -> None:
    monitor = RecordingMonitor()
    workload = make_workload(tmp_path)

    class DyingRunner(FakeRunner):
        def recover(self) -> None:
            monitor.told.append("recover")
            super().recover()

    runner = DyingRunner(
        make_dataset(tmp_path),
        right_answers(workload),
        on_execute=fail_on("b01", ServerDied("gone"), execution=3),
    )
    watched(runner, monitor)
    assert runner.recoveries > 0
    for place in (i for i, told in enumerate(monitor.told) if told == "recover"):
        assert monitor.told[place - 2 : place] in (["execute", "Q1"], ["execute", "Q2"])


def test_what_was_used_is_in_the_result_by_query_and_phase(runner: FakeRunner) -> None:
    meter = FakeMeter()
    runner.on_execute = lambda building, _: meter.use(cpu_user_ns=10 if building == "b01" else 3)
    clock = FakeClock()
    sources = [MeteredSource(name="postgresql", meter=meter)]
    result = watched(runner, ResourceMonitor(sources, clock=clock, reading_share=float("inf")))
    for found in result.queries:
        [use] = found.resources
        assert (use.executions, use.cpu_ns) == (2 * PROTOCOL.runs, 13 * PROTOCOL.runs)
    measured = result.resources.find("measure", "postgresql")
    assert measured.cpu_user_ns == 2 * 13 * PROTOCOL.runs
    warmed = result.resources.find("warm-up", "postgresql")
    assert warmed.cpu_user_ns == 2 * 13 * PROTOCOL.warmup


def test_without_a_monitor_nothing_of_resources_is_in_the_result(runner: FakeRunner) -> None:
    result = run(runner)
    assert result.resources is None
    assert {found.resources for found in result.queries} == {()}
