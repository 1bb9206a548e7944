"""Reads the state of campaigns from their folders, fast enough to do so again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from basetype_benchmark import wall_clock
from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord
from basetype_benchmark.benchmark.checksums import CHECKSUMS_FILE
from basetype_benchmark.benchmark.failure import find_failure
from basetype_benchmark.benchmark.journal import JOURNAL_FILE, read_journal
from basetype_benchmark.benchmark.results_io import cell_path, read_campaign
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.infrastructure.local.data_lock import is_locked
from basetype_benchmark.infrastructure.local.disk_usage import size_on_disk
from basetype_benchmark.workflows.campaigns.live_status import read_live
from basetype_benchmark.workflows.campaigns.lock_files import LOCK_FILE
from basetype_benchmark.workflows.campaigns.status import (
    CampaignStatus,
    CellGlance,
    campaign_status,
)

_CELL: TypeAdapter[CellRecord] = TypeAdapter(CellRecord)


@dataclass(frozen=True, kw_only=True)
class UnreadableCampaign:
    """A folder among the results that is no campaign of this version, and why."""

    campaign: str
    folder: Path
    problem: str


class StatusReader:
    """Reads the state of one campaign, as often as asked; a result that has not changed, once."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = wall_clock.utc_now) -> None:
        self._folder = folder
        self._now = now
        self._glances: dict[str, tuple[int, CellGlance]] = {}

    def read(self) -> CampaignStatus:
        """Read the state now.

        Raises:
            CheckFailed: there is no plan that can be read.
        """
        # Asked on both sides: what begins or ends meanwhile is shown as running, and not as killed
        # for lack of the last words that it has yet to write, or has written since.
        lock_file = self._folder / LOCK_FILE
        was_running = is_locked(lock_file)
        record, journal = read_campaign(self._folder), read_journal(self._folder / JOURNAL_FILE)
        is_running = was_running or is_locked(lock_file)
        return campaign_status(
            self._folder,
            record,
            journal,
            dict(self._find_glances(record)),
            now=self._now(),
            is_running=is_running,
            is_sealed=(self._folder / CHECKSUMS_FILE).exists(),
            live=read_live(self._folder) if is_running else None,
        )

    def _find_glances(self, record: CampaignRecord) -> Iterator[tuple[str, CellGlance]]:
        for planned in record.cells:
            glance = self._glance(planned.cell)
            if glance is not None:
                yield planned.cell, glance

    def _glance(self, cell: str) -> CellGlance | None:
        place = cell_path(self._folder, cell)
        try:
            written_ns = place.stat().st_mtime_ns
            known = self._glances.get(cell)
            if known is None or known[0] != written_ns:
                known = self._glances[cell] = written_ns, _read_glance(place)
        except (OSError, ValidationError):  # not there, or torn: there is no result to count
            return None
        return known[1]


def list_campaigns(settings: Settings) -> list[CampaignStatus | UnreadableCampaign]:
    """Give the state of every campaign in the home, newest first; what cannot be read comes last.

    Raises:
        OSError: the results cannot be listed.
    """
    if not settings.results_dir.is_dir():
        return []
    found = [_read_any(place) for place in settings.results_dir.iterdir() if place.is_dir()]
    readable = [status for status in found if isinstance(status, CampaignStatus)]
    unreadable = [status for status in found if isinstance(status, UnreadableCampaign)]
    return [
        *sorted(readable, key=lambda status: (status.created_at, status.campaign), reverse=True),
        *sorted(unreadable, key=lambda folder: folder.campaign, reverse=True),
    ]


def with_size(status: CampaignStatus) -> CampaignStatus:
    """Measure what the folder of a campaign takes on disk, too."""
    return replace(status, size_bytes=size_on_disk(status.folder))


def _read_any(folder: Path) -> CampaignStatus | UnreadableCampaign:
    try:
        return with_size(StatusReader(folder).read())
    except (CheckFailed, OSError) as error:
        return UnreadableCampaign(campaign=folder.name, folder=folder, problem=str(error))


def _read_glance(place: Path) -> CellGlance:
    record = _CELL.validate_json(place.read_bytes())
    failure = find_failure(record.result)
    return CellGlance(
        fingerprint=record.fingerprint,
        outcome=record.result.outcome,
        elapsed_ns=record.result.elapsed_ns,
        failure=None if failure is None else failure.words,
    )
