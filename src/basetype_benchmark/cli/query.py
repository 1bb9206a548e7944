"""``btb query``: run one query once and print its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from basetype_benchmark.benchmark.execution import Legs
from basetype_benchmark.cli.formatters import (
    format_latency,
    format_value,
    print_json,
    print_note,
    print_table,
)
from basetype_benchmark.cli.options import (
    AsJson,
    Home,
    OxigraphUrl,
    PostgresUrl,
    ProfileName,
    ProviderName,
    Seed,
    Timeout,
    Variant,
    Variants,
    Yes,
)
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.cli.services import read_choice
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.scenarios import find_scenario
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.errors import UsageError
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.workflows.plan import choose_protocol
from basetype_benchmark.workflows.query import QueryAnswer, query_once


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
    postgres_url: PostgresUrl = None,
    oxigraph_url: OxigraphUrl = None,
    yes: Yes = False,
    seed: Seed = DEFAULT_SEED,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Run one query once and print its rows.

    The first time PROFILE is loaded into the scenario's own servers; later calls find it there.
    """
    question, where = find_question(query), find_scenario(scenario)
    protocol = choose_protocol(profile, variants=variants, timeout_s=timeout)
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
            settings=resolve_settings(home),
            choice=read_choice(provider, postgres_url, oxigraph_url, may_empty=yes),
            progress=progress,
        )
    if as_json:
        print_json({"query": question.id, "scenario": where.id, **_document(answer)})
        return
    print_note(f"{question.id} {question.name} on {where.id}, {where.title}: {question.title}")
    for name, value in answer.parameters.items():
        print_note(f"  {name} = {value}")
    rows = [[format_value(value) for value in row] for row in answer.execution.rows]
    print_table(answer.execution.columns, rows)
    legs = answer.execution.legs
    print_note(
        f"{len(rows)} rows in {format_latency(answer.elapsed_ns)}, executed once and not warmed up"
        + ("" if legs is None else f"; {_describe_legs(legs)}")
    )


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


def _describe_legs(legs: Legs) -> str:
    return (
        f"graph {format_latency(legs.graph_ns)}, transfer {format_latency(legs.transfer_ns)}, "
        f"series {format_latency(legs.series_ns)}"
    )


def _document(answer: QueryAnswer) -> dict[str, object]:
    return {
        "parameters": dict(answer.parameters),
        "elapsed_ns": answer.elapsed_ns,
        "legs": answer.execution.legs,
        "columns": answer.execution.columns,
        "rows": [list(row) for row in answer.execution.rows],
    }
