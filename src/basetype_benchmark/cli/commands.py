"""Which commands ``btb`` has."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer

from basetype_benchmark import __version__
from basetype_benchmark.cli.lazy import LazyCommand, lazy_group
from basetype_benchmark.cli.terminal import can_ask

COMMANDS = {
    "dataset": LazyCommand(
        module="basetype_benchmark.cli.dataset",
        attribute="app",
        help="Make, cut, describe, verify and export datasets.",
    ),
    "scenarios": LazyCommand(
        module="basetype_benchmark.cli.scenarios",
        attribute="show_scenarios",
        help="List the scenarios: which stores hold the graph and the series.",
    ),
    "queries": LazyCommand(
        module="basetype_benchmark.cli.queries",
        attribute="app",
        help="The thirteen queries and their texts.",
    ),
    "doctor": LazyCommand(
        module="basetype_benchmark.cli.doctor",
        attribute="show_doctor",
        help="Say what can run here, and what mends what cannot.",
    ),
    "query": LazyCommand(
        module="basetype_benchmark.cli.query",
        attribute="run_query",
        help="Run one query once and print its rows.",
    ),
    "validate": LazyCommand(
        module="basetype_benchmark.cli.validate",
        attribute="run_validation",
        help="Check every answer of every scenario; no timing.",
    ),
    "run": LazyCommand(
        module="basetype_benchmark.cli.run",
        attribute="run_benchmark",
        help="Load, check and measure: a campaign.",
    ),
    "resume": LazyCommand(
        module="basetype_benchmark.cli.resume",
        attribute="resume",
        help="Go on with a campaign that was cut short.",
    ),
    "results": LazyCommand(
        module="basetype_benchmark.cli.results",
        attribute="show_results",
        help="Show what a campaign measured, and export it as tables.",
    ),
    "report": LazyCommand(
        module="basetype_benchmark.cli.report",
        attribute="show_report",
        help="Write what a campaign says as a page that opens offline.",
    ),
    "compare": LazyCommand(
        module="basetype_benchmark.cli.compare",
        attribute="compare_campaigns",
        help="Hold one campaign or scenario against another.",
    ),
    "campaigns": LazyCommand(
        module="basetype_benchmark.cli.campaigns",
        attribute="app",
        help="List campaigns, show one, follow one that runs.",
    ),
    "compose": LazyCommand(
        module="basetype_benchmark.cli.compose",
        attribute="print_compose",
        help="Print a Compose file that starts the engines as btb does.",
    ),
    "verify": LazyCommand(
        module="basetype_benchmark.cli.verify",
        attribute="verify_results",
        help="Check a published result without running an engine.",
    ),
    "publish": LazyCommand(
        module="basetype_benchmark.cli.publish",
        attribute="app",
        help="Share datasets and results on the Hugging Face Hub.",
    ),
    "purge": LazyCommand(
        module="basetype_benchmark.cli.purge",
        attribute="app",
        help="Remove what was left behind.",
    ),
}

app = typer.Typer(
    name="btb",
    cls=lazy_group(COMMANDS),
    help="Which storage does a building's digital twin need? Real servers, one simulated "
    "building, thirteen queries, every answer checked.",
    epilog="First time? btb alone, on a terminal, opens a menu. Or: btb dataset generate tiny-2d, "
    "then btb validate tiny-2d, then btb run tiny-2d. Any command takes --debug to show the stack "
    "trace of an error.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"btb {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is not None:
        return
    if can_ask():
        raise typer.Exit(import_module("basetype_benchmark.cli.menu.main_menu").open_menu())
    typer.echo(context.get_help())
