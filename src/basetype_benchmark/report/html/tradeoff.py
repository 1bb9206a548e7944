"""RAM against time: which levels are worth their memory, and how two of them compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import inf

from basetype_benchmark.benchmark.estimate import Estimate
from basetype_benchmark.benchmark.gradient import SUSPICIOUS_RATIO, Bracket
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.ratio import Ratio, ratio_of
from basetype_benchmark.report.html.facts import LevelFacts, ProfileFacts, ScenarioFacts
from basetype_benchmark.report.html.look import is_in_memory


@dataclass(frozen=True, kw_only=True)
class RamRatio:
    """How many times as much RAM something needs, and the bounds that the levels tried give.

    No interval: it lies between them if the levels tell the truth. `least` is 0 and `most` infinite
    where no level says.
    """

    value: float
    least: float
    most: float


class Place(StrEnum):
    """Where a level stands, by differences that are shown.

    `ON`: it takes less time than every other one with as little RAM. `BEHIND`: one of them takes
    less time than it. `OPEN`: neither is shown.
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
    spots = [
        Spot(
            level=level,
            ram_bytes=ram,
            mean=mean,
            place=_place(mean, [m for v, r, m in known if v is not level and r <= ram]),
        )
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


def ram_ratio(more: Bracket, less: Bracket) -> RamRatio | None:
    """Compare two least RAMs: the ratio of the levels that passed, and its bounds.

    None where one of them never passed. Least and most follow from the levels that failed; where
    nothing failed, the end is as far as the levels that passed say.
    """
    if more.passed_at is None or less.passed_at is None:
        return None
    return RamRatio(
        value=more.passed_at / less.passed_at,
        least=(more.failed_at or 0) / less.passed_at,
        most=more.passed_at / less.failed_at if less.failed_at else inf,
    )


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


def fastest_of(
    scenarios: Sequence[ScenarioFacts], levels: Sequence[LevelFacts]
) -> LevelFacts | None:
    """Give of scenarios at the most RAM each worked with, within `levels`, the fastest.

    Not the fastest of all their levels: the least of many figures that are alike is chosen by
    chance, and its interval would not know of that.
    """
    highest = [s.with_most_ram for s in scenarios]
    known = [level for level in highest if level is not None and level in levels]
    return min(known, key=lambda level: level.mean_ns or 0.0, default=None)


def time_ratio(level: LevelFacts, base: LevelFacts) -> Ratio | None:
    """Compare the times of two levels; None where one of them tells no spread."""
    return ratio_of(level.summary.geometric_mean, base.summary.geometric_mean)


def slowed_by_ram(profile: ProfileFacts) -> list[tuple[LevelFacts, LevelFacts]]:
    """Give levels that took clearly more time than the one below: memory does not explain that."""
    found = []
    for scenario in profile.scenarios:
        for lower, higher in pairwise(scenario.viable):
            ratio = time_ratio(higher, lower)
            if ratio is not None and ratio.is_above(SUSPICIOUS_RATIO):
                found.append((lower, higher))
    return found


def _place(mean: Estimate, others: Sequence[Estimate]) -> Place:
    """Place a level among the others with as little RAM or less."""
    ratios = [ratio_of(mean, other) for other in others]
    if any(ratio is not None and ratio.is_above(1) for ratio in ratios):
        return Place.BEHIND
    is_shown = all(ratio is not None and ratio.is_below(1) for ratio in ratios)
    return Place.ON if is_shown else Place.OPEN
