import signal
import threading
from collections.abc import Iterator

import pytest

from basetype_benchmark.benchmark.monitoring.sampling_thread import NAME, SamplingThread
from basetype_benchmark.benchmark.monitoring.source_recorder import MeteredSource
from basetype_benchmark.benchmark.resource_monitor import ResourceMonitor
from tests.meters import FakeMeter

MS = 1_000_000


def sampling_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == NAME]


@pytest.fixture(autouse=True)
def _interrupts_are_heard() -> Iterator[None]:
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, previous)


class Reader:
    """Says when it has been called so many times."""

    def __init__(self, calls: int) -> None:
        self.calls = 0
        self.enough = threading.Event()
        self._wanted = calls

    def read_due(self) -> int:
        self.calls += 1
        if self.calls >= self._wanted:
            self.enough.set()
        return 1 * MS


def test_it_reads_again_and_again_and_ends_with_the_context() -> None:
    reader = Reader(calls=5)
    with SamplingThread(reader.read_due):
        assert len(sampling_threads()) == 1
        assert reader.enough.wait(30)
    assert sampling_threads() == []
    calls = reader.calls
    assert calls >= 5
    assert reader.calls == calls


def test_leaving_does_not_wait_for_the_next_reading() -> None:
    begun = threading.Event()

    def read_due() -> int:
        begun.set()
        return 10**15  # eleven days

    with SamplingThread(read_due):
        assert begun.wait(30)
    assert sampling_threads() == []


def fail_within(error: BaseException) -> None:
    with SamplingThread(lambda: MS):
        raise error


@pytest.mark.parametrize("error", [RuntimeError("no"), KeyboardInterrupt()])
def test_no_thread_is_left_after_an_error(error: BaseException) -> None:
    with pytest.raises(type(error)):
        fail_within(error)
    assert sampling_threads() == []


def interrupt_within() -> None:
    with SamplingThread(lambda: MS):
        signal.raise_signal(signal.SIGINT)


def test_no_thread_is_left_after_an_interrupt() -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupt_within()
    assert sampling_threads() == []


def test_an_interrupt_while_it_starts_leaves_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    def interrupted_start(self: threading.Thread) -> None:
        start(self)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(threading.Thread, "start", interrupted_start)
    with pytest.raises(KeyboardInterrupt):
        fail_within(AssertionError())
    assert sampling_threads() == []


def test_a_monitor_keeps_its_rate_in_real_time() -> None:
    meter = FakeMeter()
    monitor = ResourceMonitor([MeteredSource(name="x", meter=meter)], interval_ns=5 * MS)
    enough = threading.Event()

    def read_due() -> int:
        wait_ns = monitor.read_due()
        if len(monitor.log) > 20:
            enough.set()
        return wait_ns

    with SamplingThread(read_due), monitor.phase("load"):
        assert enough.wait(30)
    [phase] = monitor.result().phases
    [use] = phase.sources
    assert use.readings_taken >= 19
    assert abs(use.readings_expected - phase.elapsed_ns / (5 * MS)) < 2
