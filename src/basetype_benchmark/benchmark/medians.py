"""Medians of queries as estimates, and the geometric mean of several of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class Median:
    """The median of one query over all repetitions of a cell.

    `estimate` is None where executions were drawn, and some variant ran only once: that says
    nothing of its spread. `by_repetition_ns` has the median of each repetition.
    """

    estimate: Estimate | None
    by_repetition_ns: tuple[float, ...]


def median_of(repetitions: Sequence[Sorted], together: Sorted) -> Median:
    """Estimate the median of the latencies of one or more repetitions, and of all `together`.

    With two or more repetitions those are what was drawn, else the executions are.
    """
    medians = tuple(float(np.median(one.values)) for one in repetitions)
    if len(medians) < 2:
        return Median(estimate=_median_of_executions(together), by_repetition_ns=medians)
    median_ns = float(np.median(together.values))
    return Median(estimate=percentile_of_repetitions(median_ns, medians), by_repetition_ns=medians)


def _median_of_executions(latencies: Sorted) -> Estimate | None:
    """Estimate the median of one repetition.

    The standard deviation of its logarithm is that of itself, relatively.
    """
    p50 = estimate_percentile(latencies, 0.50)
    if p50.deviation is None:
        return None
    value_ns = max(LEAST_NS, p50.value)
    return Estimate(
        log_value=log(value_ns),
        variance=(p50.deviation / value_ns) ** 2,
        degrees_of_freedom=latencies.degrees_of_freedom,
        unit=ResampledUnit.EXECUTION,
    )


def percentile_of_repetitions(value_ns: float, by_repetition_ns: Sequence[float]) -> Estimate:
    """Estimate a percentile that each of two or more repetitions has its own of."""
    logs = [log(max(LEAST_NS, value)) for value in by_repetition_ns]
    return from_repetitions(log(max(LEAST_NS, value_ns)), logs)


def geometric_mean_of(medians: Sequence[Median]) -> Estimate | None:
    """Estimate the geometric mean of the medians of queries of the same cells.

    None where there is none, or one of them tells no spread. With repetitions the estimate is from
    the geometric mean that each of them had: what slowed one repetition down slowed all of its
    queries. Else the queries were drawn independently.
    """
    estimates = [median.estimate for median in medians if median.estimate is not None]
    if not medians or len(estimates) < len(medians):
        return None
    mean = mean_of(estimates)
    by_repetition_ns = [median.by_repetition_ns for median in medians]
    if len(by_repetition_ns[0]) < 2:
        return mean
    logs = np.log(np.maximum(LEAST_NS, by_repetition_ns)).mean(axis=0)
    return from_repetitions(mean.log_value, logs.tolist())
