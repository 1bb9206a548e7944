"""Whether there is room for the next cell of a campaign, by the estimate of its plan."""

from __future__ import annotations

from dataclasses import dataclass

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import DiskFull
from basetype_benchmark.workflows.campaigns.disk_watch import needed_bytes, why_no_room
from basetype_benchmark.workflows.plans.campaign_plan import CampaignPlan
from basetype_benchmark.workflows.plans.estimate import PlanEstimate, estimate_plan
from basetype_benchmark.workflows.plans.gradient_plan import GradientPlan
from basetype_benchmark.workflows.plans.plan import Cell


class NoRoom(DiskFull):
    """There is too little room for the next cell; nothing was written."""


@dataclass(frozen=True, kw_only=True)
class DiskRoom:
    """Knows what each cell of a plan will write."""

    settings: Settings
    estimate: PlanEstimate

    def require(self, cell: Cell) -> None:
        """See that there is room for a cell, as far as it can be told.

        Raises:
            NoRoom: there is not.
        """
        estimate = self.estimate.cell(cell.id)
        needed = 0.0
        if estimate is not None:  # a level of a gradient that its results have led to has none
            needed = needed_bytes(estimate, cell.scenario, self.settings)
        reason = why_no_room(self.settings.home, needed)
        if reason is not None:
            raise NoRoom(f"{cell.id}: {reason}")

    def require_after(self, record: CellRecord) -> None:
        """See that a cell did not fail for lack of room: then its result says nothing.

        Raises:
            NoRoom: it may have.
        """
        reason = None if record.result.is_ok else why_no_room(self.settings.home, 0)
        if reason is not None:
            raise NoRoom(f"{record.cell}: {reason}")


def disk_room(plan: CampaignPlan | GradientPlan, settings: Settings) -> DiskRoom:
    """Estimate what a plan will write."""
    return DiskRoom(settings=settings, estimate=estimate_plan(plan, settings))


def paused(campaign: str, reason: str) -> DiskFull:
    """Word that a campaign was paused, and what to do."""
    return DiskFull(
        f"{campaign} is paused: {reason}; free some space (btb purge says "
        f"what could go), then go on with: btb resume {campaign}"
    )
