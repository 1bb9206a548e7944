"""The datasets of a home, and which of them a campaign needs now."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from basetype_benchmark.benchmark.results_io import read_campaign
from basetype_benchmark.config.dataset_names import dataset_name, parse_dataset_name
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.listing import DatasetEntry, list_datasets
from basetype_benchmark.errors import CheckFailed, ServiceUnavailable
from basetype_benchmark.infrastructure.safe_removal import measure_extent, remove
from basetype_benchmark.workflows.purging.folder import look_through, removable
from basetype_benchmark.workflows.purging.items import Found, Kind
from basetype_benchmark.workflows.purging.locks import why_running

AT_WORK_S = 60.0
"""An unfinished dataset that was written to since then may be just being made."""


def find_datasets(settings: Settings) -> Iterator[Found]:
    """List the datasets, whole or not, and what else stands beside them."""
    ours = {
        entry.folder: entry for entry in list_datasets(settings.datasets_dir) if _is_ours(entry)
    }

    def look(path: Path) -> Found | None:
        entry = ours.get(path)
        if entry is None:
            return None
        return removable(
            path,
            settings.home,
            Kind.DATASET,
            remark=None if entry.is_complete else "not whole",
            why_kept=partial(_why_kept, entry, settings),
            remove_it=partial(_remove, entry, settings),
            aliases=_aliases(entry),
        )

    return look_through(settings.datasets_dir, settings.home, look, strange="a dataset")


def _is_ours(entry: DatasetEntry) -> bool:
    """Whether it is a dataset; one that is not whole must be called like one, too."""
    return entry.is_complete or parse_dataset_name(entry.folder.name) is not None


def _aliases(entry: DatasetEntry) -> frozenset[str]:
    named = parse_dataset_name(entry.folder.name)
    return frozenset() if named is None else frozenset({named[0]})


def _why_kept(entry: DatasetEntry, settings: Settings) -> str | None:
    return _why_needed(entry, settings) or _why_being_made(entry)


def _why_needed(entry: DatasetEntry, settings: Settings) -> str | None:
    """Say that a campaign that runs measures on it, or cuts others out of it."""
    if not settings.results_dir.is_dir():
        return None
    for folder in settings.results_dir.iterdir():
        reason = why_running(folder)
        if reason is not None and entry.folder.name in _needed(folder):
            return f"{reason}, the campaign {folder.name}"
    return None


def _needed(campaign: Path) -> set[str]:
    try:
        record = read_campaign(campaign)
    except CheckFailed:
        return set()
    profiles = {name for planned in record.profiles for name in (planned.profile, planned.source)}
    return {dataset_name(profile, record.dataset_seed) for profile in profiles}


def _why_being_made(entry: DatasetEntry) -> str | None:
    extent = None if entry.is_complete else measure_extent(entry.folder)
    if extent is None or time.time() - extent.changed_at > AT_WORK_S:
        return None
    return f"it may be just being made: written to in the last {AT_WORK_S:.0f} s"


def _remove(entry: DatasetEntry, settings: Settings) -> None:
    """Remove a dataset, unless it is needed by now.

    Raises:
        HostError: it is, or it cannot be removed.
    """
    reason = _why_kept(entry, settings)
    if reason is not None:
        raise ServiceUnavailable(reason)
    remove(entry.folder, settings.home)
