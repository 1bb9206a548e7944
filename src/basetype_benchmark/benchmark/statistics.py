"""Statistics of latencies: percentiles with bootstrap intervals, and geometric means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from basetype_benchmark.benchmark.percentiles import (
    Percentile,
    Sorted,
    estimate_percentile,
    sort_latencies,
)

WIDEST_TOLD = 100
"""The factor from one end to the other beyond which an interval is not worth its figures."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A 95 % interval, both ends included."""

    low_ns: float
    """Lower end."""
    high_ns: float
    """Upper end."""

    def __post_init__(self) -> None:
        if not self.low_ns <= self.high_ns:
            raise ValueError(f"an interval cannot run from {self.low_ns} to {self.high_ns}")

    @property
    def is_telling(self) -> bool:
        """Whether it says anything: two or three runs may give one over many powers of ten."""
        return self.high_ns <= WIDEST_TOLD * self.low_ns


@dataclass(frozen=True, kw_only=True)
class LatencyStatistics:
    """What latencies say. Percentiles interpolate linearly between order statistics.

    The intervals take as drawn the executions of each variant, see `percentiles`.
    """

    n: int
    """How many latencies."""
    min_ns: float
    """The shortest."""
    p50_ns: float
    """Median."""
    p95_ns: float
    """95th percentile."""
    p99_ns: float
    """99th percentile."""
    max_ns: float
    """The longest."""
    mean_ns: float
    """Arithmetic mean."""
    p50_interval: Interval | None
    """Bootstrap 95 % interval of the median. None: fewer than 6 of a variant cannot tell it."""
    p95_interval: Interval | None
    """The same of the 95th percentile. None: fewer than 6 of a variant, or than 59, cannot tell."""

    def __post_init__(self) -> None:
        ladder = (self.min_ns, self.p50_ns, self.p95_ns, self.p99_ns, self.max_ns)
        if any(low > high for low, high in pairwise(ladder)):
            raise ValueError(f"percentiles must not fall: {ladder}")
        if not self.min_ns <= self.mean_ns <= self.max_ns:
            raise ValueError(f"mean {self.mean_ns} outside {self.min_ns} to {self.max_ns}")


def summarise(
    elapsed_ns: Sequence[int], variants: Sequence[int] | None = None
) -> LatencyStatistics | None:
    """Summarise latencies; None when there are none. The same input gives the same output.

    `variants` has the number of the variant of each; without them all are of one.
    """
    if not len(elapsed_ns):
        return None
    return summarise_sorted(sort_latencies(elapsed_ns, variants))


def summarise_sorted(latencies: Sorted) -> LatencyStatistics:
    """Summarise latencies that are sorted already."""
    values = latencies.values
    p50, p95 = (estimate_percentile(latencies, share) for share in (0.50, 0.95))
    return LatencyStatistics(
        n=latencies.n,
        min_ns=float(values[0]),
        p50_ns=p50.value,
        p95_ns=p95.value,
        p99_ns=float(np.percentile(values, 99)),
        max_ns=float(values[-1]),
        # The mean of equal floats can lie one rounding step outside them.
        mean_ns=float(np.clip(values.mean(), values[0], values[-1])),
        p50_interval=_interval(p50),
        p95_interval=_interval(p95),
    )


def geometric_mean(values: Iterable[float]) -> float | None:
    """Geometric mean of positive values; None when there are none.

    Raises:
        ValueError: a value is zero or negative: it has no geometric mean, and is not a latency.
    """
    array = np.asarray(list(values), dtype=np.float64)
    if array.size == 0:
        return None
    if not (array > 0).all():
        raise ValueError("a geometric mean needs values above zero")
    return float(np.exp(np.log(array).mean()))


def _interval(percentile: Percentile) -> Interval | None:
    if percentile.low is None or percentile.high is None:
        return None
    return Interval(low_ns=percentile.low, high_ns=percentile.high)
