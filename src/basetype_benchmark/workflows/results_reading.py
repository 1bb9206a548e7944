"""Finds the campaign whose results are asked for, and reads it."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark.analysis.campaign_data import CampaignData, read_campaign_data
from basetype_benchmark.benchmark.results_io import CAMPAIGN_FILE
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import UsageError
from basetype_benchmark.workflows.campaigns.find import find_campaign


def read_results(campaign: str | None, settings: Settings) -> CampaignData:
    """Read a campaign; without a name, the one that began last.

    Raises:
        UsageError: there is none, or more than one.
        CheckFailed: a result is torn, or not of this version.
    """
    folder = newest_campaign(settings) if campaign is None else campaign_folder(campaign, settings)
    return read_campaign_data(folder)


def campaign_folder(text: str, settings: Settings) -> Path:
    """Find a campaign by its folder, its name, or the begin of its name.

    Raises:
        UsageError: there is none, or more than one.
    """
    folder = Path(text).expanduser()
    if (folder / CAMPAIGN_FILE).is_file():
        return folder.resolve()
    return find_campaign(text, settings)


def newest_campaign(settings: Settings) -> Path:
    """Find the campaign that began last; their names begin with the time.

    Raises:
        UsageError: there is none.
    """
    found = [path.parent for path in settings.results_dir.glob(f"*/{CAMPAIGN_FILE}")]
    if not found:
        raise UsageError(f"there is no campaign in {settings.results_dir}; btb run makes one")
    return max(found, key=lambda folder: folder.name)
