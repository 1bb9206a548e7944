"""Makes the plan of a campaign out of what a user wants and what this machine can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from basetype_benchmark.benchmark.campaign import SkippedPart
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.ram import levels_from, minimum_bytes
from basetype_benchmark.config.scenarios import SCENARIOS, Scenario
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.engines import engines_of
from basetype_benchmark.errors import UsageError
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.limits import host_memory_bytes
from basetype_benchmark.workflows.placement import ServiceChoice, runnable_scenarios
from basetype_benchmark.workflows.plans.campaign_plan import CampaignPlan
from basetype_benchmark.workflows.plans.gradient_plan import (
    GradientPlan,
    make_gradient_plan,
    split_levels,
    why_beyond,
)
from basetype_benchmark.workflows.plans.plan import (
    Plan,
    choose_protocol,
    choose_questions,
    choose_scenarios,
    make_plan,
    split_names,
)
from basetype_benchmark.workflows.plans.request import RunRequest, settle_mode
from basetype_benchmark.workflows.plans.sources import (
    Measurable,
    choose_dataset,
    find_measurable,
    find_sources,
)
from basetype_benchmark.workflows.profiles import find_measured_scale, find_scale_name

MOST_CELLS = 10_000
"""More than anybody waits for: a slip of the keyboard."""


def plan_run(
    request: RunRequest, settings: Settings, choice: ServiceChoice
) -> CampaignPlan | GradientPlan:
    """Plan what was asked for; starts and writes nothing.

    Raises:
        UsageError: an unknown name, wishes that do not go together, or nothing to run.
        DatasetError: a dataset that is needed is missing or damaged.
        ServiceUnavailable: no scenario can run here.
    """
    mode = settle_mode(request)
    scenarios = choose_scenarios(request.scenarios, default=lambda: runnable_scenarios(choice))
    if mode is Mode.GRADIENT:
        return _plan_gradient(request, scenarios, settings)
    host_bytes = host_memory_bytes()
    levels, beyond = split_levels(request.ram_bytes, host_bytes) if request.ram_bytes else ([], [])
    measurable = _choose_profiles(request, mode, settings)
    parts = [
        _plan_profile(
            request,
            profile,
            scenarios,
            levels if levels or mode is not Mode.FULL else None,
            settings,
            host_bytes=host_bytes,
        )
        for profile in measurable.sources
    ]
    left, unmatched = _keep_matching(parts, request.cells)
    count = sum(len(part.cells) for part in left)
    if count > MOST_CELLS:
        raise UsageError(f"{count} cells are more than a campaign can have, {MOST_CELLS}")
    return CampaignPlan(
        mode=mode,
        parts=left,
        sources={part.profile: measurable.sources[part.profile] for part in left},
        keeps_exports=request.keeps_exports,
        skipped=(
            *(_cannot_run(choice) if request.scenarios is None else ()),
            *measurable.skipped,
            *(_skip_level(level, host_bytes) for level in beyond),
            *unmatched,
        ),
    )


def _choose_profiles(request: RunRequest, mode: Mode, settings: Settings) -> Measurable:
    seed = request.dataset_seed
    if mode is Mode.QUICK:
        profile = choose_dataset(request.profile, seed, settings)
        find_scale_name(profile, seed, settings)
        return Measurable(sources={profile: profile})
    sources = find_sources(request.profile, seed, settings)
    own_scale, _, own_duration = sources[0].profile.rpartition("-")
    is_full = mode is Mode.FULL
    return find_measurable(
        sources,
        settings,
        scales=_names(request.scales, None if is_full else own_scale),
        durations=_names(request.durations, None if is_full else own_duration),
    )


def _names(given: str | None, default: str | None) -> list[str] | None:
    if given is not None:
        return split_names(given)
    return None if default is None else [default]


def _plan_profile(
    request: RunRequest,
    profile: str,
    scenarios: Sequence[Scenario],
    levels: Sequence[int] | None,
    settings: Settings,
    *,
    host_bytes: int,
) -> Plan:
    """Plan one profile; `levels` None: every level from what each scenario needs at least."""
    scale_name = find_measured_scale(profile, request.dataset_seed, settings)
    return make_plan(
        profile=profile,
        dataset_seed=request.dataset_seed,
        scenarios=scenarios,
        questions=choose_questions(request.queries),
        protocol=choose_protocol(
            scale_name,
            runs=request.runs,
            warmup=request.warmup,
            variants=request.variants,
            timeout_s=request.timeout_s,
        ),
        repetitions=request.repetitions,
        ram_levels=_every_level(scenarios, scale_name, host_bytes) if levels is None else levels,
        graph_share=request.graph_share,
    )


def _every_level(
    scenarios: Sequence[Scenario], scale_name: str, host_bytes: int
) -> Mapping[str, Sequence[int]]:
    return {
        scenario.id: levels_from(minimum_bytes(scenario, scale_name), host_bytes)
        for scenario in scenarios
    }


def _plan_gradient(
    request: RunRequest, scenarios: Sequence[Scenario], settings: Settings
) -> GradientPlan:
    host_bytes, seed = host_memory_bytes(), request.dataset_seed
    profile = choose_dataset(request.profile, seed, settings)
    base = _plan_profile(request, profile, scenarios, (), settings, host_bytes=host_bytes)
    if base.protocol.runs * request.repetitions < 2:
        raise UsageError(
            "one run says nothing of its spread, by which levels are compared: a gradient needs "
            "--runs 2 or more"
        )
    return make_gradient_plan(
        base,
        scale_name=find_measured_scale(profile, seed, settings),
        host_bytes=host_bytes,
        levels=request.levels_bytes,
        counts=find_dataset(profile, seed, settings).manifest.counts if request.is_auto else None,
        bisects=request.bisects,
    )


def _keep_matching(
    parts: Sequence[Plan], patterns: Sequence[str]
) -> tuple[tuple[Plan, ...], tuple[SkippedPart, ...]]:
    """Keep the cells that match a pattern; all of them where there is none."""
    if not patterns:
        return tuple(parts), ()
    kept = [
        replace(
            part,
            cells=tuple(c for c in part.cells if any(fnmatchcase(c.id, p) for p in patterns)),
        )
        for part in parts
    ]
    before, after = (sum(len(part.cells) for part in some) for some in (parts, kept))
    if not after:
        raise UsageError(
            f"no cell matches {', '.join(patterns)}; a cell is named like {parts[0].cells[0].id}"
        )
    skipped = SkippedPart(
        what=f"{before - after} of {before} cells", why=f"--cells is {', '.join(patterns)}"
    )
    left = tuple(part for part in kept if part.cells)
    return left, (skipped,) if after < before else ()


def _cannot_run(choice: ServiceChoice) -> Sequence[SkippedPart]:
    """Name the scenarios that nobody asked for by name and that cannot run here."""
    can = {scenario.id for scenario in runnable_scenarios(choice)}
    return [
        SkippedPart(what=scenario.id, why=reason)
        for scenario in SCENARIOS.values()
        if scenario.id not in can and (reason := _why_not(scenario, choice)) is not None
    ]


def _why_not(scenario: Scenario, choice: ServiceChoice) -> str | None:
    reasons = (choice.availability(engine).why_not for engine in engines_of(scenario))
    return next((reason for reason in reasons if reason is not None), None)


def _skip_level(level: int, host_bytes: int) -> SkippedPart:
    return SkippedPart(what="RAM level", why=why_beyond(level, host_bytes))
