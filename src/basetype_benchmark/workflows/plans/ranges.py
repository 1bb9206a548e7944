"""Quantities that are not known: between which bounds, and where most likely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Range:
    """An estimate and its bounds, low to high; seconds or bytes, as its name says."""

    low: float
    likely: float
    high: float

    def __add__(self, other: Range) -> Range:
        return Range(
            low=self.low + other.low,
            likely=self.likely + other.likely,
            high=self.high + other.high,
        )

    def times(self, low: float, likely: float | None = None, high: float | None = None) -> Range:
        """Multiply each bound by its own factor, or all by one."""
        likely = low if likely is None else likely
        return Range(
            low=self.low * low,
            likely=self.likely * likely,
            high=self.high * (likely if high is None else high),
        )

    def at_most(self, limit: float) -> Range:
        """Bound it from above."""
        return Range(
            low=min(self.low, limit), likely=min(self.likely, limit), high=min(self.high, limit)
        )


NOTHING = Range(low=0, likely=0, high=0)


def about(likely: float, factor: float) -> Range:
    """Give what may be so many times less or more."""
    return Range(low=likely / factor, likely=likely, high=likely * factor)


def total(ranges: Iterable[Range]) -> Range:
    """Add up quantities that err together, as those of one machine do."""
    return sum(ranges, NOTHING)


def highest(ranges: Iterable[Range]) -> Range:
    """Give the most of each bound."""
    found = [NOTHING, *ranges]
    return Range(
        low=max(one.low for one in found),
        likely=max(one.likely for one in found),
        high=max(one.high for one in found),
    )
