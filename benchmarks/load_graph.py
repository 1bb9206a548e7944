"""How close our loading comes to what Oxigraph can do with the same triples.

Side by side, each into an empty store of its own and in turns:

- ours: `OxigraphLoader`, from the Parquet to the last part accepted;
- bulk POST: the finished N-Triples in one HTTP request;
- offline: ``oxigraph load`` of the finished file, no server.

By default the graph alone, several times over; with ``--chunks`` one dataset with its series as
chunks. With ``--parts`` also the bulk POST cut into parts of several sizes, with the server's peak
memory: the sizes of the parts were chosen from this.

    python -m benchmarks.load_graph [--profile small-2d] [--copies 4 | --chunks] [--rounds 3]
        [--parts]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import DAY, EPOCH
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.dataset.writer import write_dataset
from basetype_benchmark.infrastructure.clients.sparql_client import SparqlClient
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.services.oxigraph import find_oxigraph_binary, open_oxigraph
from basetype_benchmark.loaders.base import check_counts
from basetype_benchmark.loaders.oxigraph import OxigraphLoader
from basetype_benchmark.loaders.oxigraph_parts import chunk_parts, graph_parts
from basetype_benchmark.progress import SILENT

PATIENCE_S = 3600.0
PART_TRIPLES = (20_000, 50_000, 100_000, 250_000, 1_000_000)
PART_BYTES = (2_000_000, 8_000_000, 16_000_000, 48_000_000)
ID_COLUMNS = ("id", "building_id", "floor_id", "space_id", "src_id", "dst_id")
TARGET = 0.70


def main() -> int:
    """Measure and print; 1 when our loader is below the target."""
    options = read_options()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        if options.chunks:
            dataset = generate_dataset(find_profile(options.profile), 42, place / "dataset")
        else:
            dataset = write_copies(place / "dataset", options.profile, options.copies)
        file = place / "dataset.nt"
        seconds = timed(lambda: write_triples(dataset, file, with_chunks=options.chunks))
        triples = sum(1 for _ in file.open("rb"))
        say(f"{triples:,} triples, {file.stat().st_size / 1e6:.0f} MB")
        say(f"{'writing N-Triples':<22}{seconds:8.2f} s {triples / seconds:>12,.0f} triples/s")
        rates = measure(place, dataset, file, triples, options)
        if options.parts and options.chunks:
            compare_chunk_parts(place, dataset)
        elif options.parts:
            compare_parts(place, file, triples)
    ratio = rates["ours"] / rates["bulk POST"]
    say(f"ours / bulk POST: {ratio:.0%} (target {TARGET:.0%})")
    return 0 if ratio >= TARGET else 1


def measure(
    place: Path, dataset: Dataset, file: Path, triples: int, options: argparse.Namespace
) -> Mapping[str, float]:
    """Give the median rate of each way, in triples per second."""
    ways: dict[str, Callable[[Path], float]] = {
        "ours": lambda store: load_ours(store, dataset, with_chunks=options.chunks),
        "bulk POST": lambda store: load_parts(store, [file.read_bytes()]),
        "offline": lambda store: load_offline(store, file),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(options.rounds):
        for name, load in ways.items():
            seconds[name].append(load(place / f"{name.replace(' ', '_')}_{turn}"))
    rates = {name: triples / statistics.median(values) for name, values in seconds.items()}
    for name, rate in rates.items():
        say(f"{name:<22}{triples / rate:8.2f} s {rate:>12,.0f} triples/s")
    return rates


def compare_parts(place: Path, file: Path, triples: int) -> None:
    """Print rate and peak memory of the server for each size of a part."""
    for size in PART_TRIPLES:
        with running(place / f"parts_{size}") as service:
            seconds = send(service, cut(file, size))
            peak_mib = peak_rss_kib(service) >> 10
        rate = triples / seconds
        say(f"parts of {size:>9,}    {seconds:8.2f} s {rate:>12,.0f} triples/s  {peak_mib} MiB")


def compare_chunk_parts(place: Path, dataset: Dataset) -> None:
    """Print the same for the chunks alone, by the size of a part in bytes."""
    for size in PART_BYTES:
        parts = [part.text for part in chunk_parts(dataset, size)]
        with running(place / f"parts_{size}") as service:
            seconds = send(service, iter(parts))
            peak_mib = peak_rss_kib(service) >> 10
        rate = sum(map(len, parts)) / seconds / 1e6
        biggest = max(map(len, parts)) / 1e6
        say(f"parts of {biggest:>5.1f} MB      {seconds:8.2f} s {rate:>9.1f} MB/s  {peak_mib} MiB")


def write_triples(dataset: Dataset, file: Path, *, with_chunks: bool) -> None:
    with file.open("wb") as sink:
        sink.writelines(part.text for part in graph_parts(dataset))
        if with_chunks:
            sink.writelines(part.text for part in chunk_parts(dataset))


def load_ours(store: Path, dataset: Dataset, *, with_chunks: bool) -> float:
    with running(store) as service:
        loader = OxigraphLoader(service, with_chunks=with_chunks)
        seconds = timed(lambda: loader.load(dataset, SILENT))
        check_counts("oxigraph", loader.count(), dataset.manifest.counts)
        say(f"ours: the server's memory peaked at {peak_rss_kib(service) >> 10} MiB")
    return seconds


def load_parts(store: Path, parts: list[bytes]) -> float:
    with running(store) as service:
        return send(service, iter(parts))


def load_offline(store: Path, file: Path) -> float:
    command = [find_oxigraph_binary(), "load", "--location", store, "--file", file]
    return timed(lambda: subprocess.run(command, check=True, capture_output=True))


@contextmanager
def running(store: Path) -> Iterator[Service]:
    store.mkdir()
    with open_oxigraph(store / "oxigraph") as service:
        yield service


def send(service: Service, parts: Iterator[bytes]) -> float:
    client = SparqlClient(service)
    seconds = 0.0
    for part in parts:
        start = time.perf_counter()
        client.add_triples(part, timeout_s=PATIENCE_S, doing="the bulk POST")
        seconds += time.perf_counter() - start
    client.close()
    return seconds


def cut(file: Path, size: int) -> Iterator[bytes]:
    lines: list[bytes] = []
    with file.open("rb") as source:
        for line in source:
            lines.append(line)
            if len(lines) == size:
                yield b"".join(lines)
                lines.clear()
    yield b"".join(lines)


def peak_rss_kib(service: Service) -> int:
    status = Path(f"/proc/{service.pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def write_copies(folder: Path, profile: str, copies: int) -> Dataset:
    """Write the graph of a profile several times over, as different sites, without a series."""
    graph = build_graph(find_profile(profile), seed=42)
    return write_dataset(
        folder,
        profile=profile,
        seed=42,
        start=EPOCH,
        end=EPOCH + DAY,
        graph=Graph(
            nodes=copy_table(graph.nodes, copies).sort_by("id"),
            edges=copy_table(graph.edges, copies).sort_by(
                [(name, "ascending") for name in ("rel_type", "src_id", "dst_id")]
            ),
            ghosts=(),
        ),
        series=(),
    )


def copy_table(table: pa.Table, copies: int) -> pa.Table:
    return pa.concat_tables(rename_ids(table, f"c{number:02d}.") for number in range(copies))


def rename_ids(table: pa.Table, prefix: str) -> pa.Table:
    for name in set(ID_COLUMNS) & set(table.column_names):
        renamed = pc.binary_join_element_wise(prefix, table[name], "")
        place = table.column_names.index(name)
        table = table.set_column(place, table.schema.field(name), renamed)
    return table


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Loading against the bare server.")
    parser.add_argument("--profile", default="small-2d")
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--chunks", action="store_true", help="the series too, as chunks")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parts", action="store_true", help="compare sizes of a part too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
