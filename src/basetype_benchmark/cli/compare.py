"""``btb compare``: hold one campaign, or one scenario, against another."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from basetype_benchmark.cli.compare_report import print_by_query, print_by_scenario
from basetype_benchmark.cli.formatters import print_json, print_note
from basetype_benchmark.cli.options import AsJson, Home
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.workflows.compare import compare_terms, write_comparison


class Detail(StrEnum):
    """How much is shown."""

    QUERY = "query"
    SCENARIO = "scenario"


def compare_campaigns(
    *,
    a: Annotated[str, typer.Argument(metavar="A", help="CAMPAIGN or CAMPAIGN:SCENARIO.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The same; it is held against A.")],
    by: Annotated[
        Detail,
        typer.Option("--by", help="A line for each query, or for each scenario."),
    ] = Detail.QUERY,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write the comparison as a page, too."),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Compare two campaigns, or two scenarios: ratios of time, and first of all what differs.

    A campaign is named by its name in --home, by the begin of it, or by its folder.
    """
    comparison = compare_terms(a, b, resolve_settings(home))
    if html is not None:
        write_comparison(comparison, html)
    if as_json:
        print_json(comparison)
    elif by is Detail.QUERY:
        print_by_query(comparison)
    else:
        print_by_scenario(comparison)
    if html is not None:
        print_note(f"page: {html}")
