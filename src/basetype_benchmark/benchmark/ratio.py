"""How two measurements of the same queries compare: a ratio of medians with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from pydantic import ConfigDict

from basetype_benchmark.benchmark.estimate import Estimate
from basetype_benchmark.benchmark.medians import Median, geometric_mean_of, median_of
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.percentiles import Sorted, sort_latencies
from basetype_benchmark.benchmark.results import BenchmarkResult, QueryResult
from basetype_benchmark.benchmark.statistics import WIDEST_TOLD, geometric_mean
from basetype_benchmark.benchmark.strict import STRICT

Latencies = Mapping[str, Sequence[Sequence[Sequence[int]]]]
"""Latencies in ns by query: a list for each repetition of the cell, with one for each variant."""


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A ratio of two geometric means of medians, with a 95 % interval."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    value: float
    """The ratio."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end of its interval."""

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high:
            raise ValueError(f"an interval of a ratio cannot run from {self.low} to {self.high}")

    @property
    def is_telling(self) -> bool:
        """Whether its interval says anything: of two runs it may go over many powers of ten."""
        return self.high <= WIDEST_TOLD * self.low

    @property
    def is_distinguishable(self) -> bool:
        """Whether the interval tells, and excludes 1; where not, no difference is shown."""
        return self.is_below(1) or self.is_above(1)

    def is_below(self, factor: float) -> bool:
        """Whether the whole interval is, and tells."""
        return self.is_telling and self.high < factor

    def is_above(self, factor: float) -> bool:
        """Whether the whole interval is, and tells."""
        return self.is_telling and self.low > factor


def latencies_of(results: Sequence[BenchmarkResult]) -> Latencies:
    """Collect what queries took that are ok in every repetition of a cell."""
    by_query: dict[str, list[list[list[int]]]] = {}
    for result in results:
        for query in result.queries:
            if query.outcome is Outcome.OK:
                by_query.setdefault(query.query, []).append(_by_variant(query))
    return {name: found for name, found in by_query.items() if len(found) == len(results)}


def _by_variant(query: QueryResult) -> list[list[int]]:
    """Part the latencies; a clock that did not move counts as 1 ns, since ratios are taken."""
    by_variant: dict[int, list[int]] = {}
    for sample in query.samples:
        if sample.elapsed_ns is not None:
            by_variant.setdefault(sample.variant, []).append(max(1, sample.elapsed_ns))
    return list(by_variant.values())


def geometric_mean_p50(latencies: Latencies) -> float | None:
    """Geometric mean in ns of the per-query medians; None when there is no query."""
    return geometric_mean(float(np.median(_values(found))) for found in latencies.values())


def compare_latencies(before: Latencies, after: Latencies) -> Ratio | None:
    """Give after / before: the geometric mean of the per-query medians; 0.8 is 20 % less time.

    Over the queries that both have; None when there is none, or they say nothing of their spread.
    Where both have repetitions, those are what was drawn: what differs between two cells as such
    (the moment, the neighbours on the machine) is then in the interval; with one repetition it is
    not, and the executions are drawn. The same input gives the same output.
    """
    queries = sorted(before.keys() & after.keys())
    return compare_medians(
        [_median(after[query]) for query in queries], [_median(before[query]) for query in queries]
    )


def compare_medians(medians: Sequence[Median], base: Sequence[Median]) -> Ratio | None:
    """Give the geometric mean of medians over that of the same queries, measured independently.

    None where there is none, or one of them says nothing of its spread.
    """
    return ratio_of(geometric_mean_of(medians), geometric_mean_of(base))


def ratio_of(estimate: Estimate | None, base: Estimate | None) -> Ratio | None:
    """Give an estimate over another one that was measured independently; None unless both are."""
    if estimate is None or base is None:
        return None
    found = estimate.over(base)
    low, high = found.ends
    return Ratio(value=found.value, low=low, high=high)


def _median(repetitions: Sequence[Sequence[Sequence[int]]]) -> Median:
    parts = [_sorted(variants) for variants in repetitions]
    together = parts[0] if len(parts) == 1 else sort_latencies(_values(repetitions))
    return median_of(parts, together)


def _sorted(variants: Sequence[Sequence[int]]) -> Sorted:
    numbers = np.repeat(np.arange(len(variants)), [len(runs) for runs in variants])
    return sort_latencies(np.concatenate(variants), numbers)


def _values(repetitions: Sequence[Sequence[Sequence[int]]]) -> list[int]:
    return [value for variants in repetitions for runs in variants for value in runs]
