"""The portrait of a dataset, written to a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from basetype_benchmark.atomic_files import write_atomically
from basetype_benchmark.dataset.portrait.portrait import portray
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.writer import EXPORTS_FOLDER
from basetype_benchmark.errors import UsageError

PORTRAIT_NAME = "portrait.html"


def write_portrait(
    dataset: Dataset,
    output: Path | None = None,
    *,
    building_id: str | None = None,
    first_day: date | None = None,
) -> Path:
    """Write the page of one building over up to a week, and say where it is.

    Without `output` it is among the exports of the dataset, which are safe to delete.

    Raises:
        UsageError: there is no such building or day, or `output` is a folder.
        DatasetError: a file of the dataset cannot be read.
        DiskFull, HostError: the page cannot be written.
    """
    path = output or dataset.folder / EXPORTS_FOLDER / PORTRAIT_NAME
    if path.is_dir():
        raise UsageError(f"{path} is a folder; give the name of a file, for instance page.html")
    page = portray(dataset, building_id=building_id, first_day=first_day)
    write_atomically(path, page.encode())
    return path
