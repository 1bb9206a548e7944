"""The campaigns of a home: which are finished, which can be gone on with, which were published."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from basetype_benchmark.benchmark.journal import JOURNAL_FILE
from basetype_benchmark.benchmark.results_io import CAMPAIGN_FILE, read_campaign
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.infrastructure.safe_removal import remove
from basetype_benchmark.workflows.campaigns.find import cells_left, is_resumable
from basetype_benchmark.workflows.campaigns.lock_files import LOCK_FILE
from basetype_benchmark.workflows.purging.folder import look_through, removable
from basetype_benchmark.workflows.purging.items import Found, Kind
from basetype_benchmark.workflows.purging.locks import held, why_running

PUBLISHED_FILE = "published.json"
"""Stands in the folder of a campaign that was sent to the Hub."""

RESUMABLE = "resumable"
UNPUBLISHED = "not published"

_TRACES = (CAMPAIGN_FILE, JOURNAL_FILE, LOCK_FILE)


def find_campaigns(settings: Settings) -> Iterator[Found]:
    """List the campaigns, finished or not, and what else stands beside them."""

    def look(path: Path) -> Found | None:
        if not any((path / trace).is_file() for trace in _TRACES):
            return None
        return removable(
            path,
            settings.home,
            Kind.CAMPAIGN,
            remark=describe_loss(path),
            why_kept=partial(why_running, path),
            remove_it=partial(_remove, path, settings),
        )

    return look_through(settings.results_dir, settings.home, look, strange="a campaign")


def describe_loss(folder: Path) -> str | None:
    """Say what would be lost with a campaign; None: nothing that is not published."""
    said = [_describe_rest(folder)] if is_resumable(folder) else []
    if not (folder / PUBLISHED_FILE).exists():
        said.append(UNPUBLISHED)
    return ", ".join(said) or None


def _describe_rest(folder: Path) -> str:
    try:
        record = read_campaign(folder)
    except CheckFailed:
        return RESUMABLE
    left = len(cells_left(folder, record))
    # Of a gradient nobody knows how many cells it will have.
    known = "" if record.gradient is not None else f": {left} of {len(record.cells)} cells left"
    return f"{RESUMABLE}{known}"


def _remove(folder: Path, settings: Settings) -> None:
    """Remove a campaign; while it is done no process can go on with it.

    Raises:
        HostError: one has meanwhile, or it cannot be removed.
    """
    with held(folder / LOCK_FILE):
        remove(folder, settings.home)
