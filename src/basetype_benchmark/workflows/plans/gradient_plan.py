"""The plan of a gradient: which RAM levels may be tried for each scenario, and by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from basetype_benchmark.benchmark.gradient import GradientPlanRecord, ScenarioLevels
from basetype_benchmark.config.expansion import estimate_need_bytes
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.ram import (
    BRACKET_RATIO,
    LEAST_BYTES,
    PLATEAU_IMPROVEMENT,
    format_ram,
    levels_around,
    levels_from,
    minimum_bytes,
    strategy_of,
)
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.manifest import Counts
from basetype_benchmark.errors import UsageError
from basetype_benchmark.infrastructure.ram_controller import RamController
from basetype_benchmark.units import format_bytes
from basetype_benchmark.workflows.plans.campaign_plan import CampaignPlan
from basetype_benchmark.workflows.plans.plan import Plan


@dataclass(frozen=True, kw_only=True)
class ScenarioPlan:
    """One scenario, what decides on its levels, and those that this machine cannot have."""

    scenario: Scenario
    controller: RamController
    skipped: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GradientPlan:
    """What a gradient measures and how. `base` is what is measured at each level, as if once.

    `host_bytes` is the memory of the machine.
    """

    base: Plan
    scenarios: tuple[ScenarioPlan, ...]
    host_bytes: int

    @property
    def repetitions(self) -> int:
        """How often each level is measured."""
        return max(cell.repetition for cell in self.base.cells)

    @property
    def scenarios_only(self) -> tuple[Scenario, ...]:
        """Without their levels."""
        return tuple(planned.scenario for planned in self.scenarios)

    @property
    def campaign_plan(self) -> CampaignPlan:
        """What of it is as in any campaign."""
        profile = self.base.profile
        return CampaignPlan(mode=Mode.GRADIENT, parts=(self.base,), sources={profile: profile})

    @property
    def record(self) -> GradientPlanRecord:
        """As it stands in ``campaign.json``."""
        bisects = any(planned.controller.bisects for planned in self.scenarios)
        return GradientPlanRecord(
            scenarios=tuple(
                ScenarioLevels(
                    scenario=planned.scenario.id,
                    strategy=planned.controller.strategy,
                    levels_bytes=planned.controller.levels,
                    skipped_bytes=planned.skipped,
                )
                for planned in self.scenarios
            ),
            repetitions=self.repetitions,
            host_bytes=self.host_bytes,
            plateau_improvement=PLATEAU_IMPROVEMENT,
            bracket_ratio=BRACKET_RATIO if bisects else None,
            least_bytes=LEAST_BYTES if bisects else None,
        )


def make_gradient_plan(
    base: Plan,
    *,
    scale_name: str,
    host_bytes: int,
    levels: Sequence[int] = (),
    counts: Counts | None = None,
    bisects: bool = False,
) -> GradientPlan:
    """Choose the levels of each scenario of a plan without limits.

    The `levels` given, else by the `counts` of the data, else by scale.

    Raises:
        UsageError: this machine has none of the levels.
    """
    scenarios = {cell.scenario.id: cell.scenario for cell in base.cells}.values()
    chosen = [
        _plan_scenario(
            scenario,
            _wanted_levels(
                scenario,
                levels=levels,
                counts=counts,
                scale_name=scale_name,
                host_bytes=host_bytes,
                graph_share=base.graph_share,
            ),
            host_bytes,
            bisects=bisects,
        )
        for scenario in scenarios
    ]
    return GradientPlan(base=base, scenarios=tuple(chosen), host_bytes=host_bytes)


def _wanted_levels(
    scenario: Scenario,
    *,
    levels: Sequence[int],
    counts: Counts | None,
    scale_name: str,
    host_bytes: int,
    graph_share: float,
) -> Sequence[int]:
    if levels:
        return levels
    if counts is None:
        least = minimum_bytes(scenario, scale_name)
        return levels_from(least, host_bytes) or (least,)
    need = estimate_need_bytes(
        scenario,
        elements=sum(counts.nodes.values()) + sum(counts.edges.values()),
        samples=counts.samples,
        graph_share=graph_share,
    )
    return levels_around(need, LEAST_BYTES, host_bytes)


def _plan_scenario(
    scenario: Scenario, wanted: Sequence[int], host_bytes: int, *, bisects: bool
) -> ScenarioPlan:
    within, beyond = split_levels(wanted, host_bytes)
    return ScenarioPlan(
        scenario=scenario,
        controller=RamController(
            strategy=strategy_of(scenario), levels=tuple(within), bisects=bisects
        ),
        skipped=tuple(beyond),
    )


def split_levels(levels: Sequence[int], host_bytes: int) -> tuple[list[int], list[int]]:
    """Part the levels that this machine can have from those above its memory.

    Raises:
        UsageError: all are above.
    """
    within = [level for level in levels if level <= host_bytes]
    beyond = [level for level in levels if level > host_bytes]
    if not within:
        raise UsageError(f"{why_beyond(beyond[0], host_bytes)}; give a lower level")
    return within, beyond


def why_beyond(level: int, host_bytes: int) -> str:
    """Say why a level cannot be had."""
    return (
        f"{format_ram(level)} is more than the memory of this machine, {format_bytes(host_bytes)}"
    )
