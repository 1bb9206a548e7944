"""Loads a dataset into FalkorDB: the graph, and where the scenario says so the chunks.

Nodes, relationships and chunks go by the command of FalkorDB's own bulk loader: it takes a seventh
of the server's time that ``UNWIND $rows CREATE`` takes, and for chunks a fifteenth. Then come the
indexes, one on the id of each label; FalkorDB builds them beside its answers, so the loader waits
until they are in use. Last comes the snapshot, from which a server that was killed reads the graph
again: the store is in memory.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    LoadingStalled,
    QueryFailed,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.falkordb_client import FalkorClient
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until
from basetype_benchmark.loaders.ahead import made_ahead
from basetype_benchmark.loaders.base import (
    LoadLimits,
    LoadPhase,
    StoredCounts,
    StoreLoad,
    load_error,
)
from basetype_benchmark.loaders.falkordb_bulk import (
    Arguments,
    chunk_arguments,
    node_arguments,
    node_numbers,
    relationship_arguments,
)
from basetype_benchmark.loaders.property_graph import (
    CHUNK_LABEL,
    COUNT_NODES,
    COUNT_RELATIONSHIPS,
    COUNT_SAMPLES,
    HAS_CHUNK,
    chunk_batches,
    node_batches,
    relationship_batches,
)
from basetype_benchmark.progress import Progress

NODE_ROWS = 20_000
RELATIONSHIP_ROWS = 20_000
CHUNK_SAMPLES = 100_000
"""Size of a batch, see ``benchmarks/load_falkordb.py --batches``."""


class Batch(NamedTuple):
    """What one bulk command is sent, and how much of the dataset that is."""

    arguments: Arguments
    items: int


def index_statements() -> Iterator[str]:
    """Give what indexes the id of every label."""
    return (f"CREATE INDEX FOR (n:{label}) ON (n.id)" for label in NodeType)


class FalkorDBLoader:
    """A `Loader` of the graph into our key of a running FalkorDB; `with_chunks`, the series too."""

    def __init__(
        self, service: Service, *, with_chunks: bool, limits: LoadLimits | None = None
    ) -> None:
        self._service = service
        self._with_chunks = with_chunks
        self._limits = limits or LoadLimits()

    def clear(self) -> None:
        """Delete our graph, and it from the snapshot: no restart may bring it back."""
        with self._client(self._limits.phase_s) as client:
            client.drop_graph()
            if self._service.is_ours:
                client.save("clearing the snapshot")

    def load(self, dataset: Dataset, progress: Progress) -> StoreLoad:
        """Write everything; see `Loader.load`."""
        counts = dataset.manifest.counts
        with self._client(min(self._limits.stall_s, self._limits.phase_s)) as client:
            load = _Load(client, self._limits, progress)
            load.mark()
            numbers: dict[str, int] = {}
            load.send("nodes", "nodes", make_nodes(dataset, numbers), sum(counts.nodes.values()))
            load.send(
                "relationships",
                "relationships",
                make_relationships(dataset, numbers),
                sum(counts.edges.values()),
            )
            if self._with_chunks:
                load.send("chunks", "samples", make_chunks(dataset, numbers), counts.samples)
            load.create_indexes()
        with self._client(self._limits.phase_s) as patient:
            memory_bytes = load.end(patient, save=self._service.is_ours)
        return StoreLoad(
            phases=tuple(load.phases),
            size_bytes=self._service.store_bytes(),
            details={"memory_bytes": str(memory_bytes)},
        )

    def count(self) -> StoredCounts:
        """Count the nodes by label, the relationships by type and the samples of all chunks."""
        with self._client(self._limits.phase_s) as client:
            if not client.holds_graph():
                return StoredCounts(nodes={}, edges={}, samples=0 if self._with_chunks else None)
            return StoredCounts(
                nodes={name: _number(client, text) for name, text in COUNT_NODES.items()},
                edges={name: _number(client, text) for name, text in COUNT_RELATIONSHIPS.items()},
                samples=_number(client, COUNT_SAMPLES) if self._with_chunks else None,
            )

    def describe_foreign(self) -> str | None:
        """Say what a load would delete that we did not load; None when there is no such thing.

        Raises:
            QueryFailed: the server did not answer.
        """
        with self._client(self._limits.stall_s) as client:
            return client.describe_foreign()

    @contextmanager
    def _client(self, patience_s: float) -> Iterator[FalkorClient]:
        client = FalkorClient(self._service, patience_s=patience_s)
        try:
            yield client
        finally:
            client.close()


class _Load:
    """One load: its phases as they are done, each under its limits."""

    def __init__(self, client: FalkorClient, limits: LoadLimits, progress: Progress) -> None:
        self.phases: list[LoadPhase] = []
        self._has_begun = False
        self._client = client
        self._limits = limits
        self._progress = progress

    def mark(self) -> None:
        """Say in the store that it is ours."""
        with self._named("mark", time.monotonic() + self._limits.phase_s) as doing:
            self._client.mark(doing)

    def create_indexes(self) -> None:
        """Index the id of every label, and wait until the server uses the indexes."""
        start = time.perf_counter_ns()
        with self._named("indexes", time.monotonic() + self._limits.phase_s) as doing:
            for text in index_statements():
                self._client.write(text, doing)
            try:
                wait_until("indexes", self._client.why_not_indexed, deadline_s=self._limits.stall_s)
            except WaitTimeout as error:
                raise LoadingStalled(f"{doing} stalled: {error}") from None
        self._end("indexes", start, len(NodeType))

    def send(self, phase: str, unit: str, batches: Iterator[Batch], total: int) -> None:
        """Send the batches, the next one being made meanwhile."""
        start, sent = time.perf_counter_ns(), 0
        deadline = time.monotonic() + self._limits.phase_s
        with self._progress.task(f"{phase} into FalkorDB", total, unit) as task:
            for batch in made_ahead(batches):
                with self._named(phase, deadline) as doing:
                    self._client.bulk(batch.arguments, doing, begin=not self._has_begun)
                self._has_begun = True
                task.advance(batch.items)
                sent += batch.items
        self._end(phase, start, sent)

    def end(self, patient: FalkorClient, *, save: bool) -> int:
        """Give the memory that the graph takes, and `save` it first.

        `patient` waits for an answer as long as a phase may take.
        """
        start = time.perf_counter_ns()
        with self._named("snapshot", time.monotonic() + self._limits.phase_s) as doing:
            memory_bytes = patient.memory_bytes()
            if save:
                patient.save(doing)
                self._end("snapshot", start, None)
        return memory_bytes

    def _end(self, phase: str, start_ns: int, items: int | None) -> None:
        elapsed_ns = time.perf_counter_ns() - start_ns
        self.phases.append(LoadPhase(name=phase, elapsed_ns=elapsed_ns, items=items))

    @contextmanager
    def _named(self, phase: str, deadline: float) -> Iterator[str]:
        """Give the words for what is being done, and turn what fails in it into a `LoadError`."""
        doing = f"loading, phase {phase!r},"
        try:
            yield doing
        except QueryTimeout as error:
            if time.monotonic() < deadline:
                raise LoadingStalled(
                    f"loading stalled in phase {phase!r}: {error}; look at FalkorDB's log"
                ) from error
            raise self._limits.over_time(phase) from error
        except ServerDied:
            raise
        except QueryFailed as error:
            raise load_error(error) from error
        if time.monotonic() >= deadline:
            raise self._limits.over_time(phase)


def make_nodes(dataset: Dataset, numbers: dict[str, int]) -> Iterator[Batch]:
    """Make the batches of nodes; `numbers`, empty at first, gets their numbers by their ids."""
    for nodes in node_batches(dataset, rows=NODE_ROWS):
        first = len(numbers)
        ids = nodes.rows.column("id").to_pylist()
        numbers.update(zip(ids, range(first, first + len(ids)), strict=True))
        yield Batch(node_arguments(nodes.label, nodes.rows), len(ids))


def make_relationships(dataset: Dataset, numbers: Mapping[str, int]) -> Iterator[Batch]:
    """Make the batches of relationships between nodes that have these numbers."""
    for found in relationship_batches(dataset, rows=RELATIONSHIP_ROWS):
        arguments = relationship_arguments(found.relation, found.rows, numbers)
        yield Batch(arguments, found.rows.num_rows)


def make_chunks(dataset: Dataset, numbers: Mapping[str, int]) -> Iterator[Batch]:
    """Make the batches of chunks, whose numbers follow those of the nodes."""
    first = len(numbers)
    for chunks in chunk_batches(dataset, samples=CHUNK_SAMPLES):
        points = node_numbers(chunks.column("point_id"), numbers)
        arguments = chunk_arguments(CHUNK_LABEL, HAS_CHUNK, chunks, points, first)
        yield Batch(arguments, int(chunks.column("n").to_numpy().sum()))
        first += chunks.num_rows


def _number(client: FalkorClient, text: str) -> int:
    rows = client.read(text, doing="counting what the graph holds").rows
    return int(rows[0][0] or 0) if rows else 0
