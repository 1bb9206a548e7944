"""Campaigns, verified and made ready for the Hugging Face Hub."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from basetype_benchmark import wall_clock
from basetype_benchmark.analysis.campaign_data import read_campaign_data
from basetype_benchmark.atomic_files import naming_write_errors, write_atomically
from basetype_benchmark.benchmark.checksums import (
    CARD_FILE,
    CHECKSUMS_FILE,
    REPORT_FILE,
    list_files,
    write_checksums,
)
from basetype_benchmark.benchmark.journal import JOURNAL_FILE
from basetype_benchmark.benchmark.monitoring.resources_io import RESOURCES_FILE
from basetype_benchmark.benchmark.results_io import (
    CAMPAIGN_FILE,
    CELLS_DIR,
    ENVIRONMENT_FILE,
    GRADIENT_FILE,
)
from basetype_benchmark.benchmark.samples_io import SAMPLES_FILE
from basetype_benchmark.benchmark.sentinel import SENTINEL_FILE
from basetype_benchmark.config.hub import check_repository
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import UsageError
from basetype_benchmark.hub.client import Hub, RemoteFiles
from basetype_benchmark.hub.parcel import Parcel, measure_files
from basetype_benchmark.hub.upload import Upload
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.report.disclosure.files import DISCLOSURE_FILE, DISCLOSURE_PAGE
from basetype_benchmark.workflows.campaigns.find import find_results
from basetype_benchmark.workflows.card import make_card
from basetype_benchmark.workflows.publish_dataset import PUBLISH_FOLDER
from basetype_benchmark.workflows.purging.campaigns import PUBLISHED_FILE
from basetype_benchmark.workflows.verify_bundle import Verdict, verify_bundle

RESULTS_FOLDER = "results"

_DECLARING = frozenset({CARD_FILE, CAMPAIGN_FILE, DISCLOSURE_FILE, DISCLOSURE_PAGE, CHECKSUMS_FILE})
_OF_A_CAMPAIGN = _DECLARING | {
    ENVIRONMENT_FILE,
    GRADIENT_FILE,
    JOURNAL_FILE,
    SENTINEL_FILE,
    SAMPLES_FILE,
    RESOURCES_FILE,
    REPORT_FILE,
}
_GROWS = ".jsonl"


@dataclass(frozen=True, kw_only=True)
class ResultsBundle:
    """A folder of results that is ready for the Hub, and what the checks said of the campaign."""

    campaign: str
    parcel: Parcel
    verdict: Verdict


class _Identity(BaseModel):
    """What a campaign of any version says."""

    campaign: str


def check_campaign(name: str, settings: Settings, progress: Progress = SILENT) -> Verdict:
    """Find a campaign and check it, before anything is made of it.

    Raises:
        UsageError: there is no such campaign, or it is not complete.
    """
    folder = find_results(name, settings)
    verdict = verify_bundle(folder, progress=progress)
    if not verdict.is_complete:
        raise UsageError(
            f"{folder.name} is not complete: {verdict.cells} of {verdict.planned} cells have a "
            f"result; go on with it first: btb resume {folder.name}"
        )
    return verdict


def make_results_bundle(
    verdict: Verdict, settings: Settings, *, repository: str, output: Path | None = None
) -> ResultsBundle:
    """Make a folder of a campaign that was found sound: its files as they are, and a card.

    The files are linked, or copied where that cannot be. A bundle that is there stays until the
    new one is whole.

    Raises:
        UsageError: the repository's name can be none, the campaign is not sound, or the campaign
            or something else is in the folder.
        DiskFull: there is no space left.
    """
    chosen = check_repository(repository)
    if not verdict.is_ok:
        raise UsageError(f"{verdict.folder} is not sound, and cannot be published: see btb verify")
    data = read_campaign_data(verdict.folder)
    campaign = data.campaign.campaign
    folder = settings.home / PUBLISH_FOLDER / RESULTS_FOLDER / campaign
    target = (output or folder).resolve()
    _refuse_foreign(target)
    partial, outdated = (target.with_name(f".{target.name}.{end}") for end in ("partial", "old"))
    for place in (target, partial, outdated):
        _refuse_overlap(verdict.folder, place)
    with naming_write_errors(target):
        _clear(partial)
        for name in list_files(verdict.folder):
            if name != CARD_FILE:
                _link(verdict.folder / name, partial / name)
        write_atomically(partial / CARD_FILE, make_card(data, chosen))
        write_checksums(partial)
        _clear(outdated)
        if target.exists():
            target.rename(outdated)
        partial.rename(target)
        _clear(outdated)
    return ResultsBundle(
        campaign=campaign, parcel=_make_parcel(target, chosen, campaign), verdict=verdict
    )


def remember_published(folder: Path, sent: Upload) -> None:
    """Note in the folder of a campaign where it was published, for whoever would remove it."""
    note = {
        "repository": sent.repository,
        "commit": sent.commit,
        "published_at": wall_clock.utc_now().isoformat(),
    }
    write_atomically(folder / PUBLISHED_FILE, f"{json.dumps(note, indent=2)}\n".encode())


def _make_parcel(folder: Path, repository: str, campaign: str) -> Parcel:
    files = measure_files(folder)
    return Parcel(
        repository=repository,
        folder=folder,
        files=files,
        declaring=_DECLARING,
        seal=CHECKSUMS_FILE,
        is_ours=lambda name: name in files or _is_of_a_campaign(name),
        refuse_other=lambda hub, remote: _refuse_other_campaign(hub, remote, campaign),
        message=f"Publish {campaign}",
    )


def _is_of_a_campaign(name: str) -> bool:
    """Whether a file of this name can be of an earlier version of published results."""
    return name in _OF_A_CAMPAIGN or name.startswith(f"{CELLS_DIR}/")


def _refuse_other_campaign(hub: Hub, remote: RemoteFiles, wanted: str) -> None:
    """Refuse a repository that holds another campaign, or something that is none."""
    if CAMPAIGN_FILE not in remote.names:
        data = sorted(name for name in remote.names if name.endswith(".parquet"))
        if data and not any(name.startswith(f"{CELLS_DIR}/") for name in data):
            raise UsageError(
                f"{remote.repository} holds something else, such as {data[0]}; publish to a "
                "repository of its own with --repo OWNER/NAME"
            )
        return
    try:
        found = _Identity.model_validate_json(hub.read(remote, CAMPAIGN_FILE)).campaign
    except ValidationError:
        found = "what is no campaign"
    if found != wanted:
        raise UsageError(
            f"{remote.repository} holds {found}; publish {wanted} to another repository with "
            "--repo OWNER/NAME"
        )


def _link(source: Path, target: Path) -> None:
    """Link a file; what is added to in place, where a campaign goes on, is copied."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.name.endswith(_GROWS):
        shutil.copyfile(source, target)
        return
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _refuse_overlap(campaign: Path, bundle: Path) -> None:
    """Refuse to write a bundle where the campaign lies that it is made of: it would be replaced."""
    source = campaign.resolve()
    is_same = bundle.exists() and bundle.samefile(source)
    if is_same or source.is_relative_to(bundle) or bundle.is_relative_to(source):
        raise UsageError(
            f"{campaign} and the folder to be sent, {bundle}, lie in each other; name the campaign "
            "in the home, or choose another --output"
        )


def _refuse_foreign(folder: Path) -> None:
    """Refuse to replace what is not a bundle: a slip with ``--output`` must cost nothing."""
    if not folder.exists():
        return
    is_bundle = (folder / CAMPAIGN_FILE).is_file() and (folder / CARD_FILE).is_file()
    if not folder.is_dir() or (not is_bundle and any(folder.iterdir())):
        raise UsageError(
            f"{folder} is in the way: it is no bundle of results; move it, or choose another "
            "--output"
        )
