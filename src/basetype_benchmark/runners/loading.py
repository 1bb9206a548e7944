"""Turns what the loaders did into a result, once what the stores hold is known to be right."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.benchmark.results import LoadResult, PhaseResult, StoreResult
from basetype_benchmark.dataset.manifest import Counts
from basetype_benchmark.errors import CountMismatch
from basetype_benchmark.loaders.base import StoredCounts, StoreLoad, check_counts


def check_all_counts(stored: Mapping[str, StoredCounts], expected: Counts) -> None:
    """Compare every store with the manifest, and see that together they keep all of it.

    Raises:
        CountMismatch: a store holds other counts, or no store says that it keeps a part.
    """
    for engine, counts in stored.items():
        check_counts(engine, counts, expected)
    for part in ("nodes", "edges", "samples"):
        if all(getattr(counts, part) is None for counts in stored.values()):
            raise CountMismatch(
                f"none of {', '.join(stored)} counts the {part} it holds: "
                "nothing shows that they were loaded"
            )


def load_result(
    loads: Mapping[str, StoreLoad],
    stored: Mapping[str, StoredCounts],
    versions: Mapping[str, str],
    elapsed_ns: int,
) -> LoadResult:
    """Join what was timed, what was counted and what served it, store by store."""
    return LoadResult(
        elapsed_ns=elapsed_ns,
        stores=tuple(
            _store_result(engine, versions[engine], load, stored[engine])
            for engine, load in loads.items()
        ),
    )


def _store_result(engine: str, version: str, load: StoreLoad, counts: StoredCounts) -> StoreResult:
    return StoreResult(
        engine=engine,
        version=version,
        phases=tuple(
            PhaseResult(name=phase.name, elapsed_ns=phase.elapsed_ns, items=phase.items)
            for phase in load.phases
        ),
        size_bytes=load.size_bytes,
        nodes=None if counts.nodes is None else sum(counts.nodes.values()),
        edges=None if counts.edges is None else sum(counts.edges.values()),
        samples=counts.samples,
        details=dict(load.details),
    )
