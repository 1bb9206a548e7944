"""Exports of datasets by name: where they lie and which formats there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.export.exporter import Export, export_dataset
from basetype_benchmark.dataset.export.manifest import ExportFormat
from basetype_benchmark.dataset.writer import EXPORTS_FOLDER
from basetype_benchmark.errors import UsageError
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.workflows.dataset import find_dataset

ALL_FORMATS = "all"


def parse_formats(names: str) -> list[ExportFormat]:
    """Read a list such as ``p1,o2``, or ``all``; each format once.

    Raises:
        UsageError: a format is unknown, or none is named.
    """
    if names.strip().lower() == ALL_FORMATS:
        return list(ExportFormat)
    wanted = list(dict.fromkeys(name.strip().lower() for name in names.split(",") if name.strip()))
    unknown = [name for name in wanted if name not in list(ExportFormat)]
    if unknown or not wanted:
        problem = f"unknown format {', '.join(unknown)}" if unknown else "no format is named"
        known = ", ".join(ExportFormat)
        raise UsageError(f"{problem}; --format takes {known}, several with commas, or all")
    return [ExportFormat(name) for name in wanted]


def export(
    profile: str,
    seed: int,
    formats: Sequence[ExportFormat],
    settings: Settings,
    *,
    output: Path | None = None,
    gzip: bool = False,
    overwrite: bool = False,
    progress: Progress = SILENT,
) -> Iterator[Export]:
    """Write a dataset in some formats, each into a folder of its own below `output`.

    Without `output` they lie in the dataset. What is there already is not made again, unless
    `overwrite` is set.

    Raises:
        UsageError: the profile is unknown, or something else is where an export should be.
        DatasetError: the dataset is missing, incomplete or damaged.
        DiskFull: there is no space left; what was begun does not pass for an export.
    """
    dataset = find_dataset(profile, seed, settings)
    parent = dataset.folder / EXPORTS_FOLDER if output is None else output
    for chosen in formats:
        yield export_dataset(
            dataset,
            chosen,
            parent / chosen,
            gzip=gzip,
            overwrite=overwrite,
            progress=progress,
        )
