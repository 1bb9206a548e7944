"""How two measurements of the same queries compare: a ratio of medians with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import ConfigDict

from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.benchmark.statistics import (
    CONFIDENCE_PERCENT,
    RESAMPLES,
    geometric_mean,
)
from basetype_benchmark.benchmark.strict import STRICT

Latencies = Mapping[str, Sequence[Sequence[int]]]
"""Latencies in ns by query, a list for each of its variants."""

_SEED = 20240102


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A ratio of two geometric means of medians, with a bootstrap 95 % interval."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high:
            raise ValueError(f"an interval of a ratio cannot run from {self.low} to {self.high}")


def latencies_of(results: Sequence[BenchmarkResult]) -> Latencies:
    """Collect what queries that are ok took, over repetitions of one cell."""
    collected: dict[str, dict[int, list[int]]] = {}
    for query in (query for result in results for query in result.queries):
        if query.outcome is not Outcome.OK:
            continue
        by_variant = collected.setdefault(query.query, {})
        for sample in query.samples:
            if sample.elapsed_ns is not None:
                by_variant.setdefault(sample.variant, []).append(max(1, sample.elapsed_ns))
    return {query: list(by_variant.values()) for query, by_variant in collected.items()}


def geometric_mean_p50(latencies: Latencies) -> float | None:
    """Geometric mean in ns of the per-query medians; None when there is no query."""
    return geometric_mean(_median(variants) for variants in latencies.values())


def compare_latencies(before: Latencies, after: Latencies) -> Ratio | None:
    """Give after / before: the geometric mean of the per-query medians; 0.8 is 20 % less time.

    Over the queries that both have; None when there is none. Each variant is resampled by itself:
    how often it ran was decided, not drawn. The same input gives the same output. What differs
    between two cells as such (the moment, the neighbours on the machine) is not in the interval.
    """
    queries = sorted(before.keys() & after.keys())
    if not queries:
        return None
    rng = np.random.Generator(np.random.Philox(_SEED))
    value = _log_mean([_median(after[query]) / _median(before[query]) for query in queries])
    resampled = np.zeros(RESAMPLES)
    for query in queries:
        resampled += np.log(_resampled_medians(after[query], rng))
        resampled -= np.log(_resampled_medians(before[query], rng))
    ends = np.exp(np.percentile(resampled / len(queries), CONFIDENCE_PERCENT))
    # Of few latencies the percentile bootstrap can leave out what was measured.
    return Ratio(value=value, low=min(value, float(ends[0])), high=max(value, float(ends[1])))


def _log_mean(values: Sequence[float]) -> float:
    return float(np.exp(np.mean(np.log(values))))


def _median(variants: Sequence[Sequence[int]]) -> float:
    return float(np.median(np.concatenate([np.asarray(v, dtype=np.float64) for v in variants])))


def _resampled_medians(
    variants: Sequence[Sequence[int]], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    drawn = []
    for latencies in variants:
        values = np.asarray(latencies, dtype=np.float64)
        drawn.append(values[rng.integers(0, values.size, size=(RESAMPLES, values.size))])
    medians: npt.NDArray[np.float64] = np.median(np.concatenate(drawn, axis=1), axis=1)
    return medians
