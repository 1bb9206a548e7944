"""``btb run``: measure, show what came of it, and say where the results are."""

from __future__ import annotations

from typing import Annotated

import typer

from basetype_benchmark.cli.campaign_run import run_plan
from basetype_benchmark.cli.levels import (
    Auto,
    Bisect,
    Cells,
    Durations,
    KeepExports,
    Levels,
    ModeName,
    Ram,
    RamSplit,
    Scales,
    read_levels,
)
from basetype_benchmark.cli.options import (
    AsJson,
    Home,
    Images,
    Notify,
    PlanOnly,
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
from basetype_benchmark.cli.plan_report import print_plan
from basetype_benchmark.cli.services import read_choice
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.ram import GRAPH_SHARE
from basetype_benchmark.config.settings import resolve_notify, resolve_settings
from basetype_benchmark.workflows.plans.planning import plan_run
from basetype_benchmark.workflows.plans.request import RunRequest

Dataset = Annotated[
    str | None,
    typer.Argument(
        metavar="[PROFILE]",
        help="The dataset to measure, for instance tiny-2d; with select and full also smaller "
        "ones, cut out of it. Default: the biggest there is.",
    ),
]


def run_benchmark(
    *,
    profile: Dataset = None,
    mode: ModeName = None,
    scales: Scales = None,
    durations: Durations = None,
    scenarios: Scenarios = None,
    queries: Queries = None,
    cells: Cells = None,
    runs: Runs = None,
    warmup: Warmup = None,
    variants: Variants = None,
    repeat: Repeat = 1,
    ram: Ram = None,
    levels: Levels = None,
    auto: Auto = False,
    bisect: Bisect = False,
    ram_split: RamSplit = GRAPH_SHARE,
    keep_exports: KeepExports = False,
    plan_only: PlanOnly = False,
    notify: Notify = None,
    timeout: Timeout = None,
    provider: ProviderName = "auto",
    url: Urls = None,
    image: Images = None,
    yes: Yes = False,
    seed: Seed = DEFAULT_SEED,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Load a dataset into each scenario's servers, time the queries, check every answer."""
    request = RunRequest(
        mode=mode,
        profile=profile,
        dataset_seed=seed,
        scales=scales,
        durations=durations,
        scenarios=scenarios,
        queries=queries,
        cells=tuple(cells or ()),
        ram_bytes=read_levels("--ram", ram),
        graph_share=ram_split,
        levels_bytes=read_levels("--levels", levels),
        is_auto=auto,
        bisects=bisect,
        runs=runs,
        warmup=warmup,
        variants=variants,
        timeout_s=timeout,
        repetitions=repeat,
        keeps_exports=keep_exports,
    )
    settings = resolve_settings(home)
    choice = read_choice(provider, url or [], image or [], may_empty=yes)
    plan = plan_run(request, settings, choice)
    if plan_only:
        print_plan(plan, settings, as_json=as_json)
    else:
        run_plan(plan, settings, choice, notify=resolve_notify(notify), as_json=as_json)
