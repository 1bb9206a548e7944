"""How far a percentile could be off: the bootstrap of its executions, without its draws.

A resample draws as many executions of every variant as there were: how often a variant ran was
decided, not drawn. How many of a resample are among the ``i`` smallest latencies is then a sum of
binomial counts, one for each variant; its mean is ``i``, its variance
``sum(c * (1 - c / m))``, with ``c`` of the ``m`` latencies of a variant among them. A resample
spreads about what was measured by too little, as a variance over ``m`` does: each variant's part is
taken ``m / (m - 1)`` times, and of a variant that ran once nothing can be told. The chance that
the ``k``-th smallest of a resample is at most the ``i``-th latency is the chance that the count is
``k`` or more (Efron 1979 has it for one variant); here by the normal distribution with continuity
correction. So nothing is drawn: the result is the same whenever and wherever it is computed, at a
cost that grows with the number of latencies alone.

- Efron, Bootstrap methods: another look at the jackknife. Ann. Statist. 7 (1979) 1-26.
- Maritz, Jarrett, A note on estimating the variance of the sample median. JASA 73 (1978) 194-196.
- Hesterberg, What teachers should know about the bootstrap. Am. Stat. 69 (2015) 371-386.
- Rao, Wu, Resampling inference with complex survey data. JASA 83 (1988) 231-241: of strata.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from basetype_benchmark.benchmark.distributions import CONFIDENCE, normal_cdf, student_reach

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """One or more latencies in ns, sorted, and the number of the variant of each, from 0."""

    values: Floats
    variants: Ints

    @property
    def n(self) -> int:
        """How many there are."""
        return int(self.values.size)

    @cached_property
    def executions(self) -> Ints:
        """How many there are of each variant."""
        return np.bincount(self.variants)

    @property
    def fewest_executions(self) -> int:
        """How many there are of the variant that has the fewest."""
        return int(self.executions.min())

    @property
    def degrees_of_freedom(self) -> int:
        """How many differences within variants they are: what a spread is told from."""
        return self.n - self.executions.size

    @cached_property
    def count_variances(self) -> Floats:
        """For each i, the variance of how many of a resample are among the i smallest.

        Of variants that ran twice or more each.
        """
        variances = np.zeros(self.n)
        for number, m in enumerate(self.executions):
            counts = np.cumsum(self.variants == number, dtype=np.float64)
            variances += counts * (1 - counts / m) * (m / (m - 1))
        return variances


@dataclass(frozen=True, kw_only=True)
class Percentile:
    """A percentile, interpolated linearly between order statistics, and how far it could be off.

    `low` and `high` are the ends of its 95 % interval; None of too few latencies. `deviation` is
    the bootstrap standard deviation; None where a variant ran once.
    """

    value: float
    low: float | None
    high: float | None
    deviation: float | None


def sort_latencies(elapsed_ns: npt.ArrayLike, variants: npt.ArrayLike | None = None) -> Sorted:
    """Sort latencies with their variants; without them all are of one."""
    values = np.asarray(elapsed_ns, dtype=np.float64)
    if variants is None:
        return Sorted(values=np.sort(values), variants=np.zeros(values.size, dtype=np.int64))
    numbers = np.unique(np.asarray(variants), return_inverse=True)[1].astype(np.int64)
    order = np.lexsort((numbers, values))
    return Sorted(values=values[order], variants=numbers[order])


def estimate_percentile(latencies: Sorted, share: float) -> Percentile:
    """Estimate a percentile of latencies, `share` of them below it.

    The interval is the percentile interval of the bootstrap, with tails that are expanded for small
    ``n`` (Hesterberg 2015, section 5.3) to those of Student, else it would be too narrow. A
    percentile between two order statistics has the ends, and the deviation, of both in the same
    proportion. It may lie amid one variant: as many of each are needed as for a median.
    """
    values, n = latencies.values, latencies.n
    value = float(np.percentile(values, 100 * share))
    if latencies.fewest_executions < 2:
        return Percentile(value=value, low=None, high=None, deviation=None)
    position = min(max((n + 1) * share, 1.0), float(n))
    below, part = int(position), position % 1
    chances = _standardised(latencies, below)
    first = _Order(values, chances)
    second = _Order(values, _standardised(latencies, below + 1)) if part else first
    deviation = (1 - part) * first.deviation + part * second.deviation
    if n < fewest(share) or latencies.fewest_executions < fewest(0.50):
        return Percentile(value=value, low=None, high=None, deviation=deviation)
    reach = student_reach(latencies.degrees_of_freedom)
    low, high = (
        (1 - part) * first.quantile(end) + part * second.quantile(end) for end in (-reach, reach)
    )
    return Percentile(value=value, low=min(low, value), high=max(high, value), deviation=deviation)


@lru_cache
def fewest(share: float) -> int:
    """Of how many latencies the lowest and highest hold a percentile in 95 % of cases.

    Fewer have no interval, whatever the method: p50 needs 6, p95 needs 59.
    """
    n = 2
    while 1 - share**n - (1 - share) ** n < CONFIDENCE:
        n += 1
    return n


class _Order:
    """The bootstrap distribution of one order statistic: its quantiles and its deviation."""

    def __init__(self, values: Floats, standardised: Floats) -> None:
        self._values = values
        self._standardised = standardised

    def quantile(self, z: float) -> float:
        """Give the quantile at the standard normal quantile `z`."""
        index = int(np.argmax(self._standardised >= z))
        return float(self._values[index])

    @property
    def deviation(self) -> float:
        """The standard deviation."""
        weights = np.diff(normal_cdf(self._standardised), prepend=0.0)
        centred = self._values - self._values[int(np.argmax(weights))]  # against cancellation
        variance = weights @ centred**2 - (weights @ centred) ** 2
        return float(np.sqrt(max(0.0, variance)))


def _standardised(latencies: Sorted, k: int) -> Floats:
    """For each i, the normal quantile of the chance that the k-th of a resample is at most it.

    Infinite where it is certain; never falls.
    """
    distance = np.arange(1, latencies.n + 1) - k + 0.5  # never zero
    with np.errstate(divide="ignore"):
        return np.maximum.accumulate(distance / np.sqrt(latencies.count_variances))
