"""``btb results``: what a campaign measured, as a short table or as tables in files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from basetype_benchmark.analysis.campaign_data import CampaignData, read_campaign_data
from basetype_benchmark.cli.footprint_report import footprint_document, print_footprint
from basetype_benchmark.cli.formatters import format_count, print_json, print_note, print_ok
from basetype_benchmark.cli.options import AsJson, CampaignToRead, Home, PricesFile
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.cli.results_report import print_results, results_document
from basetype_benchmark.config.prices import Prices, read_prices
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.errors import UsageError
from basetype_benchmark.workflows.campaigns.find import find_results
from basetype_benchmark.workflows.results_export import TableFormat, export_results


def show_results(
    *,
    campaign: CampaignToRead = None,
    table_format: Annotated[
        TableFormat | None,
        typer.Option("--format", help="Write everything as tables in files of this kind."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="DIR",
            help="Write the tables here instead of in the folder exports of the campaign.",
        ),
    ] = None,
    footprint: Annotated[
        bool,
        typer.Option(
            "--footprint",
            help="Show CPU time, RAM over time, I/O, and what a year costs in money and carbon.",
        ),
    ] = False,
    prices: PricesFile = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show what a campaign measured; with --format, write all of it as tables.

    The tables come with a README that says what each column means.
    """
    if output is not None and table_format is None:
        raise UsageError("--output says where tables go; say which with --format csv")
    known = read_prices(prices)
    data = read_campaign_data(find_results(campaign, resolve_settings(home)))
    if table_format is not None:
        _export(data, table_format, known, output, as_json=as_json)
    elif footprint:
        _show_footprint(data, known, as_json=as_json)
    elif as_json:
        print_json(results_document(data))
    else:
        print_results(data)


def _show_footprint(data: CampaignData, prices: Prices, *, as_json: bool) -> None:
    if as_json:
        print_json(footprint_document(data, prices))
    else:
        print_footprint(data, prices)


def _export(
    data: CampaignData,
    table_format: TableFormat,
    prices: Prices,
    output: Path | None,
    *,
    as_json: bool,
) -> None:
    with open_progress() as progress:
        folder, tables = export_results(
            data, table_format, prices=prices, output=output, progress=progress
        )
    if as_json:
        print_json({"folder": str(folder), "tables": tables})
        return
    rows = sum(table.rows for table in tables)
    print_ok(f"wrote {len(tables)} tables with {format_count(rows)} rows to {folder}")
    print_note("  README.md says what each column means")
