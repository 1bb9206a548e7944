"""Which RAM level to try next, and what those that were tried say. Pure: no clock, no files.

The state is the history; the same history gives the same decision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from basetype_benchmark.benchmark.brackets import History, find_bracket, find_contradictions
from basetype_benchmark.benchmark.gradient import Comparison, Findings, Observation
from basetype_benchmark.benchmark.ratio import Ratio, compare_latencies
from basetype_benchmark.benchmark.ratio_words import format_ratio
from basetype_benchmark.config.ram import (
    BRACKET_RATIO,
    LEAST_BYTES,
    PLATEAU_IMPROVEMENT,
    Strategy,
    format_ram,
)
from basetype_benchmark.units import MIB


@dataclass(frozen=True, kw_only=True)
class Step:
    """The level to try next, and why."""

    ram_bytes: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """Nothing more to try, and why."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class RamController:
    """Goes through the levels of one scenario.

    First up the given `levels`, lowest first, to the plateau: the level above which the time falls
    by less than `plateau_improvement`, which the whole interval of the ratio must say. With
    `bisects`, then between the highest level that failed and the lowest above it that passed,
    until these are no more than `bracket_ratio` apart. When all passed it goes down by halves, not
    below `least_bytes`; when all failed it does not go up: the levels given are the bound.

    Raises:
        ValueError: the levels are not ascending, or a bound makes no sense.
    """

    strategy: Strategy
    levels: tuple[int, ...]
    bisects: bool = False
    least_bytes: int = LEAST_BYTES
    bracket_ratio: float = BRACKET_RATIO
    plateau_improvement: float = PLATEAU_IMPROVEMENT

    def __post_init__(self) -> None:
        if not self.levels or any(low >= high for low, high in pairwise((0, *self.levels))):
            raise ValueError(f"levels must ascend from above 0: {self.levels}")
        if self.bracket_ratio <= 1 or self.least_bytes < MIB:
            raise ValueError("a bracket's ratio must be above 1, and the least level 1 MiB or more")

    def next_level(self, history: History) -> Step | Done:
        """Decide on the next level; never one that was tried."""
        beyond_memory = self._beyond_memory(history)
        if beyond_memory is not None:
            return Done(reason=beyond_memory)
        up = self._next_up(history)
        if isinstance(up, Step) or not self.bisects:
            return up
        within = self._next_within(history)
        return within if isinstance(within, Step) else Done(reason=f"{up.reason}; {within.reason}")

    def findings(self, history: History) -> Findings:
        """Say what the levels tried so far show."""
        comparisons = self._comparisons(history)
        plateau = next(filter(self._shows_plateau, comparisons), None)
        return Findings(
            least=find_bracket(history),
            plateau=plateau,
            is_plateau_bound=plateau is not None and not self._is_reached(plateau, comparisons),
            comparisons=tuple(comparisons),
            contradictions=find_contradictions(history),
        )

    def _beyond_memory(self, history: History) -> str | None:
        """Say why more memory would not help; disk-based scenarios are measured all the same."""
        if self.strategy is not Strategy.ESCALATE_ON_OOM:
            return None
        for tried in history:
            if tried.failure is not None and not tried.is_memory_matter:
                level = format_ram(tried.ram_bytes)
                return f"{tried.failure} at {level}, which more memory does not mend"
        return None

    def _next_up(self, history: History) -> Step | Done:
        """Go on with the levels given, until the plateau."""
        comparisons = self._comparisons(history)
        plateau = next(filter(self._shows_plateau, comparisons), None)
        if plateau is not None:
            return Done(reason=f"plateau at {format_ram(plateau.lower_bytes)}: {_tell(plateau)}")
        tried = {observation.ram_bytes: observation for observation in history}
        left = [level for level in self.levels if level not in tried]
        if left:
            return Step(ram_bytes=left[0], reason=self._why_up(tried, comparisons))
        return Done(reason=self._why_no_plateau(history, comparisons))

    def _why_up(self, tried: dict[int, Observation], comparisons: Sequence[Comparison]) -> str:
        below = [tried[level] for level in self.levels if level in tried]
        if not below:
            return "the lowest level"
        last = below[-1]
        if last.failure is not None:
            return f"{last.failure} at {format_ram(last.ram_bytes)}"
        if comparisons and comparisons[-1].higher_bytes == last.ram_bytes:
            return f"no plateau yet: {_tell(comparisons[-1])}"
        return f"{format_ram(last.ram_bytes)} is viable; is it the plateau?"

    def _why_no_plateau(self, history: History, comparisons: Sequence[Comparison]) -> str:
        top = format_ram(self.levels[-1])
        if comparisons:
            return f"no plateau up to {top}, the highest level: {_tell(comparisons[-1])}"
        viable = sum(o.is_viable for o in history if o.ram_bytes in self.levels)
        few = ", and too few runs to compare them" if viable > 1 else ""
        return f"no plateau up to {top}, the highest level: {viable} of the levels viable{few}"

    def _next_within(self, history: History) -> Step | Done:
        """Narrow down the least viable RAM."""
        bracket = find_bracket(history)
        failed, passed = bracket.failed_at, bracket.passed_at
        if passed is None:
            return Done(reason=f"least viable RAM: {bracket}")
        if failed is None:
            lower = max(self.least_bytes, _whole_mib(passed / 2))
            if lower >= passed:
                return Done(reason=f"least viable RAM: {bracket}")
            return Step(ram_bytes=lower, reason=f"half of {format_ram(passed)}, which passed")
        middle = _whole_mib(math.sqrt(failed * passed))
        if passed <= failed * self.bracket_ratio or not failed < middle < passed:
            return Done(reason=f"least viable RAM: {bracket}")
        return Step(ram_bytes=middle, reason=f"between {bracket}")

    def _comparisons(self, history: History) -> list[Comparison]:
        """Compare each viable level of those given with the one before it."""
        viable = sorted(
            (o for o in history if o.is_viable and o.ram_bytes in self.levels),
            key=lambda o: o.ram_bytes,
        )
        ratios = [(low, high, _ratio(low, high)) for low, high in pairwise(viable)]
        return [
            Comparison(lower_bytes=low.ram_bytes, higher_bytes=high.ram_bytes, ratio=ratio)
            for low, high, ratio in ratios
            if ratio is not None
        ]

    def _shows_plateau(self, comparison: Comparison) -> bool:
        return comparison.ratio.is_above(1 - self.plateau_improvement)

    def _is_reached(self, plateau: Comparison, comparisons: Sequence[Comparison]) -> bool:
        """Whether the step up to a plateau is shown to be worth it."""
        return any(
            step.higher_bytes == plateau.lower_bytes
            and step.ratio.is_below(1 - self.plateau_improvement)
            for step in comparisons
        )


def _ratio(lower: Observation, higher: Observation) -> Ratio | None:
    return compare_latencies(lower.latencies, higher.latencies)


def _whole_mib(size_bytes: float) -> int:
    return round(size_bytes / MIB) * MIB


def _tell(comparison: Comparison) -> str:
    return (
        f"{format_ram(comparison.higher_bytes)} takes {format_ratio(comparison.ratio)} of the time "
        f"at {format_ram(comparison.lower_bytes)}"
    )
