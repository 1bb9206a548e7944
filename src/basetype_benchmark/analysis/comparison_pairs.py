"""Which cells of two campaigns answer each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.benchmark.campaign import CellRecord

CellGroup = tuple[CellRecord, ...]
"""The repetitions of one cell, in order."""

_Key = tuple[str, str, int | None]
"""Profile, scenario and RAM level; of two scenarios compared, no scenario."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """What is compared: a campaign, or one `scenario` of it."""

    data: CampaignData
    scenario: str | None = None

    @property
    def name(self) -> str:
        """As it is given on the command line."""
        campaign = self.data.campaign.campaign
        return campaign if self.scenario is None else f"{campaign}:{self.scenario}"


@dataclass(frozen=True, kw_only=True)
class CellPair:
    """The same measurement on both sides, each with its repetitions.

    The scenario or the RAM level may differ: then that is what is compared.
    """

    profile: str
    a: CellGroup
    b: CellGroup

    @property
    def scenarios(self) -> tuple[str, str]:
        """Of A and of B."""
        return self.a[0].result.scenario, self.b[0].result.scenario

    @property
    def rams(self) -> tuple[int | None, int | None]:
        """The limits of A and of B in bytes, each of all servers together; None: no limit."""
        return self.a[0].ram_bytes, self.b[0].ram_bytes


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """The pairs, in the order of A, and the cells of either side that have no counterpart."""

    pairs: tuple[CellPair, ...]
    only_in_a: tuple[str, ...]
    only_in_b: tuple[str, ...]


def pair_cells(a: Term, b: Term) -> Pairing:
    """Find what can be compared: equal profile, scenario and RAM level.

    Where both sides name a scenario, those two answer each other; where one does, it is taken of
    both. A level that is left, the only one of its profile and scenario on either side, is paired
    with its counterpart: then the levels are what is compared.
    """
    ours, theirs = _groups(a, b), _groups(b, a)
    matches = {key: key for key in ours if key in theirs}
    matches |= _match_levels(ours, theirs)
    return Pairing(
        pairs=tuple(
            CellPair(profile=key[0], a=group, b=theirs[matches[key]])
            for key, group in ours.items()
            if key in matches
        ),
        only_in_a=_left(ours, matches.keys()),
        only_in_b=_left(theirs, matches.values()),
    )


def _groups(side: Term, other: Term) -> dict[_Key, CellGroup]:
    """The cells of a side that are asked for, by what they have to have in common."""
    chosen = side.scenario or other.scenario
    names_both = side.scenario is not None and other.scenario is not None
    found: dict[_Key, list[CellRecord]] = {}
    for cell in side.data.cells:
        scenario = cell.result.scenario
        if chosen in (None, scenario):
            key = (cell.result.profile, "" if names_both else scenario, cell.ram_bytes)
            found.setdefault(key, []).append(cell)
    return {key: tuple(sorted(cells, key=lambda c: c.repetition)) for key, cells in found.items()}


def _match_levels(
    ours: Mapping[_Key, CellGroup], theirs: Mapping[_Key, CellGroup]
) -> dict[_Key, _Key]:
    """Pair single levels that differ."""
    ours_by, theirs_by = _by_scenario(ours), _by_scenario(theirs)
    return {
        keys[0]: theirs_by[scenario][0]
        for scenario, keys in ours_by.items()
        if len(keys) == 1 and len(theirs_by.get(scenario, ())) == 1
    }


def _by_scenario(groups: Mapping[_Key, CellGroup]) -> dict[tuple[str, str], list[_Key]]:
    found: dict[tuple[str, str], list[_Key]] = {}
    for key in groups:
        found.setdefault(key[:2], []).append(key)
    return found


def _left(groups: Mapping[_Key, CellGroup], matched: Collection[_Key]) -> tuple[str, ...]:
    return tuple(cell.cell for key, group in groups.items() if key not in matched for cell in group)
