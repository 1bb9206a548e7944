"""A positive figure with its uncertainty, on the scale of logarithms, where ratios are differences.

Intervals are those of Student with the standard error of the bootstrap (Efron and Tibshirani, An
Introduction to the Bootstrap, 1993, chapter 12; Hesterberg 2015, section 5.2), the degrees of
freedom of sums are those of Welch and Satterthwaite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf, sqrt

import numpy as np

from basetype_benchmark.benchmark.distributions import student_reach
from basetype_benchmark.benchmark.statistics import Interval

_LARGEST_LOG = 700.0  # exp() of more is infinite


class ResampledUnit(StrEnum):
    """What was taken as drawn independently: whole restarts, or the executions of one."""

    REPETITION = "repetition"
    EXECUTION = "execution"


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A natural logarithm, its variance, and how many degrees of freedom that was told from."""

    log_value: float
    variance: float
    degrees_of_freedom: float
    unit: ResampledUnit

    @property
    def value(self) -> float:
        """The figure itself."""
        return exp(self.log_value)

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the 95 % interval of the figure, which it lies between."""
        quantile = student_reach(self.degrees_of_freedom)
        reach = 0.0 if self.variance == 0 else quantile * sqrt(self.variance)
        low = exp(max(-_LARGEST_LOG, self.log_value - reach))
        return min(low, self.value), max(exp(min(_LARGEST_LOG, self.log_value + reach)), self.value)

    @property
    def interval(self) -> Interval:
        """The 95 % interval of a figure in ns."""
        low, high = self.ends
        return Interval(low_ns=low, high_ns=high)

    def over(self, base: Estimate) -> Estimate:
        """Estimate the ratio of this figure to another one, measured independently of it."""
        return Estimate(
            log_value=self.log_value - base.log_value,
            variance=self.variance + base.variance,
            degrees_of_freedom=_joint_degrees([self, base]),
            unit=_joint_unit([self, base]),
        )


def mean_of(parts: Sequence[Estimate]) -> Estimate:
    """Estimate the geometric mean of figures measured independently of each other."""
    count = len(parts)
    return Estimate(
        log_value=sum(part.log_value for part in parts) / count,
        variance=sum(part.variance for part in parts) / count**2,
        degrees_of_freedom=_joint_degrees(parts),
        unit=_joint_unit(parts),
    )


def from_repetitions(log_value: float, log_values: Sequence[float]) -> Estimate:
    """Estimate a figure of which each of two or more repetitions has given one.

    Raises:
        ValueError: there are fewer than two.
    """
    count = len(log_values)
    if count < 2:
        raise ValueError("one repetition says nothing of how repetitions differ")
    return Estimate(
        log_value=log_value,
        variance=float(np.var(log_values, ddof=1)) / count,
        degrees_of_freedom=count - 1,
        unit=ResampledUnit.REPETITION,
    )


def _joint_degrees(parts: Sequence[Estimate]) -> float:
    variance = sum(part.variance for part in parts)
    spread = sum(part.variance**2 / part.degrees_of_freedom for part in parts)
    return variance**2 / spread if spread > 0 else inf


def _joint_unit(parts: Sequence[Estimate]) -> ResampledUnit:
    is_all = all(part.unit is ResampledUnit.REPETITION for part in parts)
    return ResampledUnit.REPETITION if is_all else ResampledUnit.EXECUTION
