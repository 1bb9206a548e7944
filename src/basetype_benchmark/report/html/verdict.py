"""Whether a graph in memory is justified: two comparisons, and what follows from them."""

from __future__ import annotations

from enum import Enum

from basetype_benchmark.benchmark.ratio import Ratio
from basetype_benchmark.report.html.facts import LevelFacts, ProfileFacts, ScenarioFacts
from basetype_benchmark.report.html.tradeoff import (
    RamRatio,
    comparable,
    fastest_of,
    ram_ratio,
    split_by_memory,
    time_ratio,
)


class Than(Enum):
    """How a graph in memory compares with the best of the others."""

    LESS = "less"
    MORE = "more"
    OPEN = "open"


_VERDICTS = {
    (Than.LESS, Than.LESS): (
        "Yes,",
        "the fastest in-memory graph takes less time than any other way, and one needs the least "
        "RAM",
    ),
    (Than.LESS, Than.MORE): (
        "It depends on what RAM costs you,",
        "the fastest in-memory graph takes less time than any other way, but in-memory graphs need "
        "more RAM",
    ),
    (Than.LESS, Than.OPEN): (
        "For speed, yes,",
        "the fastest in-memory graph takes less time than any other way; which kind needs less RAM "
        "is open",
    ),
    (Than.MORE, Than.LESS): (
        "Only to save RAM,",
        "the fastest in-memory graph takes more time than another way, but one needs less RAM",
    ),
    (Than.MORE, Than.MORE): (
        "No,",
        "the fastest in-memory graph takes more time than another way, and in-memory graphs need "
        "more RAM",
    ),
    (Than.MORE, Than.OPEN): (
        "Not for speed,",
        "the fastest in-memory graph takes more time than another way; which kind needs less RAM "
        "is open",
    ),
    (Than.OPEN, Than.LESS): (
        "To save RAM, perhaps,",
        "an in-memory graph needs the least RAM, and in time no difference could be told",
    ),
    (Than.OPEN, Than.MORE): (
        "Not that it could be seen,",
        "in-memory graphs need more RAM than another way, and in time no difference could be told",
    ),
    (Than.OPEN, Than.OPEN): (
        "It cannot be told",
        "neither in time nor in the RAM they need do in-memory graphs differ from the best of the "
        "others beyond what was measured",
    ),
}


def judge(profile: ProfileFacts, memory: ScenarioFacts, other: ScenarioFacts) -> str:
    """Say in a sentence whether a graph in memory is justified.

    By two comparisons: the fastest of both kinds, each way with the most RAM it worked with, and
    `memory` with `other`, which need the least RAM. An interval that holds 1, or says nothing,
    decides nothing.
    """
    time = _compare_times(fastest_ratio(profile))
    need = _compare_needs(least_ratio(memory, other))
    start, reason = _VERDICTS[time, need]
    return f"{start} on {profile.profile}: {reason}."


def least_ratio(memory: ScenarioFacts, other: ScenarioFacts) -> RamRatio | None:
    """Compare the least RAM of two scenarios."""
    if memory.least is None or other.least is None:
        return None
    return ram_ratio(memory.least, other.least)


def fastest_ratio(profile: ProfileFacts) -> Ratio | None:
    """Compare the fastest graph in memory with the fastest of the others."""
    ours, theirs = fastest_pair(profile)
    return None if ours is None or theirs is None else time_ratio(ours, theirs)


def fastest_pair(profile: ProfileFacts) -> tuple[LevelFacts | None, LevelFacts | None]:
    """Give the fastest graph in memory, and the fastest of the others; None where none worked."""
    levels = comparable(profile.measured)
    in_memory, others = split_by_memory(profile)
    return fastest_of(in_memory, levels), fastest_of(others, levels)


def _compare_times(ratio: Ratio | None) -> Than:
    """Say which way a ratio goes, if its whole interval does."""
    if ratio is None or not ratio.is_distinguishable:
        return Than.OPEN
    return Than.LESS if ratio.value < 1 else Than.MORE


def _compare_needs(ratio: RamRatio | None) -> Than:
    """The same of RAM: the need is above the level that failed, so that an end of 1 is enough."""
    if ratio is None:
        return Than.OPEN
    if ratio.most <= 1:
        return Than.LESS
    return Than.MORE if ratio.least >= 1 else Than.OPEN
