"""What a loader does: one store of one scenario, from empty to ready for queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from basetype_benchmark.dataset.manifest import Counts
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    CountMismatch,
    LoadError,
    LoadingRefused,
    LoadingTimeout,
    QueryFailed,
    QueryRefused,
)
from basetype_benchmark.progress import Progress


@dataclass(frozen=True, kw_only=True)
class LoadPhase:
    """One timed part of a load, for instance the COPY of the series or an index."""

    name: str
    elapsed_ns: int
    items: int | None = None  # rows, triples or nodes written; None where it does not apply


@dataclass(frozen=True, kw_only=True)
class StoreLoad:
    """What loading one store took. The clock runs from empty schema to indexes and statistics."""

    phases: tuple[LoadPhase, ...]
    size_bytes: int | None = None  # on disk, indexes included; None where it cannot be read
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StoredCounts:
    """What a store says it holds; None for what it does not keep."""

    nodes: dict[str, int] | None = None
    edges: dict[str, int] | None = None
    samples: int | None = None


@dataclass(frozen=True, kw_only=True)
class LoadLimits:
    """How long a phase may take, and how long the server may take no data."""

    phase_s: float = 4 * 3600.0
    stall_s: float = 120.0

    def over_time(self, phase: str) -> LoadingTimeout:
        """Give the error for a phase that took more than `phase_s`."""
        return LoadingTimeout(
            f"loading ran over its limit of {self.phase_s:g} s in phase {phase!r}; "
            "allow more time or take a smaller profile"
        )


class Loader(Protocol):
    """Loads one store: the graph, the series, or both when one engine keeps both."""

    def clear(self) -> None:
        """Remove everything we ever loaded, so that the store is empty."""
        ...

    def load(self, dataset: Dataset, progress: Progress) -> StoreLoad:
        """Create the schema, load, build indexes and gather statistics.

        Raises:
            LoadError: a phase failed, stalled or ran over its deadline; the message names it.
            ServerDied: the server went away.
        """
        ...

    def count(self) -> StoredCounts:
        """Count what the store holds, by real queries."""
        ...


def check_counts(store: str, stored: StoredCounts, expected: Counts) -> None:
    """Compare what a store holds with the manifest; zero counts may be left out on either side.

    Raises:
        CountMismatch: they differ; every difference is listed.
    """
    problems = _differences("nodes", stored.nodes, expected.nodes)
    problems += _differences("edges", stored.edges, expected.edges)
    if stored.samples is not None and stored.samples != expected.samples:
        problems.append(f"samples {stored.samples} instead of {expected.samples}")
    if problems:
        raise CountMismatch(
            f"{store} does not hold what the dataset has: {', '.join(problems)}; "
            "the load lost or doubled data, run it again"
        )


def _differences(kind: str, stored: dict[str, int] | None, expected: dict[str, int]) -> list[str]:
    if stored is None:
        return []
    names = sorted(stored.keys() | expected.keys())
    return [
        f"{kind} {name} {stored.get(name, 0)} instead of {expected.get(name, 0)}"
        for name in names
        if stored.get(name, 0) != expected.get(name, 0)
    ]


def load_error(error: QueryFailed) -> LoadError:
    """Word the failure of one statement of a load as that of the load."""
    kind = LoadingRefused if isinstance(error, QueryRefused) else LoadError
    return kind(str(error))
