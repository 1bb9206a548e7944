"""Going on with a campaign that was cut short: the cells of its plan that have no result yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from basetype_benchmark.benchmark.campaign import CampaignRecord
from basetype_benchmark.benchmark.gradient import GradientPlanRecord
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.results_io import read_campaign
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.infrastructure.ram_controller import RamController
from basetype_benchmark.queries.catalog import load_questions
from basetype_benchmark.workflows.benchmark import CampaignResult, run_cells
from basetype_benchmark.workflows.campaigns.bench import require_servers
from basetype_benchmark.workflows.campaigns.find import find_campaign, find_resumable
from basetype_benchmark.workflows.campaigns.finished_cells import forget_fingerprints
from basetype_benchmark.workflows.campaigns.gradient import GradientResult, run_levels
from basetype_benchmark.workflows.campaigns.ground import Ground, require_same_ground, survey
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.placement import choice_of
from basetype_benchmark.workflows.plans.campaign_plan import CampaignPlan
from basetype_benchmark.workflows.plans.gradient_plan import GradientPlan, ScenarioPlan
from basetype_benchmark.workflows.plans.plan import Cell, Plan, make_plan

TROUBLES = frozenset({CellOutcome.CONTAINER_FAILED, CellOutcome.ERROR})
"""Ends of a cell that may be the machine's doing, and another time none."""


def resume_campaign(
    name: str | None,
    harness: Harness,
    *,
    urls: Mapping[str, str],
    redoes: bool = False,
    retries_failed: bool = False,
) -> CampaignResult | GradientResult:
    """Run what is left of a campaign: the one named, or the newest that has something left.

    What runs where is as it was; of `harness` the choice is not used. `urls` are given again, since
    they may hold passwords and are not written down. With `redoes`, results that do not compare
    with what would be measured now are set aside and measured again; with `retries_failed`, those
    that are not the engine's doing for certain.

    Raises:
        UsageError: there is no such campaign, or nothing to resume, or a URL is missing.
        CheckFailed: what is measured now would not compare, and `redoes` is not set.
        DatasetError, ServiceUnavailable, DiskFull: as `run_campaign`.
    """
    settings = harness.settings
    retries = TROUBLES if retries_failed else frozenset()
    folder = (
        find_resumable(settings, retries=retries) if name is None else find_campaign(name, settings)
    )
    record = replace(read_campaign(folder), campaign=folder.name)  # it may have been renamed
    plan = plan_of(record)
    scenarios = plan.scenarios if isinstance(plan, CampaignPlan) else plan.scenarios_only
    choice = require_servers(
        scenarios,
        choice_of(record.places, urls, provider=record.provider),
        harness.progress,
        is_limited=isinstance(plan, GradientPlan) or plan.is_limited,
    )
    ready = replace(harness, choice=choice, retries=retries)
    ground = survey(scenarios, choice, settings.home)
    if redoes:
        record = _on_new_ground(record, ground)
    require_same_ground(record, ground)
    if isinstance(plan, CampaignPlan):
        return run_cells(record, plan, ready)
    return run_levels(record, plan, ready)


def plan_of(record: CampaignRecord) -> CampaignPlan | GradientPlan:
    """Give the plan that a campaign was begun with.

    Raises:
        CheckFailed: it names a scenario or query that there is no more.
    """
    try:
        if record.gradient is not None:
            return _gradient_plan(record, record.gradient)
        return CampaignPlan(
            mode=Mode(record.mode),
            parts=tuple(_part(record, index) for index in range(len(record.profiles))),
            sources={planned.profile: planned.source for planned in record.profiles},
            keeps_exports=record.keeps_exports,
            skipped=record.skipped,
        )
    except KeyError as error:
        raise CheckFailed(
            f"{record.campaign} was planned with {error}, which this version does not have"
        ) from error


def _part(record: CampaignRecord, index: int) -> Plan:
    profile, questions = record.profiles[index], load_questions()
    cells = [
        Cell(
            profile=planned.profile,
            scenario=SCENARIOS[planned.scenario],
            repetition=planned.repetition,
            ram_bytes=planned.ram_bytes,
        )
        for planned in record.cells
        if planned.profile == profile.profile
    ]
    plan = Plan(
        profile=profile.profile,
        dataset_seed=record.dataset_seed,
        questions=tuple(questions[name] for name in record.queries),
        protocol=profile.protocol,
        cells=tuple(cells),
    )
    return plan if record.graph_share is None else replace(plan, graph_share=record.graph_share)


def _gradient_plan(record: CampaignRecord, gradient: GradientPlanRecord) -> GradientPlan:
    [profile], questions = record.profiles, load_questions()
    base = make_plan(
        profile=profile.profile,
        dataset_seed=record.dataset_seed,
        scenarios=[SCENARIOS[levels.scenario] for levels in gradient.scenarios],
        questions=[questions[name] for name in record.queries],
        protocol=profile.protocol,
        repetitions=gradient.repetitions,
    )
    scenarios = [
        ScenarioPlan(
            scenario=SCENARIOS[levels.scenario],
            controller=RamController(
                strategy=levels.strategy,
                levels=levels.levels_bytes,
                bisects=gradient.bracket_ratio is not None,
            ),
            skipped=levels.skipped_bytes,
        )
        for levels in gradient.scenarios
    ]
    return GradientPlan(
        base=base if record.graph_share is None else replace(base, graph_share=record.graph_share),
        scenarios=tuple(scenarios),
        host_bytes=gradient.host_bytes,
    )


def _on_new_ground(record: CampaignRecord, ground: Ground) -> CampaignRecord:
    """Plan again what was measured on other ground; what compares keeps its result."""
    moved = replace(
        record, code=ground.code, host_class=ground.host_class, places=dict(ground.places)
    )
    return forget_fingerprints(moved)
