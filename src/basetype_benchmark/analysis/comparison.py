"""Two campaigns, or two scenarios, held against each other: what B took of A's time.

No statistics of its own: summaries are those of `summary`, ratios those of `ratios`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from basetype_benchmark.analysis.comparison_pairs import CellGroup, CellPair, Term, pair_cells
from basetype_benchmark.analysis.environments import (
    Difference,
    compare_environments,
    gravest_first,
    is_void,
)
from basetype_benchmark.analysis.environments_noise import noise_difference
from basetype_benchmark.analysis.ratios import compare_levels, compare_queries
from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.analysis.summary import CampaignSummary, LevelSummary, QuerySummary
from basetype_benchmark.benchmark.ratio import Ratio
from basetype_benchmark.benchmark.ratio_words import NO_DIFFERENCE


class Verdict(StrEnum):
    """What a ratio of B over A says; faster or slower only where its interval tells it."""

    FASTER = "B faster"
    SLOWER = "B slower"
    NO_DIFFERENCE = NO_DIFFERENCE
    NOT_RANKED = "not ranked"


@dataclass(frozen=True, kw_only=True)
class QueryComparison:
    """One query on both sides; `ratio` is the median of B over that of A.

    None as `a` or `b`: that side did not ask it. No ratio where either failed, where a variant
    that ran once says nothing of its spread, or where the data are not the same.
    """

    query: str
    name: str
    a: QuerySummary | None
    b: QuerySummary | None
    ratio: Ratio | None

    @property
    def verdict(self) -> Verdict:
        """What the ratio says."""
        return verdict_of(self.ratio)

    @property
    def is_failed(self) -> bool:
        """Whether it did not end rightly on a side."""
        return not all(side is not None and side.is_ok for side in (self.a, self.b))


@dataclass(frozen=True, kw_only=True)
class LevelComparison:
    """One scenario at one RAM level on one profile, on both sides.

    `ratio` is that of the geometric means of the medians, over the `ranked` queries that are ok on
    both sides. `is_void`: the data are not the same.
    """

    a: LevelSummary
    b: LevelSummary
    is_void: bool
    queries: tuple[QueryComparison, ...]
    ranked: int
    ratio: Ratio | None

    @property
    def verdict(self) -> Verdict:
        """What the ratio of all queries says."""
        return verdict_of(self.ratio)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """All that can be said of B against A; cells without a counterpart are named."""

    a: str
    b: str
    differences: tuple[Difference, ...]
    levels: tuple[LevelComparison, ...]
    only_in_a: tuple[str, ...]
    only_in_b: tuple[str, ...]


def compare(a: Term, b: Term) -> Comparison:
    """Hold B against A.

    Raises:
        CheckFailed: the samples of a cell are missing, torn, or not of this version.
    """
    pairing = pair_cells(a, b)
    ours = summarise_campaign(a.data)
    theirs = ours if b.data is a.data else summarise_campaign(b.data)
    levels = tuple(_compare_level(pair, ours, theirs) for pair in pairing.pairs)
    noise = noise_difference(
        (ours.noise, theirs.noise),
        ([level.a for level in levels], [level.b for level in levels]),
    )
    found = compare_environments(a, b, pairing.pairs)
    return Comparison(
        a=a.name,
        b=b.name,
        differences=found if noise is None else gravest_first((*found, noise)),
        levels=levels,
        only_in_a=pairing.only_in_a,
        only_in_b=pairing.only_in_b,
    )


def verdict_of(ratio: Ratio | None) -> Verdict:
    """Say what a ratio of B over A means."""
    if ratio is None:
        return Verdict.NOT_RANKED
    if not ratio.is_distinguishable:
        return Verdict.NO_DIFFERENCE
    return Verdict.FASTER if ratio.value < 1 else Verdict.SLOWER


def _compare_level(
    pair: CellPair, ours: CampaignSummary, theirs: CampaignSummary
) -> LevelComparison:
    a, b = _level(ours, pair.a), _level(theirs, pair.b)
    void = is_void(pair)
    names = dict.fromkeys(query.query for level in (a, b) for query in level.queries)
    queries = tuple(_compare_query(a.find(name), b.find(name), is_void=void) for name in names)
    return LevelComparison(
        a=a,
        b=b,
        is_void=void,
        queries=queries,
        ranked=sum(found.ratio is not None for found in queries),
        ratio=None if void else compare_levels(b, a),
    )


def _level(summary: CampaignSummary, group: CellGroup) -> LevelSummary:
    cell = group[0]
    level = summary.find(cell.result.profile, cell.result.scenario, cell.ram_bytes)
    assert level is not None  # every cell is of a level
    return level


def _compare_query(
    a: QuerySummary | None, b: QuerySummary | None, *, is_void: bool
) -> QueryComparison:
    known = a or b
    assert known is not None  # else the query is on neither side
    ratio = None
    if a is not None and b is not None and not is_void:
        ratio = compare_queries(b, a)
    return QueryComparison(query=known.query, name=known.name, a=a, b=b, ratio=ratio)
