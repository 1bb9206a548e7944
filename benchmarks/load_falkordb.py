"""How close our loading of a property graph comes to what FalkorDB can take.

Side by side, each into an empty server of its own and in turns:

- ours: `FalkorDBLoader`, from the Parquet to the snapshot written;
- bulk: the same commands of FalkorDB's own bulk loader, all made before the clock starts: what the
  server can take, with nothing read or converted;
- UNWIND: ``UNWIND $rows ... CREATE``, as any client can, its texts made before the clock starts;
  for it the indexes come first, since it looks the ends of relationships up.

With ``--bulk-loader`` also that program itself (the package falkordb-bulk-loader, in an environment
of its own), on CSV files of the graph: it reads and converts as ours does, and is our measure.
With ``--batches`` also our loader with batches of several sizes: those it uses were chosen so. The
time of the server's CPU tells more than the clock where other work runs on the machine.

    python -m benchmarks.load_falkordb [--profile small-2d] [--copies 4] [--rounds 3] [--batches]
        [--bulk-loader .../bin/falkordb-bulk-insert]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pyarrow as pa
import redis
from benchmarks.load_graph import say, timed, write_copies
from pyarrow.csv import write_csv as write_table

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.clients.falkordb_client import GRAPH, SOCKET, connect, send
from basetype_benchmark.infrastructure.clients.falkordb_parameters import parameter_header
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.services.falkordb import open_falkordb
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.loaders import falkordb
from basetype_benchmark.loaders.base import check_counts
from basetype_benchmark.loaders.falkordb import (
    Batch,
    FalkorDBLoader,
    make_chunks,
    make_nodes,
    make_relationships,
)
from basetype_benchmark.loaders.property_graph import (
    CREATE_CHUNKS,
    chunk_batches,
    chunk_lists,
    create_nodes,
    create_relationships,
    node_batches,
    relationship_batches,
    row_lists,
)
from basetype_benchmark.progress import SILENT
from basetype_benchmark.units import NS_PER_S

PATIENCE_S = 3600.0
MANY = 1 << 40
UNWIND_ROWS = 5_000
UNWIND_SAMPLES = 50_000
TARGET = 0.70
ROWS = (1_000, 5_000, 20_000, 100_000)
SAMPLES = (10_000, 30_000, 100_000, 1_000_000)
PHASES = {"nodes": "nodes", "relationships": "relationships", "chunks": "samples"}


class Spent(NamedTuple):
    """What a phase took."""

    clock_s: float
    server_cpu_s: float

    def plus(self, other: Spent) -> Spent:
        return Spent(self.clock_s + other.clock_s, self.server_cpu_s + other.server_cpu_s)


Load = dict[str, Spent]
Way = Callable[[LocalService], Load]


def main() -> int:
    """Measure and print; 1 when our loader is below the target beside FalkorDB's own."""
    options = read_options()
    share = 1.0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        graph = write_copies(place / "graph", options.profile, options.copies)
        series = generate_dataset(find_profile(options.profile), 42, place / "series")
        compare(place / "g", graph, ("nodes", "relationships"), options.rounds)
        compare(place / "s", series, ("chunks",), options.rounds)
        if options.batches:
            compare_batches(place, graph, series)
        if options.bulk_loader:
            share = compare_with_program(place / "p", graph, options.bulk_loader, options.rounds)
    return 0 if share >= TARGET else 1


def compare(place: Path, dataset: Dataset, phases: tuple[str, ...], rounds: int) -> None:
    """Load by each way in turns, and print the medians of each phase."""
    place.mkdir()
    ways: dict[str, Way] = {
        "ours": lambda service: load_ours(service, dataset),
        "bulk": Sending(send_bulk, list(made_bulk(dataset))),
        "UNWIND": Sending(send_text, list(made_texts(dataset))),
    }
    loads: dict[str, list[Load]] = {name: [] for name in ways}
    for turn in range(rounds):
        for name, way in ways.items():
            with running(place / f"{name}{turn}") as service:
                loads[name].append(way(service))
                counted = FalkorDBLoader(service, with_chunks=True).count()
            check_counts("falkordb", counted, dataset.manifest.counts)
    for phase in phases:
        say(f"{items_of(dataset, phase):,} {PHASES[phase]}")
        for name, done in loads.items():
            say_phase(name, items_of(dataset, phase), [load[phase] for load in done])
    say("in all: " + ", ".join(f"{name} {total_s(done):.2f} s" for name, done in loads.items()))


def compare_with_program(place: Path, dataset: Dataset, program: Path, rounds: int) -> float:
    """Give how fast our loader is beside FalkorDB's own: 2 is twice as fast."""
    place.mkdir()
    files = write_csv(place, dataset)
    ours, its = [], []
    for turn in range(rounds):
        with running(place / f"ours{turn}") as service:
            load = FalkorDBLoader(service, with_chunks=False)
            ours.append(timed(partial(load.load, dataset, SILENT)))
        with running(place / f"its{turn}") as service:
            url = f"unix://{service.endpoint.host}/{SOCKET}"
            command = [program, GRAPH, "--server-url", url, *files]
            its.append(timed(partial(subprocess.run, command, check=True, capture_output=True)))
            counted = FalkorDBLoader(service, with_chunks=False).count()
        check_counts("falkordb", counted, dataset.manifest.counts)
    share = statistics.median(its) / statistics.median(ours)
    say(f"the whole graph: ours {statistics.median(ours):.2f} s, with indexes and snapshot")
    say(f"FalkorDB's bulk loader {statistics.median(its):.2f} s: ours is {share:.1f} times as fast")
    return share


def write_csv(place: Path, dataset: Dataset) -> list[str | Path]:
    """Write the files that the bulk loader reads; gives its arguments for them."""
    arguments: list[str | Path] = []
    for nodes in node_batches(dataset, rows=MANY):
        path = place / f"{nodes.label}.csv"
        write_table(without_lists(nodes.rows), path)
        arguments += ["-N", nodes.label, path]
    for number, found in enumerate(relationship_batches(dataset, rows=MANY)):
        path = place / f"{number}.csv"
        write_table(without_lists(found.rows), path)
        arguments += ["-R", found.relation, path]
    return arguments


def without_lists(rows: pa.Table) -> pa.Table:
    return rows.select([f.name for f in rows.schema if not pa.types.is_list(f.type)])


def say_phase(name: str, items: int, done: list[Spent]) -> None:
    clock_s = statistics.median(spent.clock_s for spent in done)
    line = f"  {name:<8}{items / clock_s:>13,.0f}/s"
    cpu_s = statistics.median(spent.server_cpu_s for spent in done)
    say(line + f"   server's CPU {cpu_s:.2f} s" if cpu_s else line)


def total_s(done: list[Load]) -> float:
    return statistics.median(sum(spent.clock_s for spent in load.values()) for load in done)


def items_of(dataset: Dataset, phase: str) -> int:
    counts = dataset.manifest.counts
    match phase:
        case "nodes":
            return sum(counts.nodes.values())
        case "relationships":
            return sum(counts.edges.values())
        case _:
            return counts.samples


def compare_batches(place: Path, graph: Dataset, series: Dataset) -> None:
    """Print our rates, and the server's peak memory, for each size of a batch."""
    for rows in ROWS:
        falkordb.NODE_ROWS = falkordb.RELATIONSHIP_ROWS = rows
        say_rates(f"{rows:,} rows", place / f"rows{rows}", graph, ("nodes", "relationships"))
    for samples in SAMPLES:
        falkordb.CHUNK_SAMPLES = samples
        say_rates(f"{samples:,} samples", place / f"samples{samples}", series, ("chunks",))


def say_rates(name: str, store: Path, dataset: Dataset, phases: tuple[str, ...]) -> None:
    with running(store) as service:
        load = FalkorDBLoader(service, with_chunks=True).load(dataset, SILENT)
        peak_mib = peak_rss_mib(service)
    seconds = {phase.name: phase.elapsed_ns / NS_PER_S for phase in load.phases}
    rates = "   ".join(
        f"{PHASES[phase]} {items_of(dataset, phase) / seconds[phase]:>11,.0f}/s" for phase in phases
    )
    say(f"batches of {name:>16}: {rates}   {peak_mib} MiB")


def load_ours(service: LocalService, dataset: Dataset) -> Load:
    load = FalkorDBLoader(service, with_chunks=True).load(dataset, SILENT)
    return {phase.name: Spent(phase.elapsed_ns / NS_PER_S, 0.0) for phase in load.phases}


def made_bulk(dataset: Dataset) -> Iterator[tuple[str, Batch]]:
    """Make all bulk commands, each with its phase."""
    numbers: dict[str, int] = {}
    for batch in make_nodes(dataset, numbers):
        yield "nodes", batch
    for batch in make_relationships(dataset, numbers):
        yield "relationships", batch
    for batch in make_chunks(dataset, numbers):
        yield "chunks", batch


def made_texts(dataset: Dataset) -> Iterator[tuple[str, bytes]]:
    """Make all statements with their rows, each with its phase."""
    for nodes in node_batches(dataset, rows=UNWIND_ROWS):
        yield "nodes", statement(create_nodes(nodes), row_lists(nodes.rows))
    for found in relationship_batches(dataset, rows=UNWIND_ROWS):
        yield "relationships", statement(create_relationships(found), row_lists(found.rows))
    for chunks in chunk_batches(dataset, samples=UNWIND_SAMPLES):
        yield "chunks", statement(CREATE_CHUNKS, chunk_lists(chunks))


def statement(text: str, rows: list[list[object]]) -> bytes:
    return parameter_header({"rows": rows}) + text.encode()


class Sending(NamedTuple):
    """Sends what was made before, and takes the time of each phase."""

    send_one: Callable[[redis.Redis, Any, bool], None]
    parts: list[tuple[str, Any]]

    def __call__(self, service: LocalService) -> Load:
        client = connect(service.endpoint, patience_s=PATIENCE_S)
        load: Load = {}
        index_first = self.send_one is send_text
        if index_first:
            load["indexes"] = spent(service, lambda: index(client, service))
        for number, (phase, part) in enumerate(self.parts):
            work = partial(self.send_one, client, part, number == 0)
            load[phase] = load.get(phase, Spent(0.0, 0.0)).plus(spent(service, work))
        if not index_first:
            load["indexes"] = spent(service, lambda: index(client, service))
        client.close()
        return load


def send_bulk(client: redis.Redis, batch: Batch, is_first: bool) -> None:
    begin = ("BEGIN",) if is_first else ()
    send(client, "GRAPH.BULK", GRAPH, *begin, *batch.arguments)


def send_text(client: redis.Redis, text: bytes, is_first: bool) -> None:
    send(client, "GRAPH.QUERY", GRAPH, text)


def spent(service: LocalService, work: Callable[[], object]) -> Spent:
    process = psutil.Process(service.pid)
    before, start = process.cpu_times(), time.perf_counter()
    work()
    clock_s, after = time.perf_counter() - start, process.cpu_times()
    return Spent(clock_s, after.user + after.system - before.user - before.system)


def index(client: redis.Redis, service: LocalService) -> None:
    for label in NodeType:
        send(client, "GRAPH.QUERY", GRAPH, f"CREATE INDEX FOR (n:{label}) ON (n.id)")
    wait_until("indexes", service.why_not_ready, deadline_s=PATIENCE_S, poll_s=0.002)


@contextmanager
def running(store: Path) -> Iterator[LocalService]:
    store.mkdir()
    with open_falkordb(store / "falkordb") as service:
        yield service


def peak_rss_mib(service: LocalService) -> int:
    status = Path(f"/proc/{service.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) >> 10


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Loading into FalkorDB against its bulk command.")
    parser.add_argument("--profile", default="small-2d")
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batches", action="store_true", help="compare sizes of a batch too")
    parser.add_argument("--bulk-loader", type=Path, help="its program, to compare with too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
