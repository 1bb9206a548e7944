"""The report of a campaign, written to a file."""

from __future__ import annotations

import hashlib
from pathlib import Path

from basetype_benchmark.analysis.campaign_data import CampaignData, read_campaign_data
from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.atomic_files import write_atomically
from basetype_benchmark.benchmark.checksums import EXPORTS_DIR, REPORT_FILE, read_checksums
from basetype_benchmark.config.prices import Prices, read_prices
from basetype_benchmark.errors import UsageError
from basetype_benchmark.report.html.build import build_page
from basetype_benchmark.report.html.page import render


def write_report(folder: Path, output: Path | None = None, *, prices: Prices | None = None) -> Path:
    """Write the page of a campaign, finished or not, and say where it is.

    Without `output` it lies in the folder of the campaign; of one that is complete, a page that is
    not the one sealed with it goes to its exports. Without `prices` a year is reckoned with those
    we ship.

    Raises:
        CheckFailed: a file of the campaign is missing, torn, or not of this version.
        UsageError: `output` is a folder.
        DiskFull, HostError: the page cannot be written.
    """
    path = output or folder / REPORT_FILE
    if path.is_dir():
        raise UsageError(f"{path} is a folder; give the name of a file, for instance page.html")
    page = render_report(read_campaign_data(folder), prices)
    if output is None and not _may_stand_in(folder, page):
        path = folder / EXPORTS_DIR / REPORT_FILE
    write_atomically(path, page)
    return path


def render_report(data: CampaignData, prices: Prices | None = None) -> bytes:
    """Make the page of a campaign; the same files, prices and code give the same bytes.

    Raises:
        CheckFailed: a table of a cell is missing, torn, or not of this version.
    """
    return render(build_page(data, summarise_campaign(data), prices or read_prices())).encode()


def _may_stand_in(folder: Path, page: bytes) -> bool:
    """Whether a page breaks no seal: the campaign has none, or it is the page that was sealed.

    Another version of the code, or other prices, make another page.
    """
    sealed = read_checksums(folder)
    return sealed is None or sealed.get(REPORT_FILE) == hashlib.sha256(page).hexdigest()
