"""The report of a campaign, written to a file."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark.analysis.campaign_data import read_campaign_data
from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.atomic_files import write_atomically
from basetype_benchmark.benchmark.checksums import REPORT_FILE
from basetype_benchmark.config.prices import read_prices
from basetype_benchmark.errors import UsageError
from basetype_benchmark.report.html.build import build_page
from basetype_benchmark.report.html.page import render


def write_report(folder: Path, output: Path | None = None) -> Path:
    """Write the page of a campaign, finished or not, and say where it is.

    Without `output` it lies in the folder of the campaign.

    Raises:
        CheckFailed: a file of the campaign is missing, torn, or not of this version.
        UsageError: `output` is a folder.
        DiskFull, HostError: the page cannot be written.
    """
    path = output or folder / REPORT_FILE
    if path.is_dir():
        raise UsageError(f"{path} is a folder; give the name of a file, for instance page.html")
    data = read_campaign_data(folder)
    page = build_page(data, summarise_campaign(data), read_prices(None))
    write_atomically(path, render(page).encode())
    return path
