"""RAM against time: which levels are worth their memory, and how two of them compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from basetype_benchmark.benchmark.estimate import Estimate
from basetype_benchmark.benchmark.gradient import Bracket
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.report.html.facts import LevelFacts, ProfileFacts, ScenarioFacts
from basetype_benchmark.report.html.look import is_in_memory

_SUSPICIOUS = 1.1

Ratio = tuple[float, float, float]
"""A ratio, and the ends of its interval."""


class Place(StrEnum):
    """Where a level stands.

    `ON`: no other one takes less time with as little RAM. `OPEN`: one does, but within the
    intervals. `BEHIND`: one does, beyond them.
    """

    ON = "on the front"
    OPEN = "too near to tell"
    BEHIND = "behind"


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A level that can be compared with others: viable, limited, and over all queries."""

    level: LevelFacts
    ram_bytes: int
    mean: Estimate
    place: Place

    @property
    def scenario(self) -> str:
        """Id of the scenario."""
        return self.level.scenario


def find_spots(profile: ProfileFacts) -> tuple[Spot, ...]:
    """Place every level of a dataset that can be compared, least RAM first.

    The geometric mean of fewer queries is another figure: where scenarios cannot express all of
    them, only those with the most are compared.
    """
    known = [
        (level, level.ram_bytes, level.summary.geometric_mean)
        for level in comparable(profile.measured)
        if level.ram_bytes is not None and level.summary.geometric_mean is not None
    ]
    figures = [(ram, mean) for _, ram, mean in known]
    spots = [
        Spot(level=level, ram_bytes=ram, mean=mean, place=_place(ram, mean, figures))
        for level, ram, mean in known
    ]
    return tuple(sorted(spots, key=lambda spot: (spot.ram_bytes, spot.mean.value)))


def comparable(levels: Sequence[LevelFacts]) -> list[LevelFacts]:
    """Give the viable levels that answered as many queries as any."""
    viable = [level for level in levels if level.mean_ns is not None]
    most = max(map(expressed, viable), default=0)
    return [level for level in viable if expressed(level) == most]


def expressed(level: LevelFacts) -> int:
    """Count the queries of a level that its scenario can express."""
    return sum(query.outcome is not Outcome.UNSUPPORTED for query in level.summary.queries)


def ram_ratio(more: Bracket, less: Bracket) -> Ratio | None:
    """Compare two least RAMs: the ratio of the levels that passed, and its least and most.

    None where one of them never passed. Least and most follow from the levels that failed; where
    nothing failed, the end is as far as the levels that passed say.
    """
    if more.passed_at is None or less.passed_at is None:
        return None
    value = more.passed_at / less.passed_at
    low = (more.failed_at or 0) / less.passed_at
    high = more.passed_at / less.failed_at if less.failed_at else float("inf")
    return value, low, high


def split_by_memory(
    profile: ProfileFacts,
) -> tuple[list[ScenarioFacts], list[ScenarioFacts]]:
    """Part the scenarios that worked at some level: graph in memory, and the others."""
    worked = [scenario for scenario in profile.scenarios if scenario.viable]
    return (
        [scenario for scenario in worked if is_in_memory(scenario.scenario)],
        [scenario for scenario in worked if not is_in_memory(scenario.scenario)],
    )


def least_of(scenarios: Sequence[ScenarioFacts]) -> ScenarioFacts | None:
    """Give the scenario that passed with the least RAM."""
    passed = [s for s in scenarios if s.least is not None and s.least.passed_at is not None]
    return min(passed, key=lambda s: s.least.passed_at or 0 if s.least else 0, default=None)


def fastest_of(levels: Sequence[LevelFacts]) -> LevelFacts | None:
    """Give the level with the least geometric mean."""
    return min(comparable(levels), key=lambda level: level.mean_ns or 0.0, default=None)


def time_ratio(level: LevelFacts, base: LevelFacts) -> Ratio | None:
    """Compare the times of two levels: the ratio and the ends of its interval."""
    ours, theirs = level.summary.geometric_mean, base.summary.geometric_mean
    if ours is None or theirs is None:
        return None
    ratio = ours.over(theirs)
    return ratio.value, *ratio.ends


def slowed_by_ram(profile: ProfileFacts) -> list[tuple[LevelFacts, LevelFacts, Ratio]]:
    """Give levels that took clearly more time than the one below: memory does not explain that."""
    found = []
    for scenario in profile.scenarios:
        for lower, higher in pairwise(scenario.viable):
            ratio = time_ratio(higher, lower)
            if ratio is not None and ratio[1] > _SUSPICIOUS:
                found.append((lower, higher, ratio))
    return found


def _place(ram: int, mean: Estimate, others: Sequence[tuple[int, Estimate]]) -> Place:
    better = [
        other
        for other_ram, other in others
        if other_ram <= ram
        and other.value <= mean.value
        and (other_ram < ram or other.value < mean.value)
    ]
    if not better:
        return Place.ON
    is_clear = any(mean.over(other).ends[0] > 1 for other in better)
    return Place.BEHIND if is_clear else Place.OPEN
