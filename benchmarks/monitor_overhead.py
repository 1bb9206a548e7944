"""What watching resources costs the queries: monitor on against off, on a real PostgreSQL.

- All queries of P1 on tiny-2d, in turns that alternate: one with the monitor as a campaign has it
  (its thread, a reading on both sides of every execution), one without. The figure is the ratio of
  the geometric means of the queries' medians, on over off, the median over all pairs of turns with
  its bootstrap interval. It must stay below 1.01.
- A query of about 1 ms: bare psycopg against our session under the monitor. What a latency in the
  results is longer than the bare one must stay below 5 % of 1 ms.
- What the timed reading of all sources takes, in the thread that does it.

    python -m benchmarks.monitor_overhead [--pairs 60] [--executions 3000]
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.harness_overhead import LIMIT_US, SQL, SQL_PARAMETERS, TIMEOUT_S, bare_postgres

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.benchmark.resource_monitor import NO_MONITOR, Monitor
from basetype_benchmark.benchmark.statistics import CONFIDENCE_PERCENT, geometric_mean
from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.generation.generate import generate_dataset
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import find_question, load_questions
from basetype_benchmark.queries.statement import BoundText, Statement, build_statement
from basetype_benchmark.runners.measurement import timed_attempt
from basetype_benchmark.runners.postgres_session import PostgresSession
from basetype_benchmark.workflows.cell_watch import CellWatch
from basetype_benchmark.workflows.placement import ServiceChoice
from basetype_benchmark.workflows.scenario import open_scenario
from basetype_benchmark.workflows.workload import build_workload

RATIO_LIMIT = 1.01
TURN_S = 1.2
RESAMPLES = 2000
UNCOUNTED = 100
SEED = 20260101

Latencies = Mapping[str, Sequence[int]]
"""Nanoseconds of one turn, by query."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A ratio and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.4f} ({self.low:.4f} to {self.high:.4f})"


class Bench:
    """The queries of a loaded scenario, run in turns with and without a monitor."""

    def __init__(
        self, execute: Callable[[Statement], Execution], statements: Sequence[Statement]
    ) -> None:
        self._execute = execute
        self._statements = list(statements)
        self._random = random.Random(SEED)
        self._passes = 1
        self.turn(NO_MONITOR)
        begin_ns = time.perf_counter_ns()
        self.turn(NO_MONITOR)
        self._passes = max(1, round(TURN_S * 1e9 / (time.perf_counter_ns() - begin_ns)))

    def turn(self, monitor: Monitor) -> Latencies:
        """Execute every query so many times, shuffled."""
        found: dict[str, list[int]] = defaultdict(list)
        for _ in range(self._passes):
            for statement in self._random.sample(self._statements, len(self._statements)):
                query = statement.question.id
                monitor.begin_execution()
                attempt = timed_attempt(self._execute, statement, time.perf_counter_ns)
                monitor.end_execution(query)
                assert attempt.execution is not None
                found[query].append(attempt.elapsed_ns)
        return found


def measure_ratio(dataset: Dataset, settings: Settings, pairs: int) -> Estimate:
    """Give the ratio of the geometric means of the medians, on over off."""
    scenario = SCENARIOS["P1"]
    work = build_workload(dataset, list(load_questions().values()), 1, SILENT).work
    statements = [
        build_statement(w.question, scenario, variant.parameters)
        for w in work
        for variant in w.variants
    ]
    with open_scenario(scenario, settings, dataset, ServiceChoice(), TIMEOUT_S) as running:
        running.runner.connect()
        running.runner.load_and_verify()
        bench = Bench(running.runner.execute, statements)
        turns = []
        for number in range(pairs):
            pair: dict[bool, Latencies] = {}
            for is_on in (True, False) if number % 2 else (False, True):
                watch = CellWatch().over(running.services) if is_on else nullcontext(NO_MONITOR)
                with watch as monitor, monitor.phase("measure"):
                    pair[is_on] = bench.turn(monitor)
            turns.append((pair[True], pair[False]))
        running.runner.disconnect()
    return estimate(turns)


def estimate(turns: Sequence[tuple[Latencies, Latencies]]) -> Estimate:
    """Give the median over the pairs of turns, and its interval from resampled pairs."""
    ratios = np.array([mean_of(on) / mean_of(off) for on, off in turns])
    picked = np.random.default_rng(SEED).integers(0, len(ratios), (RESAMPLES, len(ratios)))
    low, high = np.percentile(np.median(ratios[picked], axis=1), CONFIDENCE_PERCENT)
    return Estimate(value=float(np.median(ratios)), low=float(low), high=float(high))


def mean_of(turn: Latencies) -> float:
    """Give the geometric mean of the queries' medians in one turn."""
    mean = geometric_mean(statistics.median(latencies) for latencies in turn.values())
    assert mean is not None
    return mean


def measure_short_query(service: Service, executions: int) -> tuple[float, float, float]:
    """Give microseconds: a bare execution; what ours says more; and from one to the next more."""
    question, bound = find_question("Q6"), BoundText(text=SQL, parameters=SQL_PARAMETERS)
    statement = Statement(question=question, main=bound, series=None)
    session = PostgresSession(service, timeout_s=TIMEOUT_S)
    session.open()
    alone, said, around = [], [], []
    with (
        closing(session),
        bare_postgres(service.endpoint) as connection,
        CellWatch().over({"postgresql": service}) as monitor,
        monitor.phase("measure"),
    ):

        def run_bare() -> None:
            begin_ns = time.perf_counter_ns()
            with connection.cursor(binary=True) as cursor:
                cursor.execute(SQL, SQL_PARAMETERS).fetchall()
            alone.append(time.perf_counter_ns() - begin_ns)

        def run_ours() -> None:
            begin_ns = time.perf_counter_ns()
            monitor.begin_execution()
            attempt = timed_attempt(
                lambda _: session.execute(question, bound), statement, time.perf_counter_ns
            )
            monitor.end_execution(question.id)
            around.append(time.perf_counter_ns() - begin_ns)
            said.append(attempt.elapsed_ns)

        for turn in range(executions):
            for run in (run_bare, run_ours) if turn % 2 else (run_ours, run_bare):
                run()
    pairs = list(zip(alone, said, around, strict=True))[UNCOUNTED:]
    return (
        statistics.median(a for a, _, _ in pairs) / 1e3,
        statistics.median(s - a for a, s, _ in pairs) / 1e3,
        statistics.median(r - a for a, _, r in pairs) / 1e3,
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
    parser.add_argument("--pairs", type=int, default=60)
    parser.add_argument("--executions", type=int, default=3000)
    options = parser.parse_args()
    print(f"at the begin: {describe_load()}")
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o755)
        with open_postgres(home / "short" / "postgresql") as service:
            reading_us = measure_reading(service)
            alone_us, said_us, around_us = measure_short_query(service, options.executions)
        ratio = measure_ratio(make_dataset(home), Settings(home=home), options.pairs)
    print(f"one reading of all sources          {reading_us:8.1f} us")
    print(f"a short query, bare                 {alone_us:8.1f} us")
    print(f"  a latency in the results adds     {said_us:8.1f} us {said_us / 10:6.2f} % of 1 ms")
    print(
        f"  from one to the next adds         {around_us:8.1f} us {around_us / 10:6.2f} % of 1 ms"
    )
    print(f"P1 on tiny-2d, on over off          {ratio}")
    print(f"at the end: {describe_load()}")
    return 0 if said_us < LIMIT_US and ratio.value < RATIO_LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
