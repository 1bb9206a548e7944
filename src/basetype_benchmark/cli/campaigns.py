"""``btb campaigns``: what was measured in this home, and what is being measured."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from basetype_benchmark.cli.campaigns_report import (
    campaign_document,
    print_campaigns,
    print_status,
)
from basetype_benchmark.cli.follow import follow_in_lines, follow_on_terminal
from basetype_benchmark.cli.formatters import print_json, print_note
from basetype_benchmark.cli.options import AsJson, CampaignToRead, Home
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.errors import UsageError
from basetype_benchmark.workflows.campaigns.find import find_results
from basetype_benchmark.workflows.campaigns.status import State
from basetype_benchmark.workflows.campaigns.status_reader import (
    StatusReader,
    list_campaigns,
    with_size,
)

app = typer.Typer(
    help="What was measured, and what is being measured.",
    invoke_without_command=True,
    rich_markup_mode=None,
)

Follow = Annotated[
    bool | None,
    typer.Option(
        "--follow/--no-follow",
        help="Go on showing one that runs until it ends, or Ctrl-C or q. Default: on a terminal.",
    ),
]


@app.callback()
def _root(context: typer.Context, home: Home = None, as_json: AsJson = False) -> None:
    if context.invoked_subcommand is None:
        show_campaigns(home, as_json)


@app.command("list")
def show_campaigns(home: Home = None, as_json: AsJson = False) -> None:
    """List the campaigns, newest first: how each stands, and what of it is done.

    done: cells completed with right answers only; failed: the other cells that have a result;
    left: those that have none.
    """
    settings = resolve_settings(home)
    campaigns = list_campaigns(settings)
    if as_json:
        print_json([campaign_document(campaign) for campaign in campaigns])
        return
    if not campaigns:
        print_note(f"there is no campaign in {settings.results_dir}; make one with btb run")
        return
    print_campaigns(campaigns)


@app.command("show")
def show_campaign(
    name: CampaignToRead = None,
    *,
    follow: Follow = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Show the cells of a campaign, and follow one that runs, from any terminal.

    Following changes nothing in the campaign, and neither does ending to follow it.
    """
    if as_json and follow:
        raise UsageError("--json is printed once; leave out --follow, or --json")
    reader = StatusReader(find_results(name, resolve_settings(home)))
    status = reader.read()
    if as_json:
        print_json(campaign_document(with_size(status)))
        return
    is_followed = status.state is State.RUNNING and follow is not False
    if is_followed and sys.stdout.isatty() and sys.stderr.isatty():
        status = follow_on_terminal(reader, status)
    elif is_followed and follow:
        status = follow_in_lines(reader, status)
    else:
        is_followed = False
    if is_followed and status.state is State.RUNNING:
        print_note(f"{status.campaign} goes on in process {status.pid}")
        return
    print_status(with_size(status))
