"""How close our loading of a property graph comes to ArcadeDB's own bulk path.

Side by side, each into an empty server of its own and in turns:

- ours: `BoltLoader`, from the Parquet to all of it stored, indexes included;
- bulk: the server's batch endpoint over HTTP, its bodies all made before the clock starts; then the
  same indexes.

With ``--batches`` also our loader with batches of several sizes: those it uses were chosen so. The
time of the server's CPU tells more than the clock where other work runs on the machine.

    python -m benchmarks.load_arcadedb [--profile small-2d] [--rounds 3] [--batches]
"""

from __future__ import annotations

import argparse
import base64
import http.client
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import psutil
from benchmarks.load_graph import say

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.clients.bolt_client import BoltClient
from basetype_benchmark.infrastructure.clients.bolt_dialect import BoltDialect
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.services.arcadedb import ARCADEDB, open_arcadedb
from basetype_benchmark.loaders.base import check_counts
from basetype_benchmark.loaders.bolt import BoltLoader
from basetype_benchmark.loaders.property_graph import (
    CHUNK_LABEL,
    HAS_CHUNK,
    chunk_batches,
    chunk_lists,
    node_batches,
    relationship_batches,
)
from basetype_benchmark.progress import SILENT

PATIENCE_S = 3600.0
TARGET = 0.70
EVERYTHING = 1 << 40
BULK_SAMPLES = 300_000
ROWS = (1_000, 5_000, 10_000, 50_000)
SAMPLES = (10_000, 50_000, 200_000, 800_000)


class Spent(NamedTuple):
    """What a load took."""

    graph_s: float
    samples_s: float
    server_cpu_s: float


def main() -> int:
    """Measure and print; 1 when our loader is below the target beside the bulk path."""
    options = read_options()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        dataset = generate_dataset(find_profile(options.profile), 42, place / "dataset")
        if options.batches:
            compare_batches(place, dataset)
            return 0
        share = compare(place, dataset, options.rounds)
    return 0 if share >= TARGET else 1


def compare(place: Path, dataset: Dataset, rounds: int) -> float:
    """Give how fast our loader is beside the bulk path: 1 is as fast."""
    bulk = Bulk(dataset)
    ours, its = [], []
    for turn in range(rounds):
        ours.append(run(place / f"ours{turn}", dataset, lambda s: load_ours(s, dataset, ARCADEDB)))
        its.append(run(place / f"bulk{turn}", dataset, bulk.load))
    counts = dataset.manifest.counts
    edges, nodes = sum(counts.edges.values()), sum(counts.nodes.values())
    say(f"{nodes:,} nodes and {edges:,} relationships, then {counts.samples:,} samples")
    for name, spent in (("ours", ours), ("bulk", its)):
        graph_s, samples_s, cpu_s = (statistics.median(part) for part in zip(*spent, strict=True))
        say(
            f"{name}: {graph_s:.2f} s ({(nodes + edges) / graph_s:,.0f}/s), then {samples_s:.2f} s "
            f"({counts.samples / samples_s:,.0f} samples/s); server CPU {cpu_s:.1f} s"
        )
    clock, cpu = share_of(ours, its, whole_s), share_of(ours, its, lambda s: s.server_cpu_s)
    say(f"ours reaches {clock:.0%} of the bulk path by the clock, {cpu:.0%} by the server's CPU")
    return clock


def compare_batches(place: Path, dataset: Dataset) -> None:
    """Load with batches of several sizes, each into a server of its own."""
    for rows, samples in zip(ROWS, SAMPLES, strict=True):
        dialect = replace(ARCADEDB, rows_per_batch=rows, samples_per_batch=samples)
        spent = run(place / f"rows{rows}", dataset, lambda s, d=dialect: load_ours(s, dataset, d))
        say(f"batches of {rows:,} rows and {samples:,} samples: {spent}")


def run(place: Path, dataset: Dataset, load: Callable[[LocalService], Spent]) -> Spent:
    """Load into an empty server, and see that it holds everything."""
    with open_arcadedb(place, query_timeout_s=PATIENCE_S) as service:
        spent = load(service)
        counted = BoltLoader(service, ARCADEDB, with_chunks=True).count()
    check_counts("arcadedb", counted, dataset.manifest.counts)
    return spent


def load_ours(service: LocalService, dataset: Dataset, dialect: BoltDialect) -> Spent:
    """Load by our loader."""
    before = cpu_s(service)
    phases = BoltLoader(service, dialect, with_chunks=True).load(dataset, SILENT).phases
    seconds = {phase.name: phase.elapsed_ns / 1e9 for phase in phases}
    samples_s = seconds.pop("samples")
    return Spent(sum(seconds.values()), samples_s, cpu_s(service) - before)


class Bulk:
    """The bodies of the batch endpoint, made once."""

    def __init__(self, dataset: Dataset) -> None:
        self._graph = b"\n".join([*made_nodes(dataset), *made_relationships(dataset)])
        self._chunks = [
            chunk_lists(batch) for batch in chunk_batches(dataset, samples=BULK_SAMPLES)
        ]

    def load(self, service: LocalService) -> Spent:
        """Send them, and index the ids."""
        before, begin = cpu_s(service), time.perf_counter()
        create_types(service)
        ids = post(service, "batch", self._graph)["idMapping"]
        create_indexes(service)
        middle = time.perf_counter()
        graph_s, samples_s = middle - begin, 0.0
        for chunks in self._chunks:
            body = made_chunks(chunks, ids)
            begin = time.perf_counter()
            post(service, "batch", body)
            samples_s += time.perf_counter() - begin
        return Spent(graph_s, samples_s, cpu_s(service) - before)


def made_nodes(dataset: Dataset) -> Iterator[bytes]:
    for nodes in node_batches(dataset, rows=EVERYTHING):
        for row in nodes.rows.to_pylist():
            own = {name: value for name, value in row.items() if value is not None}
            yield orjson.dumps({"@type": "vertex", "@class": nodes.label, "@id": row["id"], **own})


def made_relationships(dataset: Dataset) -> Iterator[bytes]:
    for found in relationship_batches(dataset, rows=EVERYTHING):
        for row in found.rows.to_pylist():
            ends = {"@from": row.pop("src_id"), "@to": row.pop("dst_id")}
            own = {name: value for name, value in row.items() if value is not None}
            yield orjson.dumps({"@type": "edge", "@class": found.relation, **ends, **own})


def made_chunks(chunks: list[list[Any]], ids: dict[str, str]) -> bytes:
    names = ("point_id", "day", "n", "timestamps", "values")
    nodes = (
        orjson.dumps(
            {"@type": "vertex", "@class": CHUNK_LABEL, "@id": f"c{place}"}
            | dict(zip(names, chunk, strict=True))
        )
        for place, chunk in enumerate(chunks)
    )
    edges = (
        orjson.dumps(
            {"@type": "edge", "@class": HAS_CHUNK, "@from": ids[chunk[0]], "@to": f"c{place}"}
        )
        for place, chunk in enumerate(chunks)
    )
    return b"\n".join([*nodes, *edges])


def create_types(service: LocalService) -> None:
    """Name the types first: the batch endpoint knows none by itself."""
    vertices = [f"CREATE VERTEX TYPE {name}" for name in (*NodeType, CHUNK_LABEL)]
    edges = [f"CREATE EDGE TYPE {name}" for name in (*Relation, HAS_CHUNK)]
    for command in (*vertices, *edges):
        post(service, "command", orjson.dumps({"language": "sql", "command": command}))


def create_indexes(service: LocalService) -> None:
    client = BoltClient(service, ARCADEDB)
    for label in NodeType:
        for text in ARCADEDB.create_indexes(label):
            client.run(text, timeout_s=PATIENCE_S)
    client.close()


def post(service: LocalService, action: str, body: bytes) -> Any:
    """Send one body to the HTTP interface, whose port only the process tells."""
    endpoint = service.endpoint
    listening = psutil.Process(service.pid).net_connections("tcp")
    ports = {c.laddr.port for c in listening if c.status == psutil.CONN_LISTEN} - {endpoint.port}
    login = base64.b64encode(f"{endpoint.user}:{endpoint.password}".encode()).decode()
    is_batch = action == "batch"
    query = "?idMapping=true" if is_batch else ""  # many are left out otherwise
    kind = "application/x-ndjson" if is_batch else "application/json"
    headers = {"Authorization": f"Basic {login}", "Content-Type": kind}
    connection = http.client.HTTPConnection(endpoint.host, ports.pop(), timeout=PATIENCE_S)
    with suppress(BrokenPipeError):  # a server that refuses the body answers before its end
        connection.request("POST", f"/api/v1/{action}/{endpoint.database}{query}", body, headers)
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"the {action} endpoint answers {response.status}: {answer[:300]!r}")
    return orjson.loads(answer)


def cpu_s(service: LocalService) -> float:
    times = psutil.Process(service.pid).cpu_times()
    return times.user + times.system


def whole_s(spent: Spent) -> float:
    return spent.graph_s + spent.samples_s


def share_of(ours: list[Spent], its: list[Spent], cost: Callable[[Spent], float]) -> float:
    return statistics.median(map(cost, its)) / statistics.median(map(cost, ours))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--profile", default="small-2d")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batches", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
