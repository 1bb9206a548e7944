"""Loads a dataset into Oxigraph: N-Triples over HTTP, in bounded parts.

A part of the graph is some 100 000 triples: the server needs about 1 MB of memory for each 1 000 of
them and has a fixed cost for each part; parts five times as large load less than a fifth faster
(`benchmarks/load_graph.py --parts`). Oxigraph writes its three orders of the triples at once and
keeps no statistics: there is no further phase. Its `optimize` needs the store offline, which a
running server does not allow; it is not applied.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from basetype_benchmark.dataset.export import rdf
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    LoadError,
    LoadingStalled,
    QueryFailed,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.sparql_client import SparqlClient
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.ahead import made_ahead
from basetype_benchmark.loaders.base import (
    LoadLimits,
    LoadPhase,
    StoredCounts,
    StoreLoad,
    load_error,
)
from basetype_benchmark.loaders.oxigraph_counts import (
    COUNT_NODES,
    COUNT_RELATIONS,
    COUNT_SAMPLES,
)
from basetype_benchmark.loaders.oxigraph_parts import Part, chunk_parts, graph_parts
from basetype_benchmark.progress import Progress, Task

LOOK_DEADLINE_S = 30.0

# Written to the stores of others alone, so that the next load may empty them; in no query's reach.
_MARK = f'{rdf.term_iri("store")} {rdf.term_iri("loadedBy")} "basetype-benchmark" .'
_MARK_TRIPLE = f"{_MARK}\n".encode()
_FIND_FOREIGN = (
    f"SELECT ?thing WHERE {{ ?thing ?property ?value . FILTER NOT EXISTS {{ {_MARK} }} }} LIMIT 1"
)


class OxigraphLoader:
    """A `Loader` into the default graph of a running Oxigraph: the graph, and `with_chunks` also
    the series.
    """

    def __init__(
        self, service: Service, limits: LoadLimits | None = None, *, with_chunks: bool = False
    ) -> None:
        self._service = service
        self._limits = limits or LoadLimits()
        self._with_chunks = with_chunks

    def clear(self) -> None:
        """Empty the default graph; named graphs, which are not ours, stay."""
        with self._client() as client:
            client.clear(timeout_s=self._limits.phase_s, doing="clearing the graph")

    def load(self, dataset: Dataset, progress: Progress) -> StoreLoad:
        """Write all triples; see `Loader.load`."""
        with self._client() as client:
            if self._service.provider != "local":
                self._add(client, "triples", _MARK_TRIPLE, self._deadline())
            with progress.task("triples into Oxigraph", unit="triples") as task:
                done = [self._load_phase(client, "triples", graph_parts(dataset), task)]
            if self._with_chunks:
                samples = dataset.manifest.counts.samples
                with progress.task("chunks into Oxigraph", samples, "samples") as task:
                    done.append(self._load_phase(client, "chunks", chunk_parts(dataset), task))
        return StoreLoad(
            phases=tuple(phase for phase, _ in done),
            size_bytes=self._service.store_bytes(),
            details={"triples": str(sum(triples for _, triples in done))},
        )

    def describe_foreign(self) -> str | None:
        """Say what a load would delete that we did not load; None when there is no such thing.

        Raises:
            QueryFailed: the server did not answer.
        """
        with self._client() as client:
            found = client.select(
                _FIND_FOREIGN, timeout_s=LOOK_DEADLINE_S, doing="looking for data of others"
            )
        return "triples in its default graph" if found.rows else None

    def count(self) -> StoredCounts:
        """Count the nodes by type, the relations by kind, and the samples where it keeps them."""
        samples = None
        if self._with_chunks:
            ((samples_text,),) = self._ask(COUNT_SAMPLES)
            samples = int(str(samples_text))
        return StoredCounts(
            nodes=self._tally(COUNT_NODES), edges=self._tally(COUNT_RELATIONS), samples=samples
        )

    def _tally(self, query: str) -> dict[str, int]:
        return {str(name): int(str(count)) for name, count in self._ask(query)}

    def _ask(self, query: str) -> list[tuple[object, ...]]:
        with self._client() as client:
            answer = client.select(
                query, timeout_s=self._limits.phase_s, doing="counting the graph"
            )
        return list(answer.rows)

    def _load_phase(
        self, client: SparqlClient, name: str, parts: Iterator[Part], task: Task
    ) -> tuple[LoadPhase, int]:
        """Write all parts; gives the phase and its triples."""
        start, deadline = time.perf_counter_ns(), self._deadline()
        triples = items = 0
        for part in made_ahead(parts):
            self._add(client, name, part.text, deadline)
            task.advance(part.items)
            triples += part.triples
            items += part.items
        elapsed_ns = time.perf_counter_ns() - start
        return LoadPhase(name=name, elapsed_ns=elapsed_ns, items=items), triples

    def _deadline(self) -> float:
        return time.monotonic() + self._limits.phase_s

    def _add(self, client: SparqlClient, phase: str, text: bytes, deadline: float) -> None:
        left = deadline - time.monotonic()
        patience_s = min(self._limits.stall_s, max(left, 0.0))
        try:
            client.add_triples(text, timeout_s=patience_s, doing=f"loading, phase {phase!r},")
        except QueryTimeout as error:
            raise self._give_up(phase, out_of_time=left <= self._limits.stall_s) from error
        except ServerDied:
            raise
        except QueryFailed as error:
            raise load_error(error) from error

    def _give_up(self, phase: str, *, out_of_time: bool) -> LoadError:
        if out_of_time:
            return self._limits.over_time(phase)
        return LoadingStalled(
            f"loading stalled in phase {phase!r}: Oxigraph did not take one part within "
            f"{self._limits.stall_s:g} s; look at its log and its disk"
        )

    @contextmanager
    def _client(self) -> Iterator[SparqlClient]:
        client = SparqlClient(self._service)
        try:
            yield client
        finally:
            client.close()
