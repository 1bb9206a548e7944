"""Whether the decisions and findings of a gradient follow from its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from basetype_benchmark.analysis.verify.bundle import Bundle
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.gradient import (
    Decision,
    GradientPlanRecord,
    GradientRecord,
    LevelResult,
    Observation,
    ScenarioFindings,
    ScenarioLevels,
)
from basetype_benchmark.benchmark.results_io import CAMPAIGN_FILE, ENVIRONMENT_FILE, GRADIENT_FILE
from basetype_benchmark.benchmark.samples_io import attach_samples
from basetype_benchmark.config.ram import BRACKET_RATIO, LEAST_BYTES
from basetype_benchmark.infrastructure.ram_controller import Done, RamController, Step
from basetype_benchmark.workflows.campaigns.level import describe_level
from basetype_benchmark.workflows.plans.gradient_plan import why_beyond

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_CELLS = "by the results of its cells"


def check_gradient(bundle: Bundle) -> Check | None:
    """Go through the levels again as the controller did; None of a campaign without a gradient."""
    plan, record = bundle.campaign.gradient, bundle.gradient
    if plan is None:
        return None
    tally = Tally("gradient", "decisions and findings follow from the cells")
    if record is None:
        tally.leave_out(f"there is no {GRADIENT_FILE} that can be read")
        return tally.result()
    if bundle.environment is not None:
        due = bundle.environment.host.get("memory_bytes")
        source = f"in {ENVIRONMENT_FILE}"
        tally.compare(CAMPAIGN_FILE, "gradient.host_bytes", plan.host_bytes, due, source)
    for levels in plan.scenarios:
        _check_scenario(bundle, plan, levels, record, tally)
    planned = [levels.scenario for levels in plan.scenarios]
    found = [scenario.scenario for scenario in record.scenarios]
    tally.compare(GRADIENT_FILE, "scenarios", found, planned[: len(found)], f"in {CAMPAIGN_FILE}")
    return tally.result()


def _check_scenario(
    bundle: Bundle,
    plan: GradientPlanRecord,
    levels: ScenarioLevels,
    record: GradientRecord,
    tally: Tally,
) -> None:
    stated = [
        (index, replace(decision, decided_at=_ANY_TIME))
        for index, decision in enumerate(record.decisions)
        if decision.scenario == levels.scenario
    ]
    replay = _Replay(bundle, plan, levels)
    try:
        replay.run()
    except ValueError as error:
        tally.demand(False, CAMPAIGN_FILE, f"gradient.scenarios.{levels.scenario}", str(error))
        return
    if replay.is_cut_short:
        tally.leave_out(f"{levels.scenario}: not all of its levels have results")
    for (index, decision), due in zip(stated, replay.decisions, strict=False):
        tally.compare(GRADIENT_FILE, f"decisions.{index}", decision, due, _CELLS)
    if not replay.is_cut_short:
        numbers = len(stated), len(replay.decisions)
        problem = f"are {numbers[0]} for {levels.scenario}, and {numbers[1]} {_CELLS}"
        tally.demand(numbers[0] == numbers[1], GRADIENT_FILE, "decisions", problem)
        for index, found in enumerate(record.scenarios):
            if found.scenario == levels.scenario:
                tally.compare(GRADIENT_FILE, f"scenarios.{index}", found, replay.findings, _CELLS)


class _Replay:
    """The levels of one scenario, decided on anew by the results there are."""

    def __init__(self, bundle: Bundle, plan: GradientPlanRecord, levels: ScenarioLevels) -> None:
        self.decisions: list[Decision] = []
        self.is_cut_short = False
        self._bundle = bundle
        self._plan = plan
        self._levels = levels
        self._observations: list[Observation] = []
        self._results: list[LevelResult] = []
        self._end: str | None = None
        self._controller: RamController | None = None

    @property
    def findings(self) -> ScenarioFindings:
        """What the levels say; once it has run."""
        assert self._controller is not None
        return ScenarioFindings(
            scenario=self._levels.scenario,
            levels=tuple(sorted(self._results, key=lambda level: level.ram_bytes)),
            findings=self._controller.findings(self._observations),
            end=self._end,
        )

    def run(self) -> None:
        """Decide until the end, or until a result is missing.

        Raises:
            ValueError: the plan makes no sense.
        """
        self._controller = controller = _controller_of(self._plan, self._levels)
        for level in self._levels.skipped_bytes:
            self._decide("skip", level, why_beyond(level, self._plan.host_bytes))
        while not isinstance(step := controller.next_level(self._observations), Done):
            if not self._measure(step):
                self.is_cut_short = True
                return
        self._end = step.reason
        self._decide("end", None, step.reason)

    def _measure(self, step: Step) -> bool:
        cells = self._cells_at(step.ram_bytes)
        self._decide("measure", step.ram_bytes, step.reason, cells)
        records: list[CellRecord] = []
        for cell in cells:
            found = self._bundle.cells.get(cell)
            if found is None:
                break
            table = self._bundle.samples(cell)
            records.append(found if table is None else attach_samples(found, table))
        if not records:
            return False
        observation, level = describe_level(step.ram_bytes, cells, records)
        if observation.failure is None and len(records) < len(cells):
            return False
        self._observations.append(observation)
        self._results.append(level)
        return True

    def _cells_at(self, ram_bytes: int) -> list[str]:
        planned = [
            (cell.repetition, cell.cell)
            for cell in self._bundle.campaign.cells
            if cell.scenario == self._levels.scenario and cell.ram_bytes == ram_bytes
        ]
        return [cell for _, cell in sorted(planned)]

    def _decide(
        self, kind: str, ram_bytes: int | None, reason: str, cells: Sequence[str] = ()
    ) -> None:
        self.decisions.append(
            Decision(
                scenario=self._levels.scenario,
                kind=kind,  # type: ignore[arg-type]
                ram_bytes=ram_bytes,
                reason=reason,
                decided_at=_ANY_TIME,
                cells=tuple(cells),
            )
        )


def _controller_of(plan: GradientPlanRecord, levels: ScenarioLevels) -> RamController:
    return RamController(
        strategy=levels.strategy,
        levels=levels.levels_bytes,
        bisects=plan.bracket_ratio is not None,
        least_bytes=LEAST_BYTES if plan.least_bytes is None else plan.least_bytes,
        bracket_ratio=BRACKET_RATIO if plan.bracket_ratio is None else plan.bracket_ratio,
        plateau_improvement=plan.plateau_improvement,
    )
