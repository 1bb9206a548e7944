"""What a measurement gave: samples, per query, per load, per cell. Units are in the names.

None means not measured; a zero was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, ClassVar, TypeVar

from pydantic import ConfigDict, Field

from basetype_benchmark.benchmark.execution import ClientWork, Legs
from basetype_benchmark.benchmark.monitoring.resource_use import CellUse, Count, QueryUse
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.statistics import (
    LatencyStatistics,
    geometric_mean,
    summarise,
)
from basetype_benchmark.benchmark.strict import STRICT

_Parts = TypeVar("_Parts", Legs, ClientWork)

ANSWERED = frozenset({Outcome.OK, Outcome.WRONG_ANSWER})
_GRAVEST_FIRST = (
    Outcome.WRONG_ANSWER,
    Outcome.OOM,
    Outcome.ERROR,
    Outcome.REFUSED,
    Outcome.TIMEOUT,
    Outcome.UNSUPPORTED,
    Outcome.SKIPPED,
    Outcome.OK,
)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One measured run of one variant of a query."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    query: str
    """Id of the query: ``Q7``."""
    variant: Count
    """Which set of parameters, from 1."""
    run: Count
    """Which measured run of this variant, from 1; runs to warm up are not kept."""
    outcome: Outcome
    """How it ended."""
    elapsed_ns: Count | None = None
    """From sending to the last row decoded by the driver, or to the failure. None: nothing was
    sent."""
    rows: Count | None = None
    """Rows of the answer. None: there was no answer."""
    legs: Legs | None = None
    """Where the time went between two engines. None: it was not federated, or gave no answer."""
    client: ClientWork | None = None
    """The application's part of the work. None: it had none, or there was no answer."""


@dataclass(frozen=True, kw_only=True)
class VariantResult:
    """One set of parameters of a query and what came of it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    number: Count
    """From 1; the same set on every scenario."""
    parameters: dict[str, str]
    """Values by name, as text."""
    expected_rows: Count
    """Rows of the right answer, by the oracle."""
    outcome: Outcome
    """The gravest outcome of its runs."""
    reason: str | None = None
    """What went wrong, in words. None: it is ok."""
    differences: tuple[str, ...] = ()
    """What the first answer has other than the right one, in words; empty if it is right."""
    expected_sha256: str = ""
    """Digest of the right answer, see `queries.answer_digest`."""
    answer_sha256: str | None = None
    """Digest of the first answer: the expected one if it is right, else its own. None: there was
    none."""


@dataclass(frozen=True, kw_only=True)
class QueryResult:
    """One query on one scenario: the gravest outcome of its variants, and what its samples say.

    `samples` are written beside the record, as a table.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    query: str
    """Id of the query: ``Q7``."""
    name: str
    """Its name: ``drift_top20``."""
    outcome: Outcome
    """The gravest outcome of its variants, ``skipped`` also when a planned run did not take place.
    Only what is ``ok`` may be ranked."""
    reason: str | None
    """Why it is not ok, in words. None: it is, or the cell says why."""
    variants: tuple[VariantResult, ...]
    """Each set of parameters."""
    planned_runs: Count
    """Measured runs of all variants that the protocol asks for."""
    answered_runs: Count
    """Those that gave an answer, right or wrong."""
    rows: Count | None
    """The most rows that an answer had. None: there was no answer."""
    legs: Legs | None
    """Sums over the answered runs. None: it was not federated."""
    client: ClientWork | None
    """Sums over the answered runs. None: the application had no part in the work."""
    latency: LatencyStatistics | None
    """Statistics over the answered runs, wrong answers included. None: there was none."""
    resources: tuple[QueryUse, ...] = ()
    """What its measured executions used, by source; empty where nobody watched."""
    plan: str | None = None
    """The engine's own plan for the first variant, asked for after the measurement. None: the
    engine tells none, or the query was not answered."""
    samples: Annotated[tuple[Sample, ...], Field(exclude=True)] = ()


@dataclass(frozen=True, kw_only=True)
class PhaseResult:
    """One timed part of a load."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: str
    """Its name: ``series``, ``indexes``, ..."""
    elapsed_ns: Count
    """How long it took."""
    items: Count | None
    """Rows, nodes or triples written. None: it writes nothing that is counted."""


@dataclass(frozen=True, kw_only=True)
class StoreResult:
    """One loaded store: its phases, its size on disk, and the counts found in it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    engine: str
    """Id of the engine."""
    version: str
    """What the server says it is: ``PostgreSQL 18.6 (no TimescaleDB)``."""
    phases: tuple[PhaseResult, ...]
    """The timed parts of the load, in order."""
    size_bytes: Count | None
    """What it takes on disk after the load. None: its folder is out of reach."""
    nodes: Count | None
    """Nodes counted in it. None: it keeps no graph."""
    edges: Count | None
    """Relations counted in it. None: it keeps no graph."""
    samples: Count | None
    """Samples of the series counted in it. None: it keeps no series."""
    details: dict[str, str]
    """What else the engine tells of itself, by name: ``memory_bytes``."""


@dataclass(frozen=True, kw_only=True)
class LoadResult:
    """Loading every store of a scenario."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    elapsed_ns: Count
    """From the empty schema to indexes and statistics ready, all stores one after the other."""
    stores: tuple[StoreResult, ...]
    """Each store."""

    @property
    def size_bytes(self) -> int | None:
        """Size of all stores on disk; None when one of them is not known."""
        sizes = [store.size_bytes for store in self.stores]
        return None if None in sizes else sum(size for size in sizes if size is not None)


@dataclass(frozen=True, kw_only=True)
class BenchmarkResult:
    """One pass of one scenario over one dataset: the load and all queries."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenario: str
    """Id of the scenario: ``O2``."""
    profile: str
    """Scale and duration of the dataset."""
    dataset_seed: int
    """Seed of the dataset."""
    dataset_fingerprint: str
    """Digest of the dataset's content."""
    outcome: CellOutcome
    """How the cell ended."""
    reason: str | None
    """Why it was not completed, in words. None: it was."""
    error_type: str | None
    """Class of the error in ``errors.py`` that ended it. None: no known error did."""
    started_at: datetime
    """When it began, in UTC."""
    elapsed_ns: Count
    """From then to its end, load and warm-up included."""
    load: LoadResult | None
    """What the load took. None: it did not get through."""
    queries: tuple[QueryResult, ...]
    """Every query of the campaign, also those that the scenario cannot express."""
    resources: CellUse | None = None
    """What it used of the machine. None: nobody watched."""

    @property
    def is_ok(self) -> bool:
        """Whether the cell was completed and every query it could express answered rightly."""
        allowed = (Outcome.OK, Outcome.UNSUPPORTED)
        return self.outcome is CellOutcome.COMPLETED and all(
            query.outcome in allowed for query in self.queries
        )

    @property
    def geometric_mean_p50_ns(self) -> float | None:
        """Geometric mean of the medians; None unless every query is ok."""
        if not self.is_ok:
            return None
        return geometric_mean(q.latency.p50_ns for q in self.queries if q.latency is not None)


def worst_outcome(outcomes: Sequence[Outcome]) -> Outcome:
    """Give the gravest of several outcomes.

    One planned run that never took place is graver than all that were right: few runs, taken
    before a cell ended, are not what the protocol asked for and cannot be ranked.
    """
    return min(outcomes, key=_GRAVEST_FIRST.index, default=Outcome.SKIPPED)


def query_result(
    query: str, name: str, variants: Sequence[VariantResult], samples: Sequence[Sample]
) -> QueryResult:
    """Sum up the variants and samples of one query."""
    outcome = worst_outcome([variant.outcome for variant in variants])
    reason = next((v.reason for v in variants if v.outcome is outcome and v.reason), None)
    answered = [sample for sample in samples if sample.outcome in ANSWERED]
    return QueryResult(
        query=query,
        name=name,
        outcome=outcome,
        reason=_count_runs(samples) if outcome is Outcome.SKIPPED else reason,
        variants=tuple(variants),
        planned_runs=len(samples),
        answered_runs=len(answered),
        rows=max((s.rows for s in samples if s.rows is not None), default=None),
        legs=_sum_fields(Legs, [s.legs for s in samples if s.legs is not None]),
        client=_sum_fields(ClientWork, [s.client for s in samples if s.client is not None]),
        latency=_latency(answered),
        samples=tuple(samples),
    )


def unsupported_query(query: str, name: str, reason: str) -> QueryResult:
    """Give the result of a query that a scenario cannot express."""
    return QueryResult(
        query=query,
        name=name,
        outcome=Outcome.UNSUPPORTED,
        reason=reason,
        variants=(),
        planned_runs=0,
        answered_runs=0,
        rows=None,
        legs=None,
        client=None,
        latency=None,
    )


def _latency(answered: Sequence[Sample]) -> LatencyStatistics | None:
    timed = [(s.elapsed_ns, s.variant) for s in answered if s.elapsed_ns is not None]
    return summarise([elapsed for elapsed, _ in timed], [variant for _, variant in timed])


def _sum_fields(kind: type[_Parts], parts: Sequence[_Parts]) -> _Parts | None:
    """Add up records of integers, field by field; None when there are none."""
    if not parts:
        return None
    counted = [asdict(part) for part in parts]
    return kind(**{name: sum(part[name] for part in counted) for name in counted[0]})


def _count_runs(samples: Sequence[Sample]) -> str | None:
    """Say how many of the planned runs took place; None where none did, as the cell says why."""
    taken = sum(sample.outcome is not Outcome.SKIPPED for sample in samples)
    return f"{taken} of {len(samples)} runs" if taken else None
