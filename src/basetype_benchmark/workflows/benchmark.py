"""A campaign: the plan's cells run one after the other, each result written when it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from basetype_benchmark.benchmark.campaign import (
    CampaignRecord,
    CellRecord,
    PlannedCell,
    ServiceRecord,
)
from basetype_benchmark.benchmark.fingerprint import cell_fingerprint, code_version
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.benchmark.results_io import (
    write_campaign,
    write_cell,
    write_environment,
    write_samples,
)
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.verify import verify_dataset
from basetype_benchmark.errors import (
    ConfigError,
    DatasetError,
    HostError,
    LoadError,
    QueryFailed,
    UsageError,
)
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.runners.oom_watch import OomWatch
from basetype_benchmark.runners.workload import Workload
from basetype_benchmark.units import NS_PER_S
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.environment import describe_environment, describe_service
from basetype_benchmark.workflows.placement import (
    ServiceChoice,
    describe_places,
    require_engines,
)
from basetype_benchmark.workflows.plan import Cell, Plan
from basetype_benchmark.workflows.scenario import open_scenario
from basetype_benchmark.workflows.workload import build_workload


@dataclass(frozen=True, kw_only=True)
class CampaignResult:
    """A finished campaign and where it lies."""

    folder: Path
    cells: tuple[CellRecord, ...]

    @property
    def is_ok(self) -> bool:
        """Whether every cell was completed with right answers only."""
        return all(cell.result.is_ok for cell in self.cells)


@dataclass(frozen=True, kw_only=True)
class _Bench:
    """What all cells of a campaign share."""

    settings: Settings
    dataset: Dataset
    workload: Workload
    protocol: Protocol
    choice: ServiceChoice
    progress: Progress


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


def run_cell(bench: _Bench, cell: Cell, services: list[ServiceRecord]) -> BenchmarkResult:
    """Run one cell whatever happens in it; adds the servers that ran to `services`.

    Raises:
        DatasetError, UsageError, ConfigError: what no other cell could do better with.
    """
    started_at = datetime.now(UTC)
    measured: list[BenchmarkResult] = []
    try:
        _run_scenario(bench, cell, services, measured)
    except (DatasetError, UsageError, ConfigError):
        raise
    except Exception as error:  # noqa: BLE001 - one faulty cell must not cost the other cells
        if measured:
            return _with_closing_error(bench, cell, measured[0], error)
        return _failed(bench, cell, started_at, error)
    return measured[0]


def _prepare(plan: Plan, settings: Settings, choice: ServiceChoice, progress: Progress) -> _Bench:
    dataset = find_dataset(plan.profile, plan.dataset_seed, settings)
    require_engines([cell.scenario for cell in plan.cells], choice)
    # Results are published under the dataset's fingerprint: it must be that of the content. This
    # takes a small part of the time of loading the same samples into one engine.
    verify_dataset(dataset.folder, progress)
    progress.note(plan.summary)
    return _Bench(
        settings=settings,
        dataset=dataset,
        workload=build_workload(dataset, plan.questions, plan.protocol.variants, progress),
        protocol=plan.protocol,
        choice=choice,
        progress=progress,
    )


def _run_scenario(
    bench: _Bench, cell: Cell, services: list[ServiceRecord], measured: list[BenchmarkResult]
) -> None:
    """Measure, and put the result into `measured` before the servers are left."""
    with open_scenario(
        cell.scenario, bench.settings, bench.dataset, bench.choice, bench.protocol.timeout_s
    ) as running:
        running.forget_loaded()
        services.extend(describe_service(cell.scenario.id, s) for s in running.services.values())
        result = running.runner.run_benchmark(
            bench.workload,
            bench.protocol,
            shuffle_seed=f"{bench.dataset.manifest.seed}/{cell.repetition}",
            progress=bench.progress,
            watch=OomWatch(running.services),
        )
        measured.append(result)
        if result.load is not None:
            running.remember_loaded()


def _with_closing_error(
    bench: _Bench, cell: Cell, result: BenchmarkResult, error: Exception
) -> BenchmarkResult:
    """Keep what was measured when leaving the servers failed, and say so beside it."""
    said = " ".join(str(error).split()) or type(error).__name__
    closing = f"after the measurement, leaving the servers failed: {said}"
    bench.progress.note(f"{cell.id}: {closing}")
    return replace(result, reason=f"{result.reason}; {closing}" if result.reason else closing)


def _failed(bench: _Bench, cell: Cell, started_at: datetime, error: Exception) -> BenchmarkResult:
    """Give the result of a cell that ended before its runner could tell."""
    manifest, name = bench.dataset.manifest, type(error).__name__
    is_known = isinstance(error, (HostError, LoadError, QueryFailed))
    elapsed = datetime.now(UTC) - started_at
    return BenchmarkResult(
        scenario=cell.scenario.id,
        profile=manifest.profile,
        dataset_seed=manifest.seed,
        dataset_fingerprint=manifest.fingerprint,
        outcome=CellOutcome.CONTAINER_FAILED if is_known else CellOutcome.ERROR,
        reason=" ".join((str(error) if is_known else f"unexpected {name}: {error}").split()),
        error_type=name,
        started_at=started_at,
        elapsed_ns=max(0, int(elapsed.total_seconds() * NS_PER_S)),
        load=None,
        queries=(),
    )


def _campaign_record(plan: Plan, bench: _Bench, settings: Settings) -> CampaignRecord:
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


def _planned_cell(plan: Plan, bench: _Bench, cell: Cell) -> PlannedCell:
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
