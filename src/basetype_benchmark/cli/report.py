"""``btb report``: the page of a campaign."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from basetype_benchmark.cli.formatters import print_json, print_ok, print_warning
from basetype_benchmark.cli.options import AsJson, CampaignToRead, Home, PricesFile
from basetype_benchmark.config.prices import read_prices
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.units import format_bytes
from basetype_benchmark.workflows.campaigns.find import find_results
from basetype_benchmark.workflows.report import write_report


def show_report(
    *,
    campaign: CampaignToRead = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            help="Write the page here instead of as report.html in the folder of the campaign.",
        ),
    ] = None,
    prices: PricesFile = None,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write what a campaign says as one HTML page, which opens offline and can be mailed.

    Also of a campaign that still runs, or was cut short: of the cells that are finished.
    """
    known = read_prices(prices)
    settings = resolve_settings(home)
    folder = find_results(campaign, settings)
    page = write_report(folder, output, prices=known)
    size = page.stat().st_size
    if as_json:
        print_json({"campaign": folder.name, "page": str(page), "size_bytes": size})
    else:
        print_ok(f"wrote {page} ({format_bytes(size)})")
    if open_page and not webbrowser.open(page.resolve().as_uri()):
        print_warning(f"no browser could be started; open {page} yourself")
