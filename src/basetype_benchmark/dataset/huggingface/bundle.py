"""A dataset as a folder ready for the Hub: its files as they are, with card and metadata."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.atomic_files import naming_write_errors, write_atomically
from basetype_benchmark.dataset.huggingface.facts import collect_facts
from basetype_benchmark.dataset.huggingface.parts_list import PARTS_NAME, PartsList, list_parts
from basetype_benchmark.dataset.huggingface.texts import render_card, render_croissant
from basetype_benchmark.dataset.manifest import MANIFEST_NAME, encode_manifest
from basetype_benchmark.dataset.parts import SERIES_FOLDER
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.storage import local_storage
from basetype_benchmark.dataset.writer import EDGES_NAME, NODES_NAME, only_writer
from basetype_benchmark.errors import UsageError
from basetype_benchmark.progress import SILENT, Progress

CARD_NAME = "README.md"
CROISSANT_NAME = "croissant.json"
TEXT_NAMES = (CARD_NAME, CROISSANT_NAME, PARTS_NAME, MANIFEST_NAME)
"""Files that are small and, in a repository, say that the others are whole."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A folder ready for the Hub; `files` are their sizes in bytes by name, in order."""

    folder: Path
    repository: str
    dataset: Dataset
    files: dict[str, int]

    @property
    def size_bytes(self) -> int:
        """Of all files."""
        return sum(self.files.values())

    @property
    def data_names(self) -> list[str]:
        """The files of Parquet."""
        return [name for name in self.files if name not in TEXT_NAMES]


def write_bundle(
    dataset: Dataset, repository: str, folder: Path, progress: Progress = SILENT
) -> Bundle:
    """Check a dataset in full, and make a bundle of it in `folder`, which is replaced.

    The Parquet files are linked to those of the dataset, or copied where that cannot be.

    Raises:
        DatasetError: the dataset is damaged.
        UsageError: there is something else in the folder.
        DiskFull, HostError: the folder cannot be written.
    """
    _refuse_foreign(folder)
    parts = list_parts(dataset, progress)
    with naming_write_errors(folder), only_writer(local_storage(folder.parent)):
        partial = folder.with_name(f".{folder.name}.partial")
        for outdated in (partial, folder):
            if outdated.exists():
                shutil.rmtree(outdated)
        for name in (NODES_NAME, EDGES_NAME, *(part.name for part in parts.parts)):
            _link(dataset.folder / name, partial / name)
        for name, content in _texts(dataset, parts, repository):
            write_atomically(partial / name, content)
        partial.rename(folder)
    return Bundle(folder=folder, repository=repository, dataset=dataset, files=_measure(folder))


def is_ours(name: str) -> bool:
    """Whether a file of this name can be one of a bundle."""
    first, separator, _ = name.partition("/")
    if separator:
        return first == SERIES_FOLDER
    return name in (*TEXT_NAMES, NODES_NAME, EDGES_NAME)


def _texts(dataset: Dataset, parts: PartsList, repository: str) -> Iterator[tuple[str, bytes]]:
    facts = collect_facts(dataset, parts, repository)
    yield CARD_NAME, render_card(facts)
    yield CROISSANT_NAME, render_croissant(facts)
    yield PARTS_NAME, (parts.model_dump_json(indent=1) + "\n").encode()
    yield MANIFEST_NAME, encode_manifest(dataset.manifest)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def _measure(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _refuse_foreign(folder: Path) -> None:
    """Refuse to replace what is not a bundle: a slip with ``--output`` must cost nothing."""
    if not folder.exists():
        return
    is_bundle = (folder / PARTS_NAME).is_file() and (folder / CARD_NAME).is_file()
    if not folder.is_dir() or (not is_bundle and any(folder.iterdir())):
        raise UsageError(
            f"{folder} is in the way: it is not a bundle; move it, or choose another --output"
        )
