"""``btb queries``: the thirteen contracts, their texts, and exactly what a scenario sends."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from basetype_benchmark.cli.formatters import NOT_MEASURED, print_json, print_note, print_table
from basetype_benchmark.cli.options import AsJson, Home, Seed, Timeout, Variant, Variants
from basetype_benchmark.cli.sent_report import print_sent, print_texts, sent_document
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.protocol import TIMEOUT_S
from basetype_benchmark.config.scenarios import find_scenario
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.dataset.model import DAY, EPOCH
from basetype_benchmark.errors import UsageError
from basetype_benchmark.queries.catalog import (
    Parameters,
    Question,
    find_question,
    load_questions,
)
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.plans.plan import choose_protocol
from basetype_benchmark.workflows.profiles import find_measured_scale
from basetype_benchmark.workflows.query import resolve_parameters
from basetype_benchmark.workflows.sent import describe_sent, list_texts

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
    print_note(
        "The exact text of one: btb queries show Q7 --scenario P1; of all: btb queries show Q7"
    )


@app.command("show")
def show_query(
    *,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="For instance Q7.")],
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", help="For instance P1. Default: the texts of all of them."),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option("--params", metavar="PROFILE", help="Bind the parameters of this dataset."),
    ] = None,
    variant: Variant = 1,
    variants: Variants = None,
    timeout: Timeout = None,
    seed: Seed = DEFAULT_SEED,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show exactly what a scenario sends for a query, or the texts of all scenarios.

    Without --params, made-up values stand for the parameters.
    """
    question = find_question(query)
    if scenario is None:
        if profile is not None:
            raise UsageError("--params binds what one scenario sends: name it with --scenario")
        _show_texts(question, as_json=as_json)
        return
    where, parameters = find_scenario(scenario), _placeholders(question)
    timeout_s = TIMEOUT_S if timeout is None else timeout
    if profile is not None:
        settings = resolve_settings(home)
        dataset = find_dataset(profile, seed, settings)
        scale = find_measured_scale(profile, seed, settings)
        protocol = choose_protocol(scale, variants=variants, timeout_s=timeout)
        timeout_s = protocol.timeout_s
        parameters = resolve_parameters(question, dataset, variant, protocol.variants, {})
    sent = describe_sent(question, where, parameters, timeout_s)
    if as_json:
        print_json(sent_document(question, where, sent))
    else:
        print_sent(question, where, sent)


def _show_texts(question: Question, *, as_json: bool) -> None:
    texts = list_texts(question)
    if as_json:
        print_json({"query": question.id, "texts": [asdict(text) for text in texts]})
    else:
        print_texts(question, texts)


def _placeholders(question: Question) -> Parameters:
    """Make up values: ids that no dataset has, and a window of one day."""
    window = {"start": EPOCH, "end": EPOCH + DAY}
    return {p.name: window.get(p.name, f"the_{p.name}") for p in question.parameters}


def _document(question: Question) -> dict[str, object]:
    return question.model_dump(mode="json", exclude={"folder"})
