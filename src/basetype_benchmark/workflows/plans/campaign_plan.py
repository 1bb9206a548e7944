"""The plan of a campaign: one dataset or several, each with its cells, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from basetype_benchmark.benchmark.campaign import SkippedPart
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.workflows.plans.plan import Cell, Plan


@dataclass(frozen=True, kw_only=True)
class CampaignPlan:
    """What a campaign measures and how, in the order in which it is measured.

    `parts` are its profiles, smallest first; all of one seed, on the same scenarios and queries.
    `sources` says by profile out of which dataset it is cut where it is not there; itself: it must
    be. What is made on the way is removed after its use, unless it `keeps_exports`.
    """

    mode: Mode
    parts: tuple[Plan, ...]
    sources: Mapping[str, str]
    keeps_exports: bool = False
    skipped: tuple[SkippedPart, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Of all parts, in order."""
        return tuple(cell for part in self.parts for cell in part.cells)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Each one once."""
        return tuple({cell.scenario.id: cell.scenario for cell in self.cells}.values())

    @property
    def drops_stores(self) -> bool:
        """Whether a store is removed after the last cell that it is for: where there are many."""
        return len(self.parts) > 1 and not self.keeps_exports

    @property
    def is_limited(self) -> bool:
        """Whether any cell has a RAM limit."""
        return any(cell.ram_bytes is not None for cell in self.cells)


def quick_campaign(part: Plan) -> CampaignPlan:
    """Make a campaign of one profile, whose dataset is there."""
    return CampaignPlan(mode=Mode.QUICK, parts=(part,), sources={part.profile: part.profile})
