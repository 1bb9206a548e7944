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
    """One measured run of one variant of a query.

    `elapsed_ns` is the time until the last row, or until the failure; None when nothing was sent.
    `rows` is None without an answer, `legs` where the execution was not federated, `client` where
    the client had no part in the work.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    query: str
    variant: Count
    run: Count
    outcome: Outcome
    elapsed_ns: Count | None = None
    rows: Count | None = None
    legs: Legs | None = None
    client: ClientWork | None = None


@dataclass(frozen=True, kw_only=True)
class VariantResult:
    """One set of parameters of a query and what came of it; `reason` when it is not ok.

    `differences` are between the first answer and the expected one, in words.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    number: Count
    parameters: dict[str, str]
    expected_rows: Count
    outcome: Outcome
    reason: str | None = None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class QueryResult:
    """One query on one scenario: the worst outcome of its variants, and what its samples say.

    `latency` is over the answered samples, wrong answers included; only a query whose outcome is
    ok may be ranked by it. `rows` is the most that an answer had; `legs` and `client` are sums over
    the answered samples, None where nothing was federated, or the client had no part in the work.
    `resources` is what the measured executions used, by source; empty where nobody watched.

    `samples` are written beside the record, as a table.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    query: str
    name: str
    outcome: Outcome
    reason: str | None
    variants: tuple[VariantResult, ...]
    planned_runs: Count
    answered_runs: Count
    rows: Count | None
    legs: Legs | None
    client: ClientWork | None
    latency: LatencyStatistics | None
    resources: tuple[QueryUse, ...] = ()
    samples: Annotated[tuple[Sample, ...], Field(exclude=True)] = ()


@dataclass(frozen=True, kw_only=True)
class PhaseResult:
    """One timed part of a load; `items` are rows, nodes or triples written."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: str
    elapsed_ns: Count
    items: Count | None


@dataclass(frozen=True, kw_only=True)
class StoreResult:
    """One loaded store: its phases, its size on disk, and the counts found in it.

    `version` is what the server says it is: ``PostgreSQL 18.6 (no TimescaleDB)``.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    engine: str
    version: str
    phases: tuple[PhaseResult, ...]
    size_bytes: Count | None
    nodes: Count | None
    edges: Count | None
    samples: Count | None
    details: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class LoadResult:
    """Loading every store of a scenario, from empty schema to indexes and statistics ready."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    elapsed_ns: Count
    stores: tuple[StoreResult, ...]

    @property
    def size_bytes(self) -> int | None:
        """Size of all stores on disk; None when one of them is not known."""
        sizes = [store.size_bytes for store in self.stores]
        return None if None in sizes else sum(size for size in sizes if size is not None)


@dataclass(frozen=True, kw_only=True)
class BenchmarkResult:
    """One pass of one scenario over one dataset: the load and all queries.

    `error_type` names the class in errors.py when a known error ended the cell. `resources` is None
    where nobody watched.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenario: str
    profile: str
    dataset_seed: int
    dataset_fingerprint: str
    outcome: CellOutcome
    reason: str | None
    error_type: str | None
    started_at: datetime
    elapsed_ns: Count
    load: LoadResult | None
    queries: tuple[QueryResult, ...]
    resources: CellUse | None = None

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
        latency=summarise([s.elapsed_ns for s in answered if s.elapsed_ns is not None]),
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
