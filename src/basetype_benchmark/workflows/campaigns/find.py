"""Finds a campaign in the home by its name or the begin of it."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark.benchmark.campaign import CampaignRecord
from basetype_benchmark.benchmark.checksums import CHECKSUMS_FILE
from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, read_journal
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.results_io import (
    CAMPAIGN_FILE,
    cell_path,
    read_campaign,
    read_cell,
)
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


def find_results(text: str | None, settings: Settings) -> Path:
    """Give the folder of the campaign that is meant, to look at: one anywhere, or one of the home.

    `text` is its folder, its name, or the begin of its name; without one, the newest is meant.

    Raises:
        UsageError: there is none, or more than one.
    """
    if text is None:
        found = sorted(_folders(settings), key=lambda folder: folder.name)
        if not found:
            raise UsageError(
                f"there is no campaign in {settings.results_dir}; make one with btb run, or name "
                "another home with --home"
            )
        return found[-1]
    folder = Path(text).expanduser()
    if (folder / CAMPAIGN_FILE).is_file():
        return folder.resolve()
    if folder.is_dir() and ("/" in text or text == "."):
        raise UsageError(f"{folder} holds no campaign: it has no {CAMPAIGN_FILE}")
    return find_campaign(text, settings)


def find_resumable(settings: Settings, *, retries: frozenset[CellOutcome] = frozenset()) -> Path:
    """Give the newest campaign that is not complete, or has cells that ended as one of `retries`.

    Raises:
        UsageError: there is none.
    """
    for folder in sorted(_folders(settings), key=lambda folder: folder.name, reverse=True):
        if is_resumable(folder) or (retries and _has_ended_as(folder, retries)):
            return folder
    raise UsageError(f"no campaign in {settings.results_dir} has anything left to run")


def _has_ended_as(folder: Path, outcomes: frozenset[CellOutcome]) -> bool:
    try:
        planned = read_campaign(folder).cells
        places = [place for cell in planned if (place := cell_path(folder, cell.cell)).exists()]
        return any(read_cell(place).result.outcome in outcomes for place in places)
    except CheckFailed:
        return False


def is_resumable(folder: Path) -> bool:
    """Whether a campaign was not carried through to its end; False where it cannot be read.

    The end is its seal: a process may be killed between the last line of the journal and that.
    """
    entries = read_journal(folder / JOURNAL_FILE).entries
    is_ended = bool(entries) and entries[-1].event is Event.COMPLETED
    try:
        record = read_campaign(folder)
    except CheckFailed:
        return False
    if is_ended and (folder / CHECKSUMS_FILE).exists():
        # Of a gradient not every cell is run: a level that failed is not repeated.
        return record.gradient is None and bool(cells_left(folder, record))
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
