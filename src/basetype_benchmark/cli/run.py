"""``btb run``: measure, show what came of it, and say where the results are."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from basetype_benchmark.cli.campaign_report import print_campaign
from basetype_benchmark.cli.exit_codes import exit_code
from basetype_benchmark.cli.formatters import print_warning
from basetype_benchmark.cli.gradient_report import print_gradient
from basetype_benchmark.cli.levels import (
    Auto,
    Bisect,
    Levels,
    Mode,
    ModeName,
    Ram,
    RamSplit,
    check_mode,
    read_levels,
)
from basetype_benchmark.cli.options import (
    AsJson,
    Home,
    Images,
    PlanOnly,
    ProfileName,
    ProviderName,
    Queries,
    Repeat,
    Runs,
    Scenarios,
    Seed,
    Timeout,
    Urls,
    Variants,
    Warmup,
    Yes,
)
from basetype_benchmark.cli.plan_report import print_gradient_plan, print_plan
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.cli.services import read_choice
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.ram import GRAPH_SHARE
from basetype_benchmark.config.settings import Settings, resolve_settings
from basetype_benchmark.errors import CheckFailed, UsageError
from basetype_benchmark.workflows.benchmark import run_campaign
from basetype_benchmark.workflows.campaigns.gradient import run_gradient
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.limits import host_memory_bytes
from basetype_benchmark.workflows.placement import ServiceChoice, runnable_scenarios
from basetype_benchmark.workflows.plans.campaign_plan import quick_campaign
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
)
from basetype_benchmark.workflows.profiles import find_scale_name


def run_benchmark(
    *,
    profile: ProfileName,
    scenarios: Scenarios = None,
    queries: Queries = None,
    runs: Runs = None,
    warmup: Warmup = None,
    variants: Variants = None,
    repeat: Repeat = 1,
    mode: ModeName = Mode.FIXED,
    ram: Ram = None,
    levels: Levels = None,
    auto: Auto = False,
    bisect: Bisect = False,
    ram_split: RamSplit = GRAPH_SHARE,
    plan_only: PlanOnly = False,
    timeout: Timeout = None,
    provider: ProviderName = "auto",
    url: Urls = None,
    image: Images = None,
    yes: Yes = False,
    seed: Seed = DEFAULT_SEED,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Measure: load PROFILE into each scenario's servers and time the queries.

    Every answer is checked too. Exit code 1 when a cell failed or an answer is wrong; in a
    gradient, when no level was enough or an answer is wrong.
    """
    check_mode(mode, ram=ram, levels=levels, is_auto=auto, bisects=bisect)
    settings = resolve_settings(home)
    choice = read_choice(provider, url or [], image or [], may_empty=yes)
    scale_name = find_scale_name(profile, seed, settings)
    plan = make_plan(
        profile=profile,
        dataset_seed=seed,
        protocol=choose_protocol(
            scale_name, runs=runs, warmup=warmup, variants=variants, timeout_s=timeout
        ),
        scenarios=choose_scenarios(scenarios, default=lambda: runnable_scenarios(choice)),
        questions=choose_questions(queries),
        repetitions=repeat,
        ram_levels=choose_levels(read_levels("--ram", ram)),
        graph_share=ram_split,
    )
    if mode is Mode.FIXED:
        _run_fixed(plan, settings, choice, plan_only=plan_only, as_json=as_json)
        return
    gradient = make_gradient_plan(
        plan,
        scale_name=scale_name,
        host_bytes=host_memory_bytes(),
        levels=read_levels("--levels", levels),
        counts=find_dataset(profile, seed, settings).manifest.counts if auto else None,
        bisects=bisect,
    )
    _run_gradient(gradient, settings, choice, plan_only=plan_only, as_json=as_json)


def choose_levels(levels: Sequence[int]) -> Sequence[int]:
    """Leave out the levels that this machine cannot have, and say so.

    Raises:
        UsageError: none is left.
    """
    if not levels:
        return levels
    host_bytes = host_memory_bytes()
    within, beyond = split_levels(levels, host_bytes)
    for level in beyond:
        print_warning(f"skipped: {why_beyond(level, host_bytes)}")
    return within


def _run_fixed(
    plan: Plan, settings: Settings, choice: ServiceChoice, *, plan_only: bool, as_json: bool
) -> None:
    if plan_only:
        print_plan(plan, as_json=as_json)
        return
    with open_progress() as progress:
        campaign = run_campaign(
            quick_campaign(plan),
            Harness(settings=settings, choice=choice, progress=progress),
        )
    print_campaign(campaign, as_json=as_json)
    raise typer.Exit(exit_code(record.result for record in campaign.cells))


def _run_gradient(
    plan: GradientPlan, settings: Settings, choice: ServiceChoice, *, plan_only: bool, as_json: bool
) -> None:
    if plan.base.protocol.runs * plan.repetitions < 2:
        raise UsageError(
            "one run says nothing of its spread, by which levels are compared: a gradient needs "
            "--runs 2 or more"
        )
    if plan_only:
        print_gradient_plan(plan, as_json=as_json)
        return
    with open_progress() as progress:
        gradient = run_gradient(plan, Harness(settings=settings, choice=choice, progress=progress))
    print_gradient(gradient, as_json=as_json)
    raise typer.Exit(0 if gradient.is_ok else CheckFailed.exit_code)
