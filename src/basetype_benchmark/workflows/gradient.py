"""A gradient: one scenario after the other, at one RAM level after the other, as results decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord, PlannedCell
from basetype_benchmark.benchmark.failure import Failure, find_failure
from basetype_benchmark.benchmark.gradient import (
    Decision,
    GradientRecord,
    LevelResult,
    Observation,
    ScenarioFindings,
)
from basetype_benchmark.benchmark.ratio import geometric_mean_p50, latencies_of
from basetype_benchmark.benchmark.results_io import write_campaign, write_gradient
from basetype_benchmark.config.ram import format_ram
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.infrastructure.ram_controller import Done
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.workflows.bench import Bench, prepare_bench
from basetype_benchmark.workflows.campaign_folder import CampaignFolder
from basetype_benchmark.workflows.campaign_records import (
    campaign_record,
    cell_record,
    planned_cell,
)
from basetype_benchmark.workflows.cell_watch import CellWatch
from basetype_benchmark.workflows.gradient_plan import GradientPlan, ScenarioPlan, why_beyond
from basetype_benchmark.workflows.kept_store import KeptStore, keeps_store, run_on_store
from basetype_benchmark.workflows.limits import require_limits
from basetype_benchmark.workflows.placement import ServiceChoice
from basetype_benchmark.workflows.plan import Cell


@dataclass(frozen=True, kw_only=True)
class GradientResult:
    """A finished gradient and where it lies."""

    folder: Path
    plan: GradientPlan
    record: GradientRecord
    cells: tuple[CellRecord, ...]

    @property
    def planned_levels(self) -> dict[str, tuple[int, ...]]:
        """The levels of the plan by scenario id, without those that bisection tried."""
        return {p.scenario.id: p.controller.levels for p in self.plan.scenarios}

    @property
    def is_ok(self) -> bool:
        """Whether every scenario works at some level, and every answer given was right."""
        found_all = all(s.findings.least.passed_at is not None for s in self.record.scenarios)
        failures = [find_failure(cell.result) for cell in self.cells]
        return found_all and all(f is None or f.is_memory_matter for f in failures)


def run_gradient(
    plan: GradientPlan, settings: Settings, choice: ServiceChoice, progress: Progress = SILENT
) -> GradientResult:
    """Find for each scenario the least viable RAM and the plateau, and write all results.

    Raises:
        UsageError: a server is at a URL, and not ours to limit.
        DatasetError: the dataset is missing or damaged.
        ServiceUnavailable: an engine that is needed is not installed, or cannot be limited.
        DiskFull: a result could not be written.
    """
    scenarios = [planned.scenario for planned in plan.scenarios]
    require_limits(scenarios, choice)
    bench = prepare_bench(
        profile=plan.base.profile,
        dataset_seed=plan.base.dataset_seed,
        scenarios=scenarios,
        questions=plan.base.questions,
        protocol=plan.base.protocol,
        settings=settings,
        choice=choice,
        progress=progress,
        graph_share=plan.base.graph_share,
    )
    progress.note(f"RAM gradient of {plan.base.summary}, at each level")
    gradient = _Gradient(bench, plan)
    for planned in plan.scenarios:
        gradient.run(planned)
    return gradient.result


@dataclass(kw_only=True)
class _Course:
    """How far one scenario has come."""

    planned: ScenarioPlan
    observations: list[Observation] = field(default_factory=list)
    levels: list[LevelResult] = field(default_factory=list)
    kept: KeptStore | None = None
    end: str | None = None

    @property
    def findings(self) -> ScenarioFindings:
        """What the levels so far say."""
        return ScenarioFindings(
            scenario=self.planned.scenario.id,
            levels=tuple(sorted(self.levels, key=lambda level: level.ram_bytes)),
            findings=self.planned.controller.findings(self.observations),
            end=self.end,
        )


class _Gradient:
    """Runs the scenarios of a plan, and writes each decision before it is carried out."""

    def __init__(self, bench: Bench, plan: GradientPlan) -> None:
        self._bench = bench
        self._plan = plan
        self._campaign: CampaignRecord = campaign_record(bench, [], gradient=plan.record)
        path = bench.settings.results_dir / self._campaign.campaign
        self._folder = CampaignFolder(path=path, settings=bench.settings)
        self._decisions: list[Decision] = []
        self._courses: list[_Course] = []
        self._write()
        bench.progress.note(f"results go to {path}")

    @property
    def result(self) -> GradientResult:
        """What came of it."""
        return GradientResult(
            folder=self._folder.path,
            plan=self._plan,
            record=self._record,
            cells=tuple(self._folder.records),
        )

    @property
    def _record(self) -> GradientRecord:
        return GradientRecord(
            campaign=self._campaign.campaign,
            decisions=tuple(self._decisions),
            scenarios=tuple(course.findings for course in self._courses),
        )

    def run(self, planned: ScenarioPlan) -> None:
        """Go through the levels of one scenario."""
        course = _Course(planned=planned)
        self._courses.append(course)
        for level in planned.skipped:
            self._decide(course, "skip", level, why_beyond(level, self._plan.host_bytes))
        while not isinstance(step := planned.controller.next_level(course.observations), Done):
            self._measure(course, step.ram_bytes, step.reason)
        course.end = step.reason
        self._decide(course, "end", None, step.reason)

    def _measure(self, course: _Course, ram_bytes: int, reason: str) -> None:
        cells = self._cells(course.planned, ram_bytes)
        self._decide(course, "measure", ram_bytes, reason, cells)
        records = list(self._run_cells(course, cells))
        failure = _first_failure(records)
        latencies = latencies_of([record.result for record in records])
        course.observations.append(
            Observation(
                ram_bytes=ram_bytes,
                failure=None if failure is None else failure.words,
                is_memory_matter=failure is None or failure.is_memory_matter,
                latencies=latencies,
            )
        )
        course.levels.append(
            LevelResult(
                ram_bytes=ram_bytes,
                cells=tuple(cell.id for cell in cells),
                failure=None if failure is None else failure.words,
                geometric_mean_p50_ns=None if failure else geometric_mean_p50(latencies),
            )
        )
        self._write()

    def _cells(self, planned: ScenarioPlan, ram_bytes: int) -> list[Cell]:
        return [
            Cell(
                profile=self._plan.base.profile,
                scenario=planned.scenario,
                repetition=repetition,
                ram_bytes=ram_bytes,
            )
            for repetition in range(1, self._plan.repetitions + 1)
        ]

    def _run_cells(self, course: _Course, cells: Sequence[Cell]) -> Iterator[CellRecord]:
        """Run the repetitions of a level; when one fails, the level has failed."""
        for cell in cells:
            watch = CellWatch()
            run = run_on_store(self._bench, cell, self._folder.services, course.kept, watch)
            course.kept = run.kept
            record = cell_record(self._planned(cell), run)
            self._folder.add(record, watch.log)
            yield record
            failure = find_failure(record.result)
            if failure is not None:
                self._bench.progress.note(f"  {failure.words}: {failure.reason}")
                return

    def _planned(self, cell: Cell) -> PlannedCell:
        return planned_cell(self._bench, cell, reuses_store=keeps_store(cell.scenario))

    def _decide(
        self,
        course: _Course,
        kind: Literal["measure", "skip", "end"],
        ram_bytes: int | None,
        reason: str,
        cells: Sequence[Cell] = (),
    ) -> None:
        """Write down a decision, and the cells that it adds to the plan."""
        scenario = course.planned.scenario.id
        self._decisions.append(
            Decision(
                scenario=scenario,
                kind=kind,
                ram_bytes=ram_bytes,
                reason=reason,
                decided_at=datetime.now(UTC),
                cells=tuple(cell.id for cell in cells),
            )
        )
        added = tuple(self._planned(cell) for cell in cells)
        self._campaign = replace(self._campaign, cells=(*self._campaign.cells, *added))
        self._write()
        level = "" if ram_bytes is None else f" {format_ram(ram_bytes)}"
        self._bench.progress.note(f"{scenario}: {kind}{level}: {reason}")

    def _write(self) -> None:
        write_campaign(self._folder.path, self._campaign)
        write_gradient(self._folder.path, self._record)


def _first_failure(records: Sequence[CellRecord]) -> Failure | None:
    failures = (find_failure(record.result) for record in records)
    return next((failure for failure in failures if failure is not None), None)
