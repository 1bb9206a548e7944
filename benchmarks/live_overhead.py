"""What showing, logging and following a campaign costs its queries: all of it against nothing.

On a real PostgreSQL, a query of about 1 ms, in turns that alternate: one with a progress that is
drawn on a terminal, logged and written to ``live.json`` as in a campaign, one with none.

- Inside the clock: the ratio of the medians, with over without, and its bootstrap interval over the
  pairs. It must not be more than 1.01.
- From one execution to the next: the median of what it adds. This is nobody's latency.
- What one drawing, one writing of ``live.json``, one reading told and one word take.

    python -m benchmarks.live_overhead [--pairs 5000]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from benchmarks.harness_overhead import SQL, SQL_PARAMETERS, TIMEOUT_S, UNCOUNTED
from benchmarks.monitor_overhead import describe_load
from rich.console import Console
from tests.records import make_campaign

from basetype_benchmark.benchmark.campaign import CampaignRecord
from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, Journal
from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.benchmark.results_io import write_campaign
from basetype_benchmark.cli.live_view import LiveDisplay
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.progress import SILENT, Progress, Task
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.statement import BoundText, Statement
from basetype_benchmark.runners.measurement import timed_attempt
from basetype_benchmark.runners.postgres_session import PostgresSession
from basetype_benchmark.units import MIB
from basetype_benchmark.workflows.campaigns.campaign_log import CampaignLog
from basetype_benchmark.workflows.campaigns.heard_progress import HeardProgress
from basetype_benchmark.workflows.campaigns.live_status import write_live
from basetype_benchmark.workflows.campaigns.live_status_writer import LiveStatusWriter
from basetype_benchmark.workflows.campaigns.live_tracker import LiveTracker
from basetype_benchmark.workflows.campaigns.observers import TellAll

RATIO_LIMIT = 1.01
RESAMPLES = 2000
SEED = 20260101
READING = Reading(memory_bytes=100 * MIB, anonymous_bytes=50 * MIB)


@contextmanager
def watched(results_dir: Path) -> Iterator[tuple[Progress, dict[str, float]]]:
    """Give a progress with all that listens in a campaign, and what single steps take, in us."""
    record: CampaignRecord = make_campaign()
    folder = results_dir / record.campaign
    folder.mkdir(parents=True)
    write_campaign(folder, record)
    journal = Journal(folder / JOURNAL_FILE)
    journal.add(Event.OPENED)
    tracker = LiveTracker()
    with (
        Path("/dev/null").open("w") as nowhere,
        CampaignLog(results_dir) as log,
        LiveDisplay(
            Console(file=nowhere, force_terminal=True, width=80), results_dir, tracker
        ) as display,
    ):
        writer = LiveStatusWriter(results_dir, tracker)
        observer = TellAll([tracker, log, writer, display])
        observer.opened(record, {})
        journal.add(Event.CELL_STARTED, cell=record.cells[0].cell)
        observer.cell_started(record.cells[0].cell)

        def read() -> None:
            observer.cell_read("postgresql", "measure", READING, 512 * MIB)

        read()
        took = {
            "drawing": median_us(display._refresh),
            "writing live.json": median_us(lambda: write_live(folder, tracker.snapshot())),
            "telling a reading": median_us(read),
        }
        yield HeardProgress(SILENT, [tracker, log, writer, display]), took


def median_us(work: Callable[[], object], times: int = 300) -> float:
    taken = []
    for _ in range(times):
        begin_ns = time.perf_counter_ns()
        work()
        taken.append((time.perf_counter_ns() - begin_ns) / 1e3)
    return statistics.median(taken)


def measure(folder: Path, pairs: int) -> tuple[np.ndarray, np.ndarray, dict[str, float]]:
    """Give nanoseconds inside the clock and around it, by turn: without, with."""
    question, bound = find_question("Q6"), BoundText(text=SQL, parameters=SQL_PARAMETERS)
    statement = Statement(question=question, main=bound, series=None)
    inside, around = [], []
    with open_postgres(folder / "postgresql") as service:
        session = PostgresSession(service, timeout_s=TIMEOUT_S)
        session.open()
        with (
            closing(session),
            watched(folder / "results") as (progress, took),
            SILENT.task("queries", pairs, "executions") as unheard,
            progress.task("queries", pairs, "executions") as heard,
        ):

            def run(task: Task) -> tuple[int, int]:
                begin_ns = time.perf_counter_ns()
                task.on(question.id)
                attempt = timed_attempt(
                    lambda _: session.execute(question, bound), statement, time.perf_counter_ns
                )
                task.advance()
                return attempt.elapsed_ns, time.perf_counter_ns() - begin_ns

            took["a word to nobody"] = median_us(lambda: unheard.on("Q6"), 3000)
            took["a word to all"] = median_us(lambda: heard.on("Q6"), 3000)
            for turn in range(pairs + UNCOUNTED):
                tasks = (unheard, heard) if turn % 2 else (heard, unheard)
                found = {id(task): run(task) for task in tasks}
                inside.append([found[id(task)][0] for task in (unheard, heard)])
                around.append([found[id(task)][1] for task in (unheard, heard)])
    return np.array(inside[UNCOUNTED:]), np.array(around[UNCOUNTED:]), took


def ratio(inside: np.ndarray) -> tuple[float, float, float]:
    """Divide the medians, with over without; and the interval from resampled pairs."""
    rng = np.random.default_rng(SEED)
    resampled = []
    for _ in range(RESAMPLES):
        without, with_all = np.median(inside[rng.integers(0, len(inside), len(inside))], axis=0)
        resampled.append(with_all / without)
    without, with_all = np.median(inside, axis=0)
    low, high = np.percentile(resampled, (2.5, 97.5))
    return float(with_all / without), float(low), float(high)


def main() -> int:
    parser = argparse.ArgumentParser(description="What showing a campaign costs its queries.")
    parser.add_argument("--pairs", type=int, default=5000)
    pairs = parser.parse_args().pairs
    print(f"at the begin: {describe_load()}")
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        inside, around, took = measure(Path(name), pairs)
    for what, taken_us in took.items():
        print(f"{what:34}{taken_us:9.2f} us")
    value, low, high = ratio(inside)
    print(f"the query, with nothing           {np.median(inside[:, 0]) / 1e3:9.1f} us")
    print(f"inside the clock, with over without {value:.4f} ({low:.4f} to {high:.4f})")
    added_us = np.median(np.diff(around, axis=1)) / 1e3
    print(f"from one to the next              {added_us:+9.1f} us")
    print(f"at the end: {describe_load()}")
    return 0 if value <= RATIO_LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
