"""``btb validate``: every variant of every query against the oracle, without timing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from basetype_benchmark.atomic_files import write_atomically
from basetype_benchmark.cli.exit_codes import exit_code
from basetype_benchmark.cli.formatters import encode_json, print_json
from basetype_benchmark.cli.options import (
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
from basetype_benchmark.cli.validation_report import (
    Validation,
    print_validation,
    validation_document,
)
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.workflows.benchmark import validate
from basetype_benchmark.workflows.placement import runnable_scenarios
from basetype_benchmark.workflows.plans.plan import (
    choose_protocol,
    choose_questions,
    choose_scenarios,
    make_plan,
)
from basetype_benchmark.workflows.profiles import find_measured_scale


def run_validation(
    *,
    profile: ProfileName,
    scenarios: Scenarios = None,
    queries: Queries = None,
    variants: Variants = None,
    timeout: Timeout = None,
    provider: ProviderName = "auto",
    url: Urls = None,
    image: Images = None,
    yes: Yes = False,
    seed: Seed = DEFAULT_SEED,
    home: Home = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            dir_okay=False,
            writable=True,
            help="Write the outcomes to this file too, as JSON.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every answer: each scenario loads PROFILE and answers every query once.

    The answers are compared, row by row, with those of an independent computation over the
    dataset. Exit code 1 when anything differs or fails.
    """
    settings = resolve_settings(home)
    choice = read_choice(provider, url or [], image or [], may_empty=yes)
    protocol = choose_protocol(
        find_measured_scale(profile, seed, settings),
        warmup=0,
        runs=1,
        variants=variants,
        timeout_s=timeout,
    )
    plan = make_plan(
        profile=profile,
        dataset_seed=seed,
        scenarios=choose_scenarios(scenarios, default=lambda: runnable_scenarios(choice)),
        questions=choose_questions(queries),
        protocol=protocol,
    )
    with open_progress() as progress:
        results = list(validate(plan, settings, choice, progress))
    validation = Validation(
        profile=profile, dataset_seed=seed, timeout_s=protocol.timeout_s, results=results
    )
    document = validation_document(validation)
    if output is not None:
        write_atomically(output, encode_json(document))
    if as_json:
        print_json(document)
    else:
        print_validation(validation)
    raise typer.Exit(exit_code(results))
