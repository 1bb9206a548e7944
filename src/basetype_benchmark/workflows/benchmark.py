"""A campaign: the plan's cells run one after the other, each result written when it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from basetype_benchmark.benchmark.campaign import (
    CampaignRecord,
    CellRecord,
    PlannedCell,
    ServiceRecord,
)
from basetype_benchmark.benchmark.fingerprint import cell_fingerprint, code_version
from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.benchmark.results_io import (
    write_campaign,
    write_cell,
    write_environment,
    write_samples,
)
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.workflows.bench import Bench, prepare_bench
from basetype_benchmark.workflows.cell import run_cell
from basetype_benchmark.workflows.environment import describe_environment
from basetype_benchmark.workflows.placement import ServiceChoice, describe_places
from basetype_benchmark.workflows.plan import Cell, Plan


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
        DatasetError: the dataset is missing or damaged.
        ServiceUnavailable: an engine that the plan needs is not installed.
        DiskFull: a result could not be written.
    """
    bench = _prepare(plan, settings, choice, progress)
    campaign = _campaign_record(plan, bench, settings)
    folder = settings.results_dir / campaign.campaign
    write_campaign(folder, campaign)
    progress.note(f"results go to {folder}")
    services: list[ServiceRecord] = []
    records: list[CellRecord] = []
    with progress.task("cells", len(plan.cells), "cells") as task:
        for cell, planned in zip(plan.cells, campaign.cells, strict=True):
            progress.note(f"{cell.id}: {cell.scenario.title}")
            result = run_cell(bench, cell, services)
            records.append(_cell_record(planned, result))
            write_cell(folder, records[-1])
            write_samples(folder, records)
            write_environment(folder, describe_environment(services, settings.home))
            task.advance()
    return CampaignResult(folder=folder, cells=tuple(records))


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
    )
    progress.note(plan.summary)
    return bench


def _campaign_record(plan: Plan, bench: Bench, settings: Settings) -> CampaignRecord:
    now = datetime.now(UTC)
    return CampaignRecord(
        campaign=_free_name(settings.results_dir, f"{now:%Y%m%d-%H%M%S}-{plan.profile}"),
        created_at=now,
        profile=plan.profile,
        dataset_seed=plan.dataset_seed,
        dataset_fingerprint=bench.dataset.fingerprint,
        queries=tuple(question.id for question in plan.questions),
        protocol=plan.protocol,
        code=code_version(),
        cells=tuple(_planned_cell(plan, bench, cell) for cell in plan.cells),
    )


def _planned_cell(plan: Plan, bench: Bench, cell: Cell) -> PlannedCell:
    return PlannedCell(
        cell=cell.id,
        scenario=cell.scenario.id,
        repetition=cell.repetition,
        ram_bytes=cell.ram_bytes,
        fingerprint=cell_fingerprint(
            code=code_version(),
            dataset_fingerprint=bench.dataset.fingerprint,
            scenario=cell.scenario.id,
            queries=[question.id for question in plan.questions],
            protocol=plan.protocol,
            ram_bytes=cell.ram_bytes,
            services=describe_places(cell.scenario, bench.choice),
        ),
    )


def _cell_record(planned: PlannedCell, result: BenchmarkResult) -> CellRecord:
    return CellRecord(
        cell=planned.cell,
        repetition=planned.repetition,
        ram_bytes=planned.ram_bytes,
        fingerprint=planned.fingerprint,
        result=result,
    )


def _free_name(folder: Path, wanted: str) -> str:
    name, number = wanted, 1
    while (folder / name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return name
