"""A gradient: one scenario after the other, at one RAM level after the other, as results decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from basetype_benchmark import wall_clock
from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord
from basetype_benchmark.benchmark.failure import find_failure
from basetype_benchmark.benchmark.gradient import (
    Decision,
    GradientRecord,
    LevelResult,
    Observation,
    ScenarioFindings,
)
from basetype_benchmark.benchmark.results_io import read_gradient, write_gradient
from basetype_benchmark.config.ram import format_ram
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.infrastructure.ram_controller import Done
from basetype_benchmark.workflows.campaigns.bench import Bench, prepare_bench, require_servers
from basetype_benchmark.workflows.campaigns.disk_room import disk_room
from basetype_benchmark.workflows.campaigns.ground import survey
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.campaigns.level import describe_level
from basetype_benchmark.workflows.campaigns.open_campaign import (
    OpenCampaign,
    StoreCourse,
    open_campaign,
)
from basetype_benchmark.workflows.campaigns.records import campaign_record, planned_cell
from basetype_benchmark.workflows.plans.gradient_plan import GradientPlan, ScenarioPlan, why_beyond
from basetype_benchmark.workflows.plans.plan import Cell


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


def run_gradient(plan: GradientPlan, harness: Harness) -> GradientResult:
    """Find for each scenario the least viable RAM and the plateau, and write all results.

    Raises:
        UsageError: a server is at a URL, and not ours to limit.
        DatasetError: the dataset is missing or damaged.
        ServiceUnavailable: an engine that is needed is not installed, or cannot be limited; or
            another process measures in this home.
        DiskFull: a result could not be written, or there is too little space to go on.
    """
    scenarios, settings = plan.scenarios_only, harness.settings
    choice = require_servers(scenarios, harness.choice, harness.progress, is_limited=True)
    record = campaign_record(
        plan.campaign_plan,
        survey(scenarios, choice, settings.home),
        results_dir=settings.results_dir,
        provider=harness.choice.provider.value,
        gradient=plan.record,
    )
    return run_levels(record, plan, replace(harness, choice=choice))


def run_levels(record: CampaignRecord, plan: GradientPlan, harness: Harness) -> GradientResult:
    """Go through the levels of a gradient, taking up the results that there are.

    The same results give the same decisions: a gradient that was cut short goes on where it was.

    Raises: as `run_gradient`.
    """
    bench = prepare_bench(plan.base, harness.settings, harness.choice, harness.progress)
    with open_campaign(record, harness, disk_room(plan, harness.settings)) as campaign:
        harness.progress.note(f"RAM gradient of {plan.base.summary}, at each level")
        campaign.know_part(plan.base, bench)
        gradient = _Gradient(campaign, bench, plan)
        for planned in plan.scenarios:
            gradient.run(planned)
    return gradient.result


@dataclass(kw_only=True)
class _Course:
    """How far one scenario has come."""

    planned: ScenarioPlan
    observations: list[Observation] = field(default_factory=list)
    levels: list[LevelResult] = field(default_factory=list)
    store: StoreCourse = field(default_factory=StoreCourse)
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

    def __init__(self, campaign: OpenCampaign, bench: Bench, plan: GradientPlan) -> None:
        self._campaign = campaign
        self._bench = bench
        self._plan = plan
        self._decisions: list[Decision] = []
        self._courses: list[_Course] = []
        self._decided_before = read_decisions(campaign.path)
        self._write()

    @property
    def result(self) -> GradientResult:
        """What came of it."""
        return GradientResult(
            folder=self._campaign.path,
            plan=self._plan,
            record=self._record,
            cells=tuple(self._campaign.cells),
        )

    @property
    def _record(self) -> GradientRecord:
        return GradientRecord(
            campaign=self._campaign.record.campaign,
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
        observation, level = describe_level(ram_bytes, [cell.id for cell in cells], records)
        course.observations.append(observation)
        course.levels.append(level)
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
            record = self._campaign.run(self._bench, cell, course.store)
            yield record
            failure = find_failure(record.result)
            if failure is not None:
                self._bench.progress.note(f"  {failure.words}: {failure.reason}")
                return

    def _decide(
        self,
        course: _Course,
        kind: Literal["measure", "skip", "end"],
        ram_bytes: int | None,
        reason: str,
        cells: Sequence[Cell] = (),
    ) -> None:
        """Write down a decision, and the cells that it adds to the plan."""
        decision = Decision(
            scenario=course.planned.scenario.id,
            kind=kind,
            ram_bytes=ram_bytes,
            reason=reason,
            decided_at=wall_clock.utc_now(),
            cells=tuple(cell.id for cell in cells),
        )
        self._decisions.append(self._as_decided_before(decision))
        self._campaign.plan_cells([planned_cell(self._bench, cell) for cell in cells])
        self._write()
        level = "" if ram_bytes is None else f" {format_ram(ram_bytes)}"
        self._bench.progress.note(f"{decision.scenario}: {kind}{level}: {reason}")

    def _as_decided_before(self, decision: Decision) -> Decision:
        """Keep when it was decided, if the same was decided before for the same reason."""
        before = self._decided_before.get((decision.scenario, decision.kind, decision.ram_bytes))
        if before is None or replace(decision, decided_at=before.decided_at) != before:
            return decision
        return before

    def _write(self) -> None:
        write_gradient(self._campaign.path, self._record)


def read_decisions(path: Path) -> dict[tuple[str, str, int | None], Decision]:
    """Read what was decided before, to keep when; nothing where it cannot be read."""
    try:
        decisions = read_gradient(path).decisions
    except CheckFailed:
        return {}
    return {(made.scenario, made.kind, made.ram_bytes): made for made in decisions}
