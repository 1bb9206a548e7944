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
    """List the datasets right under `folder`, by name; none if there is no such folder."""
    if not folder.is_dir():
        return []
    return [
        _look_at(entry)
        for entry in sorted(folder.iterdir())
        if any((entry / trace).exists() for trace in _TRACES)
    ]


def _look_at(folder: Path) -> DatasetEntry:
    try:
        return DatasetEntry(folder=folder, manifest=read_manifest(folder), problem=None)
    except DatasetError as error:
        return DatasetEntry(folder=folder, manifest=None, problem=str(error))
