"""The datasets of a campaign that are cut out of bigger ones, and removed after their use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from basetype_benchmark.benchmark.campaign import CampaignRecord
from basetype_benchmark.dataset.listing import list_datasets
from basetype_benchmark.infrastructure.safe_removal import remove
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.campaigns.open_campaign import OpenCampaign
from basetype_benchmark.workflows.dataset import extract

OWNER_FILE = ".cut-for-campaign"
"""Stands in a dataset that was cut for a campaign, and holds the campaign's name.

A dataset without it is the user's, wherever it lies: one may have been made there meanwhile.
"""


@contextmanager
def profile_data(campaign: OpenCampaign, profile: str, harness: Harness) -> Iterator[None]:
    """Have the dataset of a profile while the context is open.

    What is not there is cut out of its source, which the campaign writes down before: whoever goes
    on after a crash must know whose it is. Left without an error, it is removed again unless the
    campaign keeps it.

    Raises:
        DatasetError: the source is missing or damaged.
    """
    record = campaign.record
    settings, progress = harness.settings, harness.progress
    folder = settings.dataset_dir(profile, record.dataset_seed)
    [source] = [planned.source for planned in record.profiles if planned.profile == profile]
    if not _is_complete(folder) and profile != source:
        if not folder.exists():
            campaign.update(_with_extracted(record, profile))
        progress.note(f"{profile}: cut out of {source}")
        extract(source, profile, record.dataset_seed, settings, progress=progress)
        (folder / OWNER_FILE).write_text(f"{record.campaign}\n")
    yield
    drop_extracted(campaign.record, harness, only=profile)


def drop_extracted(record: CampaignRecord, harness: Harness, *, only: str | None = None) -> None:
    """Remove the datasets that a campaign has cut out, of one profile or of all.

    Raises:
        HostError: one cannot be removed.
    """
    if record.keeps_exports:
        return
    for planned in record.profiles:
        if planned.is_extracted and only in (None, planned.profile):
            folder = harness.settings.dataset_dir(planned.profile, record.dataset_seed)
            if _owner(folder) == record.campaign:
                note = f"{planned.profile}: its dataset is removed; --keep-exports keeps it"
                harness.progress.note(note)
                remove(folder, harness.settings.home)


def _owner(folder: Path) -> str | None:
    file = folder / OWNER_FILE
    return file.read_text().strip() if file.is_file() else None


def _is_complete(folder: Path) -> bool:
    return any(
        entry.folder == folder and entry.is_complete for entry in list_datasets(folder.parent)
    )


def _with_extracted(record: CampaignRecord, profile: str) -> CampaignRecord:
    return replace(
        record,
        profiles=tuple(
            replace(planned, is_extracted=True) if planned.profile == profile else planned
            for planned in record.profiles
        ),
    )
