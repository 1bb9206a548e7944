"""``btb run``: measure, show what came of it, and say where the results are."""

from __future__ import annotations

from typing import Annotated

import typer

from basetype_benchmark.cli.campaign_report import print_campaign
from basetype_benchmark.cli.exit_codes import exit_code
from basetype_benchmark.cli.formatters import print_json, print_note, print_table
from basetype_benchmark.cli.options import (
    MOST_TIMES,
    AsJson,
    Home,
    Images,
    ProfileName,
    ProviderName,
    Queries,
    Scenarios,
    Seed,
    Timeout,
    Urls,
    Variants,
    Yes,
)
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.cli.services import read_choice
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.units import format_duration
from basetype_benchmark.workflows.benchmark import run_campaign
from basetype_benchmark.workflows.placement import runnable_scenarios
from basetype_benchmark.workflows.plan import (
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
    runs: Annotated[
        int | None,
        typer.Option("--runs", min=1, max=MOST_TIMES, help="Measured runs. Default: by scale."),
    ] = None,
    warmup: Annotated[
        int | None,
        typer.Option("--warmup", min=0, max=MOST_TIMES, help="Warm-up runs. Default: by scale."),
    ] = None,
    variants: Variants = None,
    repeat: Annotated[
        int,
        typer.Option(
            "--repeat", min=1, max=MOST_TIMES, help="Times each scenario is loaded and measured."
        ),
    ] = 1,
    plan_only: Annotated[
        bool, typer.Option("--plan", help="Print what would run, and stop.")
    ] = False,
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

    Every answer is checked too. Exit code 1 when a cell failed or an answer is wrong.
    """
    settings = resolve_settings(home)
    choice = read_choice(provider, url or [], image or [], may_empty=yes)
    plan = make_plan(
        profile=profile,
        dataset_seed=seed,
        protocol=choose_protocol(
            find_scale_name(profile, seed, settings),
            runs=runs,
            warmup=warmup,
            variants=variants,
            timeout_s=timeout,
        ),
        scenarios=choose_scenarios(scenarios, default=lambda: runnable_scenarios(choice)),
        questions=choose_questions(queries),
        repetitions=repeat,
    )
    if plan_only:
        _print_plan(plan, as_json)
        return
    with open_progress() as progress:
        campaign = run_campaign(plan, settings, choice, progress)
    print_campaign(campaign, as_json=as_json)
    raise typer.Exit(exit_code(record.result for record in campaign.cells))


def _print_plan(plan: Plan, as_json: bool) -> None:
    protocol = plan.protocol
    if as_json:
        print_json(
            {
                "profile": plan.profile,
                "dataset_seed": plan.dataset_seed,
                "queries": [question.id for question in plan.questions],
                "protocol": protocol,
                "cells": [cell.id for cell in plan.cells],
            }
        )
        return
    print_table(
        ["cell", "scenario", "title", "executions"],
        [
            [cell.id, cell.scenario.id, cell.scenario.title, str(plan.executions_per_cell)]
            for cell in plan.cells
        ],
        numeric=("executions",),
    )
    print_note(
        f"executions, at most: {len(plan.questions)} queries, up to {protocol.variants} parameter "
        f"sets each, {protocol.warmup} warm-up and {protocol.runs} measured runs; deadline of one "
        f"execution {format_duration(protocol.timeout_s)}"
    )
