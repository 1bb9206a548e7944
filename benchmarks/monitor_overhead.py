"""What watching resources costs the queries: monitor on against off, on a real PostgreSQL.

- All queries of P1 on tiny-2d, in passes that alternate: one with the monitor as a campaign has it
  (its thread, a reading on both sides of every execution), one without. The figure is the ratio of
  the geometric means of the queries' medians, on over off, with a bootstrap interval over the pairs
  of passes. It must stay below 1.01.
- A query of about 1 ms: bare psycopg against our session under the monitor. What a latency in the
  results is longer than the bare one must stay below 5 % of 1 ms.
- What the timed reading of all sources takes, in the thread that does it.

    python -m benchmarks.monitor_overhead [--pairs 1500] [--executions 5000]
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.harness_overhead import LIMIT_US, SQL, SQL_PARAMETERS, TIMEOUT_S, bare_postgres

from basetype_benchmark.benchmark.monitoring.resource_use import QueryUse
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.resource_monitor import NO_MONITOR, Monitor, ResourceMonitor
from basetype_benchmark.benchmark.statistics import CONFIDENCE_PERCENT
from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.generation.generate import generate_dataset
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import find_question, load_questions
from basetype_benchmark.queries.statement import BoundText, Statement, build_statement
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.runners.measurement import Measurement, Trial, timed_attempt
from basetype_benchmark.runners.postgres_session import PostgresSession
from basetype_benchmark.runners.workload import Workload
from basetype_benchmark.workflows.campaigns.cell_watch import CellWatch
from basetype_benchmark.workflows.placement import ServiceChoice
from basetype_benchmark.workflows.scenario import open_scenario
from basetype_benchmark.workflows.workload import build_workload

RATIO_LIMIT = 1.01
WARMUP = 5
ONE_RUN = Protocol(warmup=0, runs=1, variants=1)
RESAMPLES = 2000
UNCOUNTED = 100
SEED = 20260101

Latencies = Mapping[str, int]
"""Nanoseconds of one pass, by query."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A ratio and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.4f} ({self.low:.4f} to {self.high:.4f})"


class StoppableClock:
    """Runs while the monitor is on, so that its thread reads as often in that time as ever."""

    def __init__(self) -> None:
        self._passed_ns = 0
        self._begin_ns: int | None = None

    def __call__(self) -> int:
        begin_ns = self._begin_ns
        return self._passed_ns + (0 if begin_ns is None else time.perf_counter_ns() - begin_ns)

    @contextmanager
    def running(self) -> Iterator[None]:
        self._begin_ns = time.perf_counter_ns()
        try:
            yield
        finally:
            passed_ns, self._begin_ns = self(), None
            self._passed_ns = passed_ns


class WithinOnePhase:
    """Tells a monitor of executions alone: that of the whole bench is open already."""

    def __init__(self, monitor: ResourceMonitor) -> None:
        self.begin_execution = monitor.begin_execution
        self.end_execution = monitor.end_execution

    def phase(self, name: str) -> AbstractContextManager[None]:
        return nullcontext()

    def result(self) -> None:
        return None

    def query_use(self, query: str) -> tuple[QueryUse, ...]:
        return ()


class Bench:
    """The queries of a loaded scenario, measured as in a campaign, once each per pass."""

    def __init__(self, runner: BenchmarkRunner, workload: Workload) -> None:
        self._runner = runner
        self._trials = [
            Trial(
                question=work.question,
                expected=expected,
                statement=build_statement(work.question, runner.scenario, expected.parameters),
            )
            for work in workload.work
            for expected in work.variants
        ]
        self._passes = 0

    def run_pass(self, monitor: Monitor) -> Latencies:
        self._passes += 1
        measurement = Measurement(
            execute=self._runner.execute,
            recover=self._runner.recover,
            trials=self._trials,
            clock=time.perf_counter_ns,
            monitor=monitor,
        )
        measurement.run(ONE_RUN, f"{SEED}/{self._passes}", SILENT)
        samples = [trial.samples.pop() for trial in self._trials]
        assert {sample.outcome for sample in samples} == {Outcome.OK}
        return {sample.query: sample.elapsed_ns or 0 for sample in samples}


def measure_ratio(dataset: Dataset, settings: Settings, pairs: int) -> Estimate:
    """Give the ratio of the geometric means of the medians, on over off."""
    workload = build_workload(dataset, list(load_questions().values()), 1, SILENT)
    clock = StoppableClock()
    found: list[tuple[Latencies, Latencies]] = []
    with open_scenario(SCENARIOS["P1"], settings, dataset, ServiceChoice(), TIMEOUT_S) as running:
        running.runner.connect()
        running.runner.load_and_verify()
        bench = Bench(running.runner, workload)
        for _ in range(WARMUP):
            bench.run_pass(NO_MONITOR)
        with CellWatch(clock=clock).over(running.services) as monitor, monitor.phase("measure"):
            on = WithinOnePhase(monitor)
            for number in range(pairs):
                pair: dict[bool, Latencies] = {}
                for is_on in (True, False) if number % 2 else (False, True):
                    with clock.running() if is_on else nullcontext():
                        pair[is_on] = bench.run_pass(on if is_on else NO_MONITOR)
                found.append((pair[True], pair[False]))
        running.runner.disconnect()
    use = monitor.result().find("measure", "postgresql")
    assert use is not None
    print(f"timed readings: {use.readings_taken} of {use.readings_expected}")
    return estimate(found)


def estimate(pairs: Sequence[tuple[Latencies, Latencies]]) -> Estimate:
    """Give the ratio over all pairs, and its interval from resampled pairs."""
    queries = list(pairs[0][0])
    on, off = (np.array([[pair[side][q] for q in queries] for pair in pairs]) for side in (0, 1))
    rng = np.random.default_rng(SEED)
    resampled = [
        ratio_of(on[picked], off[picked])
        for picked in rng.integers(0, len(pairs), (RESAMPLES, len(pairs)))
    ]
    low, high = np.percentile(resampled, CONFIDENCE_PERCENT)
    return Estimate(value=ratio_of(on, off), low=float(low), high=float(high))


def ratio_of(on: npt.NDArray[np.int64], off: npt.NDArray[np.int64]) -> float:
    """Divide the geometric means of the columns' medians."""
    return float(np.exp(np.log(np.median(on, axis=0) / np.median(off, axis=0)).mean()))


@dataclass(frozen=True, kw_only=True)
class ShortQuery:
    """Microseconds of a query of about 1 ms, medians; what is added is over the bare way."""

    bare: float
    said_off: float
    said_on: float
    around_on: float


def measure_short_query(service: Service, executions: int) -> ShortQuery:
    """Execute it in turns: bare, by our session without the monitor, and with it."""
    question, bound = find_question("Q6"), BoundText(text=SQL, parameters=SQL_PARAMETERS)
    statement = Statement(question=question, main=bound, series=None)
    session = PostgresSession(service, timeout_s=TIMEOUT_S)
    session.open()
    with (
        closing(session),
        bare_postgres(service.endpoint) as connection,
        CellWatch().over({"postgresql": service}) as watching,
        watching.phase("measure"),
    ):

        def run_bare() -> tuple[int, int]:
            begin_ns = time.perf_counter_ns()
            with connection.cursor(binary=True) as cursor:
                cursor.execute(SQL, SQL_PARAMETERS).fetchall()
            elapsed_ns = time.perf_counter_ns() - begin_ns
            return elapsed_ns, elapsed_ns

        def run_ours(monitor: Monitor) -> tuple[int, int]:
            begin_ns = time.perf_counter_ns()
            monitor.begin_execution(question.id)
            attempt = timed_attempt(
                lambda _: session.execute(question, bound), statement, time.perf_counter_ns
            )
            monitor.end_execution(question.id)
            return attempt.elapsed_ns, time.perf_counter_ns() - begin_ns

        ways: dict[str, Callable[[], tuple[int, int]]] = {
            "bare": run_bare,
            "off": lambda: run_ours(NO_MONITOR),
            "on": lambda: run_ours(watching),
        }
        order, stream = list(ways), random.Random(SEED)
        turns = []
        for _ in range(executions):
            turns.append({way: ways[way]() for way in stream.sample(order, len(order))})
    said = {way: np.array([turn[way][0] for turn in turns[UNCOUNTED:]]) / 1e3 for way in ways}
    around = np.array([turn["on"][1] for turn in turns[UNCOUNTED:]]) / 1e3
    return ShortQuery(
        bare=float(np.median(said["bare"])),
        said_off=float(np.median(said["off"] - said["bare"])),
        said_on=float(np.median(said["on"] - said["bare"])),
        around_on=float(np.median(around - said["bare"])),
    )


def measure_reading(service: Service, times: int = 500) -> float:
    """Give microseconds: one timed reading of the server, the harness and the host."""
    with CellWatch(interval_ns=10**15).over({"postgresql": service}) as monitor:
        elapsed = []
        for _ in range(times):
            with monitor.phase("read"):
                begin_ns = time.perf_counter_ns()
            # Leaving a phase reads all sources once, and resets nothing.
            elapsed.append(time.perf_counter_ns() - begin_ns)
    return statistics.median(elapsed) / 1e3


def make_dataset(home: Path) -> Dataset:
    return generate_dataset(
        find_profile("tiny-2d"), 42, home / "datasets" / "tiny-2d_seed42", workers=1
    )


def describe_load() -> str:
    return f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} CPUs"


def main() -> int:
    parser = argparse.ArgumentParser(description="What watching resources costs the queries.")
    parser.add_argument("--pairs", type=int, default=1500)
    parser.add_argument("--executions", type=int, default=5000)
    options = parser.parse_args()
    print(f"at the begin: {describe_load()}")
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o755)
        with open_postgres(home / "short" / "postgresql") as service:
            reading_us = measure_reading(service)
            short = measure_short_query(service, options.executions)
        ratio = measure_ratio(make_dataset(home), Settings(home=home), options.pairs)
    print(f"one reading of all sources              {reading_us:8.1f} us")
    print(f"a short query, bare                     {short.bare:8.1f} us")
    for what, added_us in (
        ("a latency in the results, monitor off", short.said_off),
        ("a latency in the results, monitor on", short.said_on),
        ("from one to the next, monitor on", short.around_on),
    ):
        print(f"  {what:37} {added_us:+8.1f} us {added_us / 10:+6.2f} % of 1 ms")
    print(f"P1 on tiny-2d, on over off                {ratio}")
    print(f"at the end: {describe_load()}")
    return 0 if short.said_on < LIMIT_US and ratio.value < RATIO_LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
