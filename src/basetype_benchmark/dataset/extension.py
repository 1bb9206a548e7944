"""Lengthens a dataset: what is there is kept, and only the missing days are generated."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from basetype_benchmark.config.dataset_names import generate_command
from basetype_benchmark.config.profiles import Profile, Scale
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.storage import local_storage
from basetype_benchmark.dataset.subset import copy_parts, cut_graph, find_parts, why_not_nested
from basetype_benchmark.dataset.writer import only_writer, withdraw
from basetype_benchmark.errors import UsageError
from basetype_benchmark.progress import SILENT, Progress


def can_extend(
    source: Manifest, target: Profile, scales: Mapping[str, Scale] | None = None
) -> str | None:
    """Say why a dataset cannot be lengthened to `target`; None if it can.

    `scales` are those known by name; None: those that ship.
    """
    days = (source.end - source.start).days
    if target.days <= days:
        return f"{target.name} is not longer than {source.profile}, so extract does it"
    return why_not_nested(source, target, scales)


def extend_dataset(
    source: Dataset,
    target: Profile,
    folder: Path,
    *,
    scales: Mapping[str, Scale] | None = None,
    workers: int | None = None,
    overwrite: bool = False,
    progress: Progress = SILENT,
) -> Dataset:
    """Write the dataset of `target`, with the seed of `source`, out of `source` and new days.

    It equals the one that would be generated. The days of `source` are copied, which makes them
    found by the generator like those that an interrupted run has left.

    Raises:
        UsageError: it cannot be lengthened, see `can_extend`.
        DatasetError: the source is damaged or was made from another plan than today's, or the
            folder holds a complete dataset.
        DiskFull: there is no space left.
    """
    reason = can_extend(source.manifest, target, scales)
    if reason is not None:
        raise UsageError(
            f"{source.manifest.profile} cannot be extended to {target.name}: {reason}; "
            f"else generate it: {generate_command(target.name, source.manifest.seed)}"
        )
    graph = cut_graph(source, target)
    parts = find_parts(source, graph, (source.manifest.end - source.manifest.start).days)
    storage = local_storage(folder)
    with only_writer(storage):
        withdraw(storage, overwrite)
        for _ in copy_parts(source, parts, storage, progress):
            pass
    return generate_dataset(
        target, source.manifest.seed, folder, workers=workers, progress=progress
    )
