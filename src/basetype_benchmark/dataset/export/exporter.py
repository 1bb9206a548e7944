"""Exports of a dataset: made when asked for, whole or not at all, and only when not there yet."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.atomic_files import naming_write_errors, write_atomically
from basetype_benchmark.dataset.export.brick.export import export_brick
from basetype_benchmark.dataset.export.document.export import export_documents
from basetype_benchmark.dataset.export.folder import ExportFolder
from basetype_benchmark.dataset.export.graph_csv import (
    export_property_graph,
    export_property_graph_with_chunks,
)
from basetype_benchmark.dataset.export.manifest import (
    EXPORT_MANIFEST_NAME,
    EXPORT_VERSION,
    ExportCounts,
    ExportFormat,
    ExportManifest,
    encode_export,
    read_export,
)
from basetype_benchmark.dataset.export.rdf_files import (
    export_triples,
    export_triples_with_chunks,
)
from basetype_benchmark.dataset.export.relational.export import export_relational
from basetype_benchmark.dataset.integrity import check_graph
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.storage import local_storage
from basetype_benchmark.dataset.writer import only_writer
from basetype_benchmark.errors import DatasetError, UsageError
from basetype_benchmark.progress import SILENT, Progress, Task

ExportFunction = Callable[[Dataset, ExportFolder, Task], ExportCounts]

_EXPORTS: Mapping[ExportFormat, ExportFunction] = {
    ExportFormat.P1: export_relational,
    ExportFormat.P2: export_documents,
    ExportFormat.M1: export_property_graph_with_chunks,
    ExportFormat.M2: export_property_graph,
    ExportFormat.O1: export_triples_with_chunks,
    ExportFormat.O2: export_triples,
    ExportFormat.BRICK: export_brick,
}


@dataclass(frozen=True, kw_only=True)
class Export:
    """An export that is whole; `is_new` unless it was there already."""

    folder: Path
    manifest: ExportManifest
    is_new: bool


def export_dataset(
    dataset: Dataset,
    export_format: ExportFormat,
    folder: Path,
    *,
    gzip: bool = False,
    overwrite: bool = False,
    progress: Progress = SILENT,
) -> Export:
    """Write `dataset` in a format into `folder`, which is made; nothing if it is there already.

    The files are written beside `folder`, which is given its name when all are whole and counted.
    The same dataset gives the same bytes every time. `overwrite` makes it again in any case.

    Raises:
        DatasetError: a file of the dataset cannot be read, or holds other counts than stated, or
            another process exports to the same place.
        UsageError: there is something else in the folder.
        DiskFull: there is no space left.
    """
    found = read_export(folder)
    if found is not None and not overwrite and _is_current(found, dataset, export_format, gzip):
        return Export(folder=folder, manifest=found, is_new=False)
    _refuse_foreign(folder)
    with naming_write_errors(folder), only_writer(local_storage(folder.parent)):
        partial = folder.with_name(f".{folder.name}.partial")
        for outdated in (partial, folder):
            if outdated.exists():
                shutil.rmtree(outdated)
        partial.mkdir(parents=True)
        try:
            manifest = _write(dataset, export_format, ExportFolder(partial, gzip=gzip), progress)
            partial.rename(folder)
        finally:  # whatever stopped the work, half an export is of no use and may be large
            shutil.rmtree(partial, ignore_errors=True)
    return Export(folder=folder, manifest=manifest, is_new=True)


def _write(
    dataset: Dataset, export_format: ExportFormat, folder: ExportFolder, progress: Progress
) -> ExportManifest:
    check_graph(dataset.folder, dataset.nodes(), dataset.edges())
    samples = dataset.manifest.counts.samples
    with progress.task(f"export {export_format}", samples, "samples") as task:
        counts = _without_zeros(_EXPORTS[export_format](dataset, folder, task))
    _check_counts(dataset, counts)
    manifest = ExportManifest(
        export_version=EXPORT_VERSION,
        format=export_format,
        profile=dataset.manifest.profile,
        seed=dataset.manifest.seed,
        fingerprint=dataset.fingerprint,
        gzip=folder.gzip,
        counts=counts,
        files=sorted(folder.files, key=lambda file: file.name),
    )
    write_atomically(folder.path / EXPORT_MANIFEST_NAME, encode_export(manifest))
    return manifest


def _is_current(
    found: ExportManifest, dataset: Dataset, export_format: ExportFormat, gzip: bool
) -> bool:
    return (found.fingerprint, found.format, found.gzip) == (
        dataset.fingerprint,
        export_format,
        gzip,
    )


def _refuse_foreign(folder: Path) -> None:
    """Refuse to replace what is not an export: a slip with ``--output`` must cost nothing."""
    if not folder.exists():
        return
    is_ours = (folder / EXPORT_MANIFEST_NAME).is_file()
    if not folder.is_dir() or (not is_ours and any(folder.iterdir())):
        raise UsageError(
            f"{folder} is in the way: it is not an export; move it, or choose another --output"
        )


def _without_zeros(counts: ExportCounts) -> ExportCounts:
    """Leave out the types that do not occur, as the manifest of a dataset does."""
    nodes = {kind: count for kind, count in sorted(counts.nodes.items()) if count}
    edges = {kind: count for kind, count in sorted(counts.edges.items()) if count}
    return counts.model_copy(update={"nodes": nodes, "edges": edges})


def _check_counts(dataset: Dataset, written: ExportCounts) -> None:
    stated = dataset.manifest.counts
    pairs = [
        ("nodes", written.nodes, stated.nodes),
        ("relations", written.edges, stated.edges),
        ("samples", written.samples, stated.samples),
    ]
    for what, found, expected in pairs:
        if found is not None and found != expected:
            raise DatasetError(
                f"{dataset.folder} holds other {what} than its manifest states ({found}, not "
                f"{expected}): it is damaged; see btb dataset verify"
            )
