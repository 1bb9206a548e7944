"""Statistics of latencies: percentiles with bootstrap intervals, and geometric means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

RESAMPLES = 1000
CONFIDENCE_PERCENT = (2.5, 97.5)
_BOOTSTRAP_SEED = 20240101
_VALUES_AT_ONCE = 1_000_000  # bounds the memory of the bootstrap: 16 MB


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


@dataclass(frozen=True, kw_only=True)
class LatencyStatistics:
    """What latencies say. Percentiles interpolate linearly between order statistics."""

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
    """Percentile-bootstrap 95 % interval of the median. None: a single latency says nothing of its
    own spread."""
    p95_interval: Interval | None
    """The same of the 95th percentile. None: a single latency says nothing of its own spread."""

    def __post_init__(self) -> None:
        ladder = (self.min_ns, self.p50_ns, self.p95_ns, self.p99_ns, self.max_ns)
        if any(low > high for low, high in pairwise(ladder)):
            raise ValueError(f"percentiles must not fall: {ladder}")
        if not self.min_ns <= self.mean_ns <= self.max_ns:
            raise ValueError(f"mean {self.mean_ns} outside {self.min_ns} to {self.max_ns}")


def summarise(elapsed_ns: Sequence[int]) -> LatencyStatistics | None:
    """Summarise latencies; None when there are none. The same input gives the same output."""
    if not elapsed_ns:
        return None
    values = np.sort(np.asarray(elapsed_ns, dtype=np.float64))
    p50, p95, p99 = np.percentile(values, [50, 95, 99])
    intervals = _bootstrap(values) if values.size > 1 else None
    return LatencyStatistics(
        n=int(values.size),
        min_ns=float(values[0]),
        p50_ns=float(p50),
        p95_ns=float(p95),
        p99_ns=float(p99),
        max_ns=float(values[-1]),
        # The mean of equal floats can lie one rounding step outside them.
        mean_ns=float(np.clip(values.mean(), values[0], values[-1])),
        p50_interval=None if intervals is None else intervals[0],
        p95_interval=None if intervals is None else intervals[1],
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


def _bootstrap(values: npt.NDArray[np.float64]) -> tuple[Interval, Interval]:
    """95 % intervals of the 50th and 95th percentile, from resamples with replacement."""
    rng = np.random.Generator(np.random.Philox(_BOOTSTRAP_SEED))
    at_once = max(1, _VALUES_AT_ONCE // values.size)
    parts = [
        np.percentile(
            values[
                rng.integers(0, values.size, size=(min(at_once, RESAMPLES - done), values.size))
            ],
            [50, 95],
            axis=1,
        )
        for done in range(0, RESAMPLES, at_once)
    ]
    resampled = np.concatenate(parts, axis=1)
    ends = np.percentile(resampled, CONFIDENCE_PERCENT, axis=1)
    p50, p95 = (
        Interval(low_ns=float(ends[0, row]), high_ns=float(ends[1, row])) for row in range(2)
    )
    return p50, p95
