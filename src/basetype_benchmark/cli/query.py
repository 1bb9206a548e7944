"""``btb query``: run one query once and print its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from basetype_benchmark.cli.formatters import print_json
from basetype_benchmark.cli.options import (
    AsJson,
    Home,
    Images,
    ProfileName,
    ProviderName,
    Seed,
    Timeout,
    Urls,
    Variant,
    Variants,
    Yes,
)
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.cli.query_report import answer_document, print_answer
from basetype_benchmark.cli.services import read_choice
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.scenarios import find_scenario
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.errors import UsageError
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.workflows.plans.plan import choose_protocol
from basetype_benchmark.workflows.profiles import find_measured_scale
from basetype_benchmark.workflows.query import query_once


def run_query(
    *,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="For instance Q7.")],
    profile: ProfileName,
    scenario: Annotated[str, typer.Option("--scenario", help="For instance P1.")] = "P1",
    variant: Variant = 1,
    variants: Variants = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", metavar="NAME=VALUE", help="Instead of the variant's; repeat it."),
    ] = None,
    timeout: Timeout = None,
    provider: ProviderName = "auto",
    url: Urls = None,
    image: Images = None,
    yes: Yes = False,
    seed: Seed = DEFAULT_SEED,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Run one query once and print its rows.

    The first time PROFILE is loaded into the scenario's own servers; later calls find it there.
    """
    question, where = find_question(query), find_scenario(scenario)
    settings = resolve_settings(home)
    protocol = choose_protocol(
        find_measured_scale(profile, seed, settings), variants=variants, timeout_s=timeout
    )
    with open_progress() as progress:
        answer = query_once(
            question,
            where,
            profile=profile,
            seed=seed,
            variant=variant,
            variants=protocol.variants,
            given=_read_parameters(param or []),
            timeout_s=protocol.timeout_s,
            settings=settings,
            choice=read_choice(provider, url or [], image or [], may_empty=yes),
            progress=progress,
        )
    if as_json:
        print_json(answer_document(question, where, answer))
    else:
        print_answer(question, where, answer)


def _read_parameters(texts: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in map(_split_parameter, texts):
        if name in given:
            raise UsageError(f"--param {name} is given twice; one value is asked for at a time")
        given[name] = value
    return given


def _split_parameter(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise UsageError(f"--param {text!r} has no value; write it as name=value")
    return name.strip(), value
