"""A campaign: the plan's cells run one after the other, each result written when it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.benchmark.results_io import write_campaign
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.workflows.bench import Bench, prepare_bench
from basetype_benchmark.workflows.campaign_folder import CampaignFolder
from basetype_benchmark.workflows.campaign_records import (
    campaign_record,
    cell_record,
    planned_cell,
)
from basetype_benchmark.workflows.cell import run_cell
from basetype_benchmark.workflows.cell_watch import CellWatch
from basetype_benchmark.workflows.kept_store import StoreRun
from basetype_benchmark.workflows.limits import require_limits
from basetype_benchmark.workflows.placement import ServiceChoice
from basetype_benchmark.workflows.plan import Plan


@dataclass(frozen=True, kw_only=True)
class CampaignResult:
    """A finished campaign and where it lies."""

    folder: Path
    cells: tuple[CellRecord, ...]

    @property
    def is_ok(self) -> bool:
        """Whether every cell was completed with right answers only."""
        return all(cell.result.is_ok for cell in self.cells)


def run_campaign(
    plan: Plan,
    settings: Settings,
    choice: ServiceChoice,
    progress: Progress = SILENT,
) -> CampaignResult:
    """Run every cell of the plan and write the results.

    A cell that fails is a result, and the campaign goes on with the next one.

    Raises:
        UsageError: a server at a URL was to be limited.
        DatasetError: the dataset is missing or damaged.
        ServiceUnavailable: an engine that the plan needs is not installed, or cannot be limited.
        DiskFull: a result could not be written.
    """
    if any(cell.ram_bytes is not None for cell in plan.cells):
        require_limits([cell.scenario for cell in plan.cells], choice)
    bench = _prepare(plan, settings, choice, progress)
    campaign = campaign_record(bench, [planned_cell(bench, cell) for cell in plan.cells])
    folder = CampaignFolder(path=settings.results_dir / campaign.campaign, settings=settings)
    write_campaign(folder.path, campaign)
    progress.note(f"results go to {folder.path}")
    with progress.task("cells", len(plan.cells), "cells") as task:
        for cell, planned in zip(plan.cells, campaign.cells, strict=True):
            progress.note(f"{cell.id}: {cell.scenario.title}")
            watch = CellWatch()
            result = run_cell(bench, cell, folder.services, watch=watch)
            folder.add(cell_record(planned, StoreRun(result=result)), watch.log)
            task.advance()
    return CampaignResult(folder=folder.path, cells=tuple(folder.records))


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
    bench = _prepare(plan, settings, choice, progress)
    for cell in plan.cells:
        progress.note(f"{cell.scenario.id}: {cell.scenario.title}")
        yield run_cell(bench, cell, [])


def _prepare(plan: Plan, settings: Settings, choice: ServiceChoice, progress: Progress) -> Bench:
    bench = prepare_bench(
        profile=plan.profile,
        dataset_seed=plan.dataset_seed,
        scenarios=[cell.scenario for cell in plan.cells],
        questions=plan.questions,
        protocol=plan.protocol,
        settings=settings,
        choice=choice,
        progress=progress,
        graph_share=plan.graph_share,
    )
    progress.note(plan.summary)
    return bench
