"""``btb queries``: the thirteen contracts, and the exact text that a scenario sends."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from basetype_benchmark.cli.formatters import NOT_MEASURED, print_json, print_note, print_table
from basetype_benchmark.cli.options import AsJson, Home, Seed, Variant, Variants
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.scenarios import find_scenario
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.dataset.model import EPOCH
from basetype_benchmark.queries.catalog import (
    Parameters,
    ParameterType,
    Question,
    find_question,
    load_questions,
)
from basetype_benchmark.queries.statement import BoundText, Statement, build_statement
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.plan import choose_protocol
from basetype_benchmark.workflows.query import resolve_parameters

app = typer.Typer(
    help="The thirteen queries and their texts.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@app.callback()
def _root(context: typer.Context, as_json: AsJson = False) -> None:
    if context.invoked_subcommand is None:
        list_queries(as_json)


@app.command("list")
def list_queries(as_json: AsJson = False) -> None:
    """List the queries: what they need, take and give."""
    questions = load_questions().values()
    if as_json:
        print_json([_document(question) for question in questions])
        return
    print_table(
        ["query", "title", "kind", "parameters", "result columns"],
        [
            [
                question.id,
                question.title,
                question.kind.value,
                ", ".join(p.name for p in question.parameters) or NOT_MEASURED,
                ", ".join(question.column_names),
            ]
            for question in questions
        ],
    )
    print_note("The exact text of one: btb queries show Q7 --scenario P1")


@app.command("show")
def show_query(
    *,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="For instance Q7.")],
    scenario: Annotated[str, typer.Option("--scenario", help="For instance P1.")] = "P1",
    profile: Annotated[
        str | None,
        typer.Option("--params", metavar="PROFILE", help="Bind the parameters of this dataset."),
    ] = None,
    variant: Variant = 1,
    variants: Variants = None,
    seed: Seed = DEFAULT_SEED,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show the exact text that a scenario sends for a query.

    Without --params, made-up values stand for the parameters.
    """
    question, where = find_question(query), find_scenario(scenario)
    parameters = _placeholders(question)
    if profile is not None:
        dataset = find_dataset(profile, seed, resolve_settings(home))
        count = choose_protocol(profile, variants=variants).variants
        parameters = resolve_parameters(question, dataset, variant, count, {})
    statement = build_statement(question, where, parameters)
    if as_json:
        legs = {leg: _bound_document(bound) for leg, bound in _legs(statement)}
        print_json({"query": question.id, "scenario": where.id, "sent": legs})
        return
    print_note(f"{question.id} {question.name} on {where.id}, {where.title}: {question.title}")
    for leg, bound in _legs(statement):
        print_note(f"\nto the {leg} side:")
        sys.stdout.write(bound.text.rstrip() + "\n")
        for name, value in bound.parameters.items():
            print_note(f"bound: {name} = {value}")


def _legs(statement: Statement) -> list[tuple[str, BoundText]]:
    sides = (("graph", statement.main), ("series", statement.series))
    return [(leg, bound) for leg, bound in sides if bound is not None]


def _bound_document(bound: BoundText) -> dict[str, object]:
    return {"text": bound.text, "parameters": dict(bound.parameters)}


def _placeholders(question: Question) -> Parameters:
    return {
        p.name: EPOCH if p.type is ParameterType.TIMESTAMP else f"the_{p.name}"
        for p in question.parameters
    }


def _document(question: Question) -> dict[str, object]:
    return question.model_dump(mode="json", exclude={"folder"})
