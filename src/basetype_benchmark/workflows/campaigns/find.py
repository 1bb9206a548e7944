"""Finds a campaign in the home by its name or the begin of it."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark.benchmark.campaign import CampaignRecord
from basetype_benchmark.benchmark.checksums import CHECKSUMS_FILE
from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, read_journal
from basetype_benchmark.benchmark.results_io import CAMPAIGN_FILE, cell_path, read_campaign
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import CheckFailed, UsageError


def find_campaign(name: str, settings: Settings) -> Path:
    """Give the folder of the campaign of this name, or of the only one that begins so.

    Raises:
        UsageError: there is none, or more than one.
    """
    names = [folder.name for folder in _folders(settings)]
    found = [name] if name in names else [other for other in names if other.startswith(name)]
    if not name or not found:
        there = f"there are: {', '.join(sorted(names)[-5:])}" if names else "there is none yet"
        raise UsageError(f"there is no campaign {name!r} in {settings.results_dir}; {there}")
    if len(found) > 1:
        raise UsageError(f"{name!r} begins the name of {len(found)} campaigns: {', '.join(found)}")
    return settings.results_dir / found[0]


def find_resumable(settings: Settings) -> Path:
    """Give the newest campaign that is not complete.

    Raises:
        UsageError: there is none.
    """
    for folder in sorted(_folders(settings), key=lambda folder: folder.name, reverse=True):
        if is_resumable(folder):
            return folder
    raise UsageError(f"no campaign in {settings.results_dir} has anything left to run")


def is_resumable(folder: Path) -> bool:
    """Whether a campaign was not carried through to its end; False where it cannot be read.

    The end is its seal: a process may be killed between the last line of the journal and that.
    """
    entries = read_journal(folder / JOURNAL_FILE).entries
    is_sealed = (folder / CHECKSUMS_FILE).exists()
    if entries and entries[-1].event is Event.COMPLETED and is_sealed:
        return False
    try:
        record = read_campaign(folder)
    except CheckFailed:
        return False
    return bool(entries) or bool(cells_left(folder, record))


def cells_left(folder: Path, record: CampaignRecord) -> tuple[str, ...]:
    """Name the cells planned of which no result stands there, valid or not."""
    return tuple(
        planned.cell for planned in record.cells if not cell_path(folder, planned.cell).exists()
    )


def _folders(settings: Settings) -> list[Path]:
    if not settings.results_dir.is_dir():
        return []
    return [place for place in settings.results_dir.iterdir() if (place / CAMPAIGN_FILE).is_file()]
