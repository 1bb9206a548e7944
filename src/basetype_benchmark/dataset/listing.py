"""Which datasets a folder holds, whole or not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.dataset.manifest import MANIFEST_NAME, Manifest, read_manifest
from basetype_benchmark.dataset.parts import SERIES_FOLDER
from basetype_benchmark.dataset.writer import EDGES_NAME, NODES_NAME
from basetype_benchmark.errors import DatasetError

_TRACES = (MANIFEST_NAME, NODES_NAME, EDGES_NAME, SERIES_FOLDER)


@dataclass(frozen=True, kw_only=True)
class DatasetEntry:
    """A dataset found on disk; `problem` says why it cannot be used, and then has no manifest."""

    folder: Path
    manifest: Manifest | None
    problem: str | None

    @property
    def is_complete(self) -> bool:
        """Whether it can be used."""
        return self.manifest is not None


def list_datasets(folder: Path) -> list[DatasetEntry]:
    """List the datasets right under `folder`, by name; none if there is no such folder.

    A folder that cannot be looked into may be one: it is listed with what is in the way.
    """
    if not folder.is_dir():
        return []
    found = map(_look_at, sorted(folder.iterdir()))
    return [entry for entry in found if entry is not None]


def _look_at(folder: Path) -> DatasetEntry | None:
    try:
        if not any((folder / trace).exists() for trace in _TRACES):
            return None
        return DatasetEntry(folder=folder, manifest=read_manifest(folder), problem=None)
    except DatasetError as error:
        return DatasetEntry(folder=folder, manifest=None, problem=str(error))
    except OSError as error:
        reason = f"{folder} cannot be read: {error.strerror}"
        return DatasetEntry(folder=folder, manifest=None, problem=reason)
