"""How two measurements of the same queries compare: a ratio of medians with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import ConfigDict

from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.results import BenchmarkResult, QueryResult
from basetype_benchmark.benchmark.statistics import (
    CONFIDENCE_PERCENT,
    RESAMPLES,
    geometric_mean,
)
from basetype_benchmark.benchmark.strict import STRICT

Latencies = Mapping[str, Sequence[Sequence[Sequence[int]]]]
"""Latencies in ns by query: a list for each repetition of the cell, with one for each variant."""

_SEED = 20240102


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A ratio of two geometric means of medians, with a bootstrap 95 % interval."""

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
    def is_distinguishable(self) -> bool:
        """Whether the interval excludes 1; where not, no difference is shown."""
        return not self.low <= 1 <= self.high


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
    return geometric_mean(map(_median, latencies.values()))


def compare_latencies(before: Latencies, after: Latencies) -> Ratio | None:
    """Give after / before: the geometric mean of the per-query medians; 0.8 is 20 % less time.

    Over the queries that both have; None when there is none. Each variant is resampled by itself:
    how often it ran was decided, not drawn. Where there are repetitions, they are drawn first, the
    same for all queries: what differs between two cells as such (the moment, the neighbours on the
    machine) is then in the interval; with one repetition it is not. The same input gives the same
    output.
    """
    queries = sorted(before.keys() & after.keys())
    if not queries:
        return None
    rng = np.random.Generator(np.random.Philox(_SEED))
    value = np.exp(np.mean([np.log(_median(after[q]) / _median(before[q])) for q in queries]))
    resampled = _resampled_log_means(after, queries, rng)
    resampled -= _resampled_log_means(before, queries, rng)
    low, high = np.exp(np.percentile(resampled, CONFIDENCE_PERCENT))
    # Of few latencies the percentile bootstrap can leave out what was measured.
    return Ratio(value=float(value), low=float(min(value, low)), high=float(max(value, high)))


def _median(repetitions: Sequence[Sequence[Sequence[int]]]) -> float:
    return float(np.median([value for variants in repetitions for v in variants for value in v]))


def _resampled_log_means(
    latencies: Latencies, queries: Sequence[str], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Means over the queries of the logarithms of medians, one for each resample."""
    repetitions = len(latencies[queries[0]])
    drawn = rng.integers(0, repetitions, size=(RESAMPLES, repetitions))
    total = np.zeros(RESAMPLES)
    for query in queries:
        variants = zip(*latencies[query], strict=True)
        values = [_resampled(np.asarray(v, dtype=np.float64), drawn, rng) for v in variants]
        total += np.log(np.median(np.concatenate(values, axis=1), axis=1))
    return total / len(queries)


def _resampled(
    runs: npt.NDArray[np.float64], drawn: npt.NDArray[np.int64], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Draw runs of one variant from the repetitions drawn: a row of them for each resample."""
    count = runs.shape[1]
    picked = rng.integers(0, count, size=(*drawn.shape, count))
    return runs[drawn[:, :, np.newaxis], picked].reshape(RESAMPLES, -1)
