"""Loads a property graph, with or without chunks, over Bolt: ArcadeDB and Memgraph.

Indexes first, so that relationships find their ends; then nodes, relationships and chunks, each in
batches that are one transaction. While the server stores a batch, the next one is made.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    LoadError,
    LoadingStalled,
    QueryFailed,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.bolt_client import BoltAnswer, BoltClient
from basetype_benchmark.infrastructure.clients.bolt_dialect import BoltDialect
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders import property_graph as graph
from basetype_benchmark.loaders.ahead import made_ahead
from basetype_benchmark.loaders.base import (
    LoadLimits,
    LoadPhase,
    StoredCounts,
    StoreLoad,
    load_error,
)
from basetype_benchmark.progress import Progress

LOOK_DEADLINE_S = 30.0

# Written to the stores of others alone, so that the next load may empty them; in no query's reach.
_MARK_LABEL = "LoadedByBasetypeBenchmark"
_CREATE_MARK = f"CREATE (:{_MARK_LABEL} {{id: 'store'}})"
_FIND_MARK = f"MATCH (n:{_MARK_LABEL}) RETURN count(n) AS found"
_FIND_ANYTHING = "MATCH (n) WITH n LIMIT 1 RETURN count(n) AS found"


@dataclass(frozen=True, kw_only=True)
class _Batch:
    """One statement with its rows; `items` is what the progress counts."""

    text: str
    rows: list[list[Any]]
    items: int


def index_statements(dialect: BoltDialect) -> list[str]:
    """Give what indexes the id of every label."""
    return [text for label in NodeType for text in dialect.create_indexes(label.value)]


class BoltLoader:
    """A `Loader` of the graph, and of the chunks too where the engine keeps them."""

    def __init__(
        self,
        service: Service,
        dialect: BoltDialect,
        *,
        with_chunks: bool,
        limits: LoadLimits | None = None,
    ) -> None:
        self._service = service
        self._dialect = dialect
        self._with_chunks = with_chunks
        self._limits = limits or LoadLimits()

    def clear(self) -> None:
        """Remove every node and relationship; a product may keep its indexes."""
        doing, limit_s = "clearing the graph", self._limits.phase_s
        with self._client() as client:
            for text in self._dialect.clear:
                client.run(text, timeout_s=limit_s, doing=doing)
            for text in self._dialect.delete_some:
                while _number(client.run(text, timeout_s=limit_s, doing=doing)):
                    pass

    def load(self, dataset: Dataset, progress: Progress) -> StoreLoad:
        """Create the indexes and store everything; see `Loader.load`."""
        counts = dataset.manifest.counts
        with self._client() as client:
            load = _Load(client, self._dialect, self._limits)
            load.send(
                "schema",
                [*self._dialect.before_load, *self._mark(), *index_statements(self._dialect)],
            )
            load.store("nodes", self._nodes(dataset), sum(counts.nodes.values()), progress)
            edges = sum(counts.edges.values())
            load.store("relationships", self._relationships(dataset), edges, progress)
            if self._with_chunks:
                load.store("samples", self._chunks(dataset), counts.samples, progress)
            if self._dialect.after_load:
                load.send("settling", self._dialect.after_load)
            details = self._memory_details(client)
        return StoreLoad(
            phases=tuple(load.phases),
            size_bytes=self._service.store_bytes(),
            details=details,
        )

    def count(self) -> StoredCounts:
        """Count the nodes by label, the relationships by type, and the samples if they are here."""
        with self._client() as client:
            return StoredCounts(
                nodes=self._tallies(client, graph.COUNT_NODES),
                edges=self._tallies(client, graph.COUNT_RELATIONSHIPS),
                samples=self._tally(client, graph.COUNT_SAMPLES) if self._with_chunks else None,
            )

    def describe_foreign(self) -> str | None:
        """Say what a load would delete that we did not load; None when there is no such thing.

        Raises:
            QueryFailed: the server did not answer.
        """
        doing = "looking for data of others"
        with self._client() as client:
            for text, found in ((_FIND_MARK, None), (_FIND_ANYTHING, "nodes in its database")):
                if _number(client.run(text, timeout_s=LOOK_DEADLINE_S, doing=doing)):
                    return found
        return None

    def _tallies(self, client: BoltClient, texts: Mapping[str, str]) -> dict[str, int]:
        counts = {name: self._tally(client, text) for name, text in texts.items()}
        return {name: count for name, count in counts.items() if count}

    def _tally(self, client: BoltClient, text: str) -> int:
        doing = "counting what the graph holds"
        return _number(client.run(text, timeout_s=self._limits.phase_s, doing=doing))

    def _mark(self) -> list[str]:
        return [] if self._service.is_ours else [_CREATE_MARK]

    def _nodes(self, dataset: Dataset) -> Iterator[_Batch]:
        for nodes in graph.node_batches(dataset, rows=self._dialect.rows_per_batch):
            rows = graph.row_lists(nodes.rows)
            yield _Batch(text=graph.create_nodes(nodes), rows=rows, items=len(rows))

    def _relationships(self, dataset: Dataset) -> Iterator[_Batch]:
        for found in graph.relationship_batches(dataset, rows=self._dialect.rows_per_batch):
            rows = graph.row_lists(found.rows)
            yield _Batch(text=graph.create_relationships(found), rows=rows, items=len(rows))

    def _chunks(self, dataset: Dataset) -> Iterator[_Batch]:
        for chunks in graph.chunk_batches(dataset, samples=self._dialect.samples_per_batch):
            rows = graph.chunk_lists(chunks)
            yield _Batch(text=graph.CREATE_CHUNKS, rows=rows, items=sum(row[2] for row in rows))

    def _memory_details(self, client: BoltClient) -> dict[str, str]:
        if self._dialect.memory_query is None:
            return {}
        answer = client.run(
            self._dialect.memory_query, timeout_s=LOOK_DEADLINE_S, doing="reading the memory used"
        )
        return dict(self._dialect.read_memory(answer.rows))

    @contextmanager
    def _client(self) -> Iterator[BoltClient]:
        client = BoltClient(self._service, self._dialect)
        try:
            yield client
        finally:
            client.close()


class _Load:
    """One load: its phases as they are done, each under its limits."""

    def __init__(self, client: BoltClient, dialect: BoltDialect, limits: LoadLimits) -> None:
        self.phases: list[LoadPhase] = []
        self._client = client
        self._title = dialect.title
        self._limits = limits

    def send(self, phase: str, texts: Sequence[str]) -> None:
        """Send statements that take no rows."""
        with self._timed(phase) as deadline:
            for text in texts:
                self._run(phase, text, None, deadline, patience_s=self._limits.phase_s)

    def store(self, phase: str, batches: Iterator[_Batch], total: int, progress: Progress) -> None:
        """Send the batches, the next one being made meanwhile."""
        with (
            self._timed(phase, total) as deadline,
            progress.task(f"{phase} into {self._title}", total, phase) as task,
        ):
            for batch in made_ahead(batches):
                rows = {"rows": batch.rows}
                self._run(phase, batch.text, rows, deadline, patience_s=self._limits.stall_s)
                task.advance(batch.items)

    @contextmanager
    def _timed(self, phase: str, items: int | None = None) -> Iterator[float]:
        """Time a phase that comes to its end; gives its deadline."""
        start = time.perf_counter_ns()
        yield time.monotonic() + self._limits.phase_s
        elapsed_ns = time.perf_counter_ns() - start
        self.phases.append(LoadPhase(name=phase, elapsed_ns=elapsed_ns, items=items))

    def _run(
        self,
        phase: str,
        text: str,
        parameters: dict[str, Any] | None,
        deadline: float,
        *,
        patience_s: float,
    ) -> None:
        left_s = max(deadline - time.monotonic(), 0.0)
        try:
            self._client.run(
                text,
                parameters,
                timeout_s=min(patience_s, left_s),
                doing=f"loading, phase {phase!r},",
            )
        except QueryTimeout as error:
            raise self._give_up(phase, error, out_of_time=left_s <= patience_s) from error
        except ServerDied:
            raise
        except QueryFailed as error:
            raise load_error(error) from error

    def _give_up(self, phase: str, error: QueryTimeout, *, out_of_time: bool) -> LoadError:
        if out_of_time:
            return self._limits.over_time(phase)
        return LoadingStalled(
            f"loading stalled in phase {phase!r}: {error}; look at the log of {self._title} "
            "and its disk"
        )


def _number(answer: BoltAnswer) -> int:
    return int(answer.rows[0][0] or 0) if answer.rows else 0
