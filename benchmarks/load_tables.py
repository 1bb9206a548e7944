"""Loading the graph into PostgreSQL, P1 and P2, beside a bare binary COPY of the same rows.

The bare COPY is the most that the server can take: encoded rows wait in memory, the tables are
plain heaps made in the same transaction, and nothing follows. Ours starts at the Parquet files.
All go to the same server, in turns; the ratio is the median of the rounds' own. `--copies` repeats
the building under other ids, for a graph that is big enough to be timed.

Ours makes rows on one core while the server copies on another: where other work takes a core, that
cannot be seen. So a round waits, up to `--patience` seconds, for others to leave the machine idle,
and rounds that they left alone are reported apart; the ratio is theirs when there are any.

    python -m benchmarks.load_tables [--profile small-2d] [--copies 4] [--rounds 9] [--at-least 0.7]
        [--patience 5]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil
from benchmarks.load_graph import write_copies
from psycopg import sql

from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.clients.postgres_client import connect
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.loaders.base import StoreLoad, check_counts
from basetype_benchmark.loaders.postgres.arrow_copy import encode_copy
from basetype_benchmark.loaders.postgres.document import DOCUMENTS
from basetype_benchmark.loaders.postgres.graph_and_series import (
    ROWS_PER_PART,
    GraphLayout,
    PostgresLoader,
)
from basetype_benchmark.loaders.postgres.relational import RELATIONAL
from basetype_benchmark.progress import SILENT

LAYOUTS = (RELATIONAL, DOCUMENTS)

Encoded = dict[str, tuple[list[str], list[bytes]]]
"""By table: its columns, and the parts of its COPY."""

CALM_CORES = 0.2
"""A round is calm when others used no more of the CPU than this."""


class Round(NamedTuple):
    """One bare COPY, our load after it, and how many cores others used meanwhile."""

    bare_s: float
    load: StoreLoad
    others_cores: float

    @property
    def ours_s(self) -> float:
        return phase_s(self.load, "graph")

    @property
    def ratio(self) -> float:
        return self.bare_s / self.ours_s


def main() -> int:
    """Measure and print; 1 when a ratio is below what was asked for."""
    options = parse_options()
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        options.dataset = write_copies(Path(name) / "dataset", options.profile, options.copies)
        with open_postgres(Path(name) / "postgresql") as service:
            ratios = [measure(service, layout, options) for layout in LAYOUTS]
    return 0 if min(ratios) >= options.at_least else 1


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Loading of the graph against the bare server.")
    parser.add_argument("--profile", default="small-2d")
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--patience", type=float, default=5.0, help="seconds, for a calm machine")
    parser.add_argument("--at-least", type=float, default=0.7)
    return parser.parse_args()


def measure(service: LocalService, layout: GraphLayout, options: argparse.Namespace) -> float:
    """Print rates and phases of one layout; give its ratio to the bare COPY."""
    encoded = encode(layout, options.dataset)
    loader = PostgresLoader(service, layout)
    rounds = []
    for _ in range(options.rounds):
        loader.clear()
        await_calm(options.patience)
        others = OtherWork(service)
        bare_s = copy_bare(service, layout, encoded)
        load = loader.load(options.dataset, SILENT)
        rounds.append(Round(bare_s, load, others.cores()))
    check_counts(layout.scenario, loader.count(), options.dataset.manifest.counts)
    loader.clear()
    return report(layout, rounds)


def await_calm(patience_s: float) -> None:
    """Wait until the machine is nearly idle for half a second, or patience ends."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and psutil.cpu_percent(interval=0.5) > 15:
        pass


class OtherWork:
    """How many cores processes that are neither ours nor the server's use from now on."""

    def __init__(self, service: LocalService) -> None:
        self._server = psutil.Process(service.pid)
        self._start_s, self._others_s = time.perf_counter(), self._read_s()

    def cores(self) -> float:
        elapsed_s = time.perf_counter() - self._start_s
        return max(0.0, self._read_s() - self._others_s) / elapsed_s

    def _read_s(self) -> float:
        all_of_it = psutil.cpu_times()
        busy_s = sum(all_of_it[:8]) - all_of_it.idle - all_of_it.iowait
        return busy_s - time.process_time() - sum(map(cpu_s, self._processes()))

    def _processes(self) -> list[psutil.Process]:
        return [self._server, *self._server.children(recursive=True)]


def cpu_s(process: psutil.Process) -> float:
    """What a process used, and children that have ended; 0 when it has ended itself."""
    try:
        return sum(process.cpu_times()[:4])
    except psutil.NoSuchProcess:
        return 0.0


def encode(layout: GraphLayout, dataset: Dataset) -> Encoded:
    """Give all rows as the server takes them."""
    tables: Encoded = {}
    for filled in layout.rows(dataset):
        parts = encode_copy(filled.batches, filled.schema, ROWS_PER_PART)
        tables[filled.table] = (filled.schema.names, [part.data for part in parts])
    return tables


def copy_bare(service: Service, layout: GraphLayout, encoded: Encoded) -> float:
    """COPY them into heaps; give the seconds it took."""
    with connect(service.endpoint) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bare CASCADE")
        connection.execute("CREATE SCHEMA bare")
        connection.execute("SET search_path = bare")
        start = time.perf_counter()
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(layout.tables)
            for table, (columns, parts) in encoded.items():
                with cursor.copy(copy_statement(table, columns)) as copy:
                    for part in parts:
                        copy.write(part)
        return time.perf_counter() - start


def copy_statement(table: str, columns: list[str]) -> sql.Composed:
    """Write the COPY of a table."""
    return sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT binary)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


def report(layout: GraphLayout, rounds: list[Round]) -> float:
    """Print rates and ratios; give the ratio of the calm rounds, of all when there are none."""
    load = rounds[0].load
    rows = next(phase.items for phase in load.phases if phase.name == "graph") or 0
    print(f"{layout.scenario}: {rows:,} rows, bare binary COPY into heaps and our load in turns")
    calm = [one for one in rounds if one.others_cores <= CALM_CORES]
    report_rounds("all rounds", rounds, rows)
    report_rounds(f"calm rounds (others used at most {CALM_CORES:g} cores)", calm, rows)
    for name in ("graph schema", "graph", "graph keys and indexes"):
        print(f"  {name:<24} {statistics.median(phase_s(r.load, name) for r in rounds):8.3f} s")
    return statistics.median(one.ratio for one in calm or rounds)


def report_rounds(name: str, rounds: list[Round], rows: int) -> None:
    """Print the medians of some rounds."""
    print(f"  {len(rounds)} {name}" + (", medians" if rounds else ""))
    if not rounds:
        return
    bare_s = statistics.median(one.bare_s for one in rounds)
    ours_s = statistics.median(one.ours_s for one in rounds)
    ratios = sorted(one.ratio for one in rounds)
    others = statistics.median(one.others_cores for one in rounds)
    print(f"    bare {rows / bare_s:,.0f} rows/s, ours {rows / ours_s:,.0f} rows/s")
    print(f"    ours / bare, round by round: {statistics.median(ratios):.0%}", end="")
    print(f" ({ratios[0]:.0%} to {ratios[-1]:.0%}); others used {others:.1f} cores")


def phase_s(load: StoreLoad, name: str) -> float:
    """Seconds of one phase."""
    return next(phase.elapsed_ns for phase in load.phases if phase.name == name) / 1e9


if __name__ == "__main__":
    sys.exit(main())
