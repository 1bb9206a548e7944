"""Loads the graph of a dataset into Oxigraph: N-Triples over HTTP, in bounded parts.

A part is some 100 000 triples: the server needs about 1 MB of memory for each 1 000 of them and
has a fixed cost for each part; parts five times as large load less than a fifth faster
(`benchmarks/load_graph.py --parts`). Oxigraph writes its three orders of the triples at once and
keeps no statistics: there is no further phase. Its `optimize` needs the store offline, which a
running server does not allow; it is not applied.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from basetype_benchmark.dataset.export import rdf
from basetype_benchmark.dataset.export.ntriples import stream_ntriples
from basetype_benchmark.dataset.model import Medium, NodeType, Relation
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    LoadError,
    LoadingStalled,
    LoadingTimeout,
    QueryFailed,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.sparql_client import SparqlClient
from basetype_benchmark.loaders.base import LoadLimits, LoadPhase, StoredCounts, StoreLoad
from basetype_benchmark.progress import Progress

LOOK_DEADLINE_S = 30.0

_LOADING = "loading, phase 'triples',"


class OxigraphLoader:
    """A `Loader` of the graph into a running Oxigraph, into its default graph."""

    def __init__(self, service: Service, limits: LoadLimits | None = None) -> None:
        self._service = service
        self._limits = limits or LoadLimits()

    def clear(self) -> None:
        """Empty the default graph; named graphs, which are not ours, stay."""
        with self._client() as client:
            client.clear(timeout_s=self._limits.phase_s, doing="clearing the graph")

    def load(self, dataset: Dataset, progress: Progress) -> StoreLoad:
        """Write all triples; see `Loader.load`."""
        start = time.perf_counter_ns()
        with (
            self._client() as client,
            progress.task("triples into Oxigraph", unit="triples") as task,
        ):
            if self._service.provider != "local":
                client.add_triples(_MARK_TRIPLE, timeout_s=self._limits.stall_s, doing=_LOADING)
            triples = 0
            deadline = time.monotonic() + self._limits.phase_s
            for part in _made_ahead(stream_ntriples(dataset)):
                self._add(client, part, deadline)
                count = part.count(b"\n")
                task.advance(count)
                triples += count
        elapsed_ns = time.perf_counter_ns() - start
        return StoreLoad(
            phases=(LoadPhase(name="triples", elapsed_ns=elapsed_ns, items=triples),),
            size_bytes=_size_bytes(self._service.data_dir),
            details={"triples": str(triples)},
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
        """Count the nodes by type and the relations by kind."""
        return StoredCounts(nodes=self._tally(_COUNT_NODES), edges=self._tally(_COUNT_RELATIONS))

    def _tally(self, query: str) -> dict[str, int]:
        with self._client() as client:
            answer = client.select(
                query, timeout_s=self._limits.phase_s, doing="counting the graph"
            )
        return {str(name): int(str(count)) for name, count in answer.rows}

    def _add(self, client: SparqlClient, part: bytes, deadline: float) -> None:
        left = deadline - time.monotonic()
        patience_s = min(self._limits.stall_s, max(left, 0.0))
        try:
            client.add_triples(part, timeout_s=patience_s, doing=_LOADING)
        except QueryTimeout as error:
            raise self._give_up(out_of_time=left <= self._limits.stall_s) from error
        except ServerDied:
            raise
        except QueryFailed as error:
            raise LoadError(str(error)) from error

    def _give_up(self, *, out_of_time: bool) -> LoadError:
        if out_of_time:
            return LoadingTimeout(
                f"loading ran over its limit of {self._limits.phase_s:g} s in phase 'triples'; "
                "allow more time or take a smaller profile"
            )
        return LoadingStalled(
            "loading stalled in phase 'triples': Oxigraph did not take one part within "
            f"{self._limits.stall_s:g} s; look at its log and its disk"
        )

    @contextmanager
    def _client(self) -> Iterator[SparqlClient]:
        client = SparqlClient(self._service)
        try:
            yield client
        finally:
            client.close()


def _made_ahead(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Give the parts, with the next one being made while the last one loads."""
    with ThreadPoolExecutor(max_workers=1) as maker:
        upcoming = maker.submit(next, parts, None)
        while (part := upcoming.result()) is not None:
            upcoming = maker.submit(next, parts, None)
            yield part


def _size_bytes(data_dir: Path | None) -> int | None:
    """Add up the files of the store; those that a compaction removes meanwhile do not count."""
    if data_dir is None:
        return None
    total = 0
    for folder, _, names in os.walk(data_dir):
        for name in names:
            with suppress(FileNotFoundError):
                total += (Path(folder) / name).stat().st_size
    return total


def _values(pairs: Iterator[tuple[str, str]]) -> str:
    """Write the rows of a VALUES block: an IRI and the name under which it counts."""
    return " ".join(f'({rdf.term_iri(term)} "{name}")' for term, name in pairs)


_COUNT_NODES = f"""
SELECT ?name (COUNT(*) AS ?count) WHERE {{
  VALUES (?class ?name) {{ {_values((t.value, t.value) for t in NodeType)} }}
  ?node a ?class .
}}
GROUP BY ?name
"""

# Written to the stores of others alone, so that the next load may empty them; in no query's reach.
_MARK = f'{rdf.term_iri("store")} {rdf.term_iri("loadedBy")} "basetype-benchmark" .'
_MARK_TRIPLE = f"{_MARK}\n".encode()
_FIND_FOREIGN = (
    f"SELECT ?thing WHERE {{ ?thing ?property ?value . FILTER NOT EXISTS {{ {_MARK} }} }} LIMIT 1"
)

_FEEDS = rdf.term_iri(rdf.relation_name(Relation.FEEDS))
_BY_MEDIUM = [rdf.relation_name(Relation.FEEDS, medium) for medium in Medium]

# Two nodes may be joined by several FEEDS of different media: each medium counts once, and so does
# a FEEDS without one.
_COUNT_RELATIONS = f"""
SELECT ?name (COUNT(*) AS ?count) WHERE {{
  {{
    VALUES (?relation ?name) {{
      {_values((rdf.relation_name(r), r.value) for r in Relation if r is not Relation.FEEDS)}
    }}
    ?source ?relation ?target .
  }} UNION {{
    VALUES (?relation ?name) {{ {_values((name, Relation.FEEDS.value) for name in _BY_MEDIUM)} }}
    ?source ?relation ?target ; {_FEEDS} ?target .
  }} UNION {{
    VALUES ?name {{ "{Relation.FEEDS.value}" }}
    ?source {_FEEDS} ?target .
    FILTER NOT EXISTS {{ ?source {"|".join(map(rdf.term_iri, _BY_MEDIUM))} ?target }}
  }}
}}
GROUP BY ?name
"""
