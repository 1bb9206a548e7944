"""A campaign: the plan's cells run one after the other, each result written when it is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord
from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.workflows.campaigns.bench import prepare_bench, require_servers
from basetype_benchmark.workflows.campaigns.cell import run_cell
from basetype_benchmark.workflows.campaigns.disk_room import disk_room
from basetype_benchmark.workflows.campaigns.ground import survey
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.campaigns.open_campaign import (
    OpenCampaign,
    StoreCourse,
    open_campaign,
)
from basetype_benchmark.workflows.campaigns.profile_data import drop_extracted, profile_data
from basetype_benchmark.workflows.campaigns.records import campaign_record
from basetype_benchmark.workflows.dataset import verify
from basetype_benchmark.workflows.placement import ServiceChoice
from basetype_benchmark.workflows.plans.campaign_plan import CampaignPlan
from basetype_benchmark.workflows.plans.plan import Plan
from basetype_benchmark.workflows.purging.drop import drop_store


@dataclass(frozen=True, kw_only=True)
class CampaignResult:
    """A finished campaign and where it lies; `cells` are without samples, in the order planned."""

    folder: Path
    cells: tuple[CellRecord, ...]

    @property
    def is_ok(self) -> bool:
        """Whether every cell was completed with right answers only."""
        return all(cell.result.is_ok for cell in self.cells)


def run_campaign(plan: CampaignPlan, harness: Harness) -> CampaignResult:
    """Run every cell of the plan and write the results.

    A cell that fails is a result, and the campaign goes on with the next one.

    Raises:
        UsageError: a server at a URL was to be limited.
        DatasetError: a dataset is missing or damaged.
        ServiceUnavailable: an engine that the plan needs is not installed, or cannot be limited; or
            another process measures in this home.
        DiskFull: a result could not be written, or there is too little space to go on.
    """
    choice = require_servers(
        plan.scenarios, harness.choice, harness.progress, is_limited=plan.is_limited
    )
    settings = harness.settings
    record = campaign_record(
        plan,
        survey(plan.scenarios, choice, settings.home),
        results_dir=settings.results_dir,
        provider=harness.choice.provider.value,
    )
    return run_cells(record, plan, replace(harness, choice=choice))


def run_cells(record: CampaignRecord, plan: CampaignPlan, harness: Harness) -> CampaignResult:
    """Run the cells of a campaign that have no result yet; raises as `run_campaign`."""
    # Results are published under the dataset's fingerprint: it must be that of the content. This
    # takes a small part of the time of loading the same samples into one engine.
    for source in dict.fromkeys(profile.source for profile in record.profiles):
        verify(source, record.dataset_seed, harness.settings, harness.progress)
    with open_campaign(record, harness, disk_room(plan, harness.settings)) as campaign:
        left = [part for part in plan.parts if not campaign.is_done(part)]
        for part in left:
            _run_part(campaign, part, harness, drops_stores=plan.drops_stores)
        drop_extracted(campaign.record, harness)
    order = {cell.id: index for index, cell in enumerate(plan.cells)}
    cells = sorted(campaign.cells, key=lambda record: order[record.cell])
    return CampaignResult(folder=campaign.path, cells=tuple(cells))


def _run_part(campaign: OpenCampaign, part: Plan, harness: Harness, *, drops_stores: bool) -> None:
    """Run one profile, with its dataset made before, and what was made removed after."""
    progress = harness.progress
    with profile_data(campaign, part.profile, harness):
        bench = prepare_bench(
            part,
            harness.settings,
            harness.choice,
            progress,
            is_verified=_is_source(campaign.record, part.profile),
        )
        progress.note(part.summary)
        campaign.know_part(part, bench)
        last_cells = {cell.scenario.id: cell for cell in part.cells}
        courses = defaultdict[str, StoreCourse](StoreCourse)
        with progress.task("cells", len(part.cells), "cells") as task:
            for cell in part.cells:
                campaign.run(bench, cell, courses[cell.scenario.id])
                if drops_stores and cell is last_cells[cell.scenario.id]:
                    drop_store(cell.scenario, harness.settings, harness.choice)
                task.advance()


def _is_source(record: CampaignRecord, profile: str) -> bool:
    return any(planned.source == profile for planned in record.profiles)


def validate(
    plan: Plan,
    settings: Settings,
    choice: ServiceChoice,
    progress: Progress = SILENT,
) -> Iterator[BenchmarkResult]:
    """Run every variant of every query once per scenario and compare; one result per cell.

    Raises:
        DatasetError: the dataset is missing or damaged.
        ServiceUnavailable: an engine that the plan needs is not installed.
    """
    settled = require_servers(plan.scenarios, choice, progress, is_limited=False)
    bench = prepare_bench(plan, settings, settled, progress)
    progress.note(plan.summary)
    for cell in plan.cells:
        progress.note(f"{cell.scenario.id}: {cell.scenario.title}")
        yield run_cell(bench, cell, [])
