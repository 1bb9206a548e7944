"""The summary of a campaign: the one table that report, comparison, exports and checks use.

A level here is one scenario on one profile with so much RAM; the cells of a level are its
repetitions, each with servers and stores of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from basetype_benchmark.analysis.noise import Noise
from basetype_benchmark.benchmark.estimate import Estimate, ResampledUnit
from basetype_benchmark.benchmark.medians import Median
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.statistics import Interval, LatencyStatistics


@dataclass(frozen=True, kw_only=True)
class QuerySummary:
    """One query at one level.

    `outcome` is the gravest over the repetitions, `reason` says why it is not ok. `latency` is over
    all answered executions of all repetitions, wrong answers included; None without an answer. Only
    a query that is ok may be ranked by it. Its intervals take as drawn what `resampled` says.

    `p50_by_repetition_ns` has a value for each cell that answered at all. `p50` is the median as
    an estimate, to build ratios of; None where a variant ran once, which tells no spread.
    `instability` says in words why the figure means little.
    """

    profile: str
    scenario: str
    ram_bytes: int | None
    query: str
    name: str
    cells: tuple[str, ...]
    outcome: Outcome
    reason: str | None
    planned_runs: int
    answered_runs: int
    latency: LatencyStatistics | None
    p50_by_repetition_ns: tuple[float, ...]
    p50: Estimate | None
    resampled: ResampledUnit
    instability: tuple[str, ...]

    @property
    def is_ok(self) -> bool:
        """Whether it may be ranked: every repetition answered rightly, every time."""
        return self.outcome is Outcome.OK

    @property
    def is_unstable(self) -> bool:
        """Whether the figure means little, for the reasons in `instability`."""
        return bool(self.instability)

    @property
    def median(self) -> Median:
        """What geometric means are built of."""
        return Median(estimate=self.p50, by_repetition_ns=self.p50_by_repetition_ns)

    @property
    def repetitions(self) -> int:
        """How many cells the figures are from."""
        return len(self.p50_by_repetition_ns)


@dataclass(frozen=True, kw_only=True)
class ServerPeak:
    """The most that one server held in one phase, in any repetition; None: it was not read.

    The parts have peaks of their own, reached at other moments: they do not add up. Where not
    `is_exact`, it is the most that a reading saw, and there may have been more in between.
    """

    phase: str
    source: str
    memory_bytes: int | None
    anonymous_bytes: int | None
    file_bytes: int | None
    is_exact: bool


@dataclass(frozen=True, kw_only=True)
class CpuUse:
    """CPU time of all servers together in one phase: the median over repetitions."""

    phase: str
    cpu_s: float | None


@dataclass(frozen=True, kw_only=True)
class LevelSummary:
    """One scenario on one profile at one level, over its repetitions.

    `cells` have a result, `missing_cells` were planned and have none. `drift` says in words, by
    cell, which of them were measured while the machine was not as over the rest of the campaign;
    their queries are unstable. `outcome` is that of the
    first cell that was not completed, if any, and `reason` says why the level is not ok.

    `geometric_mean_p50_ns` is over the medians of all queries that the scenario can express; None
    unless all of them are ok in every cell. `geometric_mean` is the same as an estimate, None also
    where a variant of one of them ran once, which tells no spread.

    `load_ns` is the median of `loads` loads, None where the stores were loaded at another level;
    `size_bytes` is the most that all stores took on disk.
    """

    profile: str
    scenario: str
    ram_bytes: int | None
    cells: tuple[str, ...]
    missing_cells: tuple[str, ...]
    drift: dict[str, str]
    outcome: CellOutcome | None
    reason: str | None
    queries: tuple[QuerySummary, ...]
    geometric_mean_p50_ns: float | None
    geometric_mean: Estimate | None
    load_ns: float | None
    loads: int
    size_bytes: int | None
    peaks: tuple[ServerPeak, ...]
    cpu: tuple[CpuUse, ...]

    @property
    def is_ok(self) -> bool:
        """Whether every cell was completed and every query it can express answered rightly."""
        allowed = (Outcome.OK, Outcome.UNSUPPORTED)
        return self.outcome is CellOutcome.COMPLETED and all(
            query.outcome in allowed for query in self.queries
        )

    @property
    def geometric_mean_interval(self) -> Interval | None:
        """The 95 % interval of the geometric mean."""
        return None if self.geometric_mean is None else self.geometric_mean.interval

    @property
    def peak_bytes(self) -> int | None:
        """The most that the servers held, each at its own peak; None unless all were read."""
        by_source: dict[str, int | None] = {}
        for peak in self.peaks:
            most = by_source.get(peak.source)
            if peak.memory_bytes is not None:
                most = max(most or 0, peak.memory_bytes)
            by_source[peak.source] = most
        known = [most for most in by_source.values() if most is not None]
        return sum(known) if known and len(known) == len(by_source) else None

    def find(self, query: str) -> QuerySummary | None:
        """Give the summary of one query."""
        return next((found for found in self.queries if found.query == query), None)


@dataclass(frozen=True, kw_only=True)
class CampaignSummary:
    """The summary of every level, in the order planned.

    `noise` is what the sentinel says of the machine; None where it was not asked.
    """

    campaign: str
    noise: Noise | None
    levels: tuple[LevelSummary, ...]

    @property
    def queries(self) -> tuple[QuerySummary, ...]:
        """Every query of every level."""
        return tuple(query for level in self.levels for query in level.queries)

    def find(self, profile: str, scenario: str, ram_bytes: int | None) -> LevelSummary | None:
        """Give the summary of one level."""
        wanted = (profile, scenario, ram_bytes)
        return next(
            (x for x in self.levels if (x.profile, x.scenario, x.ram_bytes) == wanted), None
        )
