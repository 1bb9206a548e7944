"""Medians of queries as estimates, and the geometric mean of several of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np

from basetype_benchmark.benchmark.estimate import (
    Estimate,
    ResampledUnit,
    from_repetitions,
    mean_of,
)
from basetype_benchmark.benchmark.percentiles import Sorted, estimate_percentile

LEAST_NS = 1.0
"""What a clock that did not move counts as where logarithms are taken."""


def median_of_executions(latencies: Sorted) -> Estimate | None:
    """Estimate the median of one repetition; None where one execution alone tells no spread.

    The standard deviation of its logarithm is that of itself, relatively.
    """
    p50 = estimate_percentile(latencies, 0.50)
    if p50.deviation is None:
        return None
    value_ns = max(LEAST_NS, p50.value)
    return Estimate(
        log_value=log(value_ns),
        variance=(p50.deviation / value_ns) ** 2,
        degrees_of_freedom=latencies.n - 1,
        unit=ResampledUnit.EXECUTION,
    )


def percentile_of_repetitions(value_ns: float, by_repetition_ns: Sequence[float]) -> Estimate:
    """Estimate a percentile that each of two or more repetitions has its own of."""
    logs = [log(max(LEAST_NS, value)) for value in by_repetition_ns]
    return from_repetitions(log(max(LEAST_NS, value_ns)), logs)


def geometric_mean_of_medians(
    medians: Sequence[Estimate], by_repetition_ns: Sequence[Sequence[float]]
) -> Estimate:
    """Estimate the geometric mean of the medians of one or more queries of the same cells.

    `by_repetition_ns` has the medians of each query in every repetition. With repetitions the
    estimate is from the geometric mean that each of them had: what slowed one repetition down
    slowed all of its queries. Else the queries were drawn independently.
    """
    mean = mean_of(medians)
    if len(by_repetition_ns[0]) < 2:
        return mean
    logs = np.log(np.maximum(LEAST_NS, by_repetition_ns)).mean(axis=0)
    return from_repetitions(mean.log_value, logs.tolist())
