"""Downloads a dataset, or the buildings and days of one that a smaller profile needs.

Every part is checked by its digest and put in its place at once, so an interrupted download is
continued with what is missing. The manifest is written last: before, it is no dataset.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.pool import ThreadPool
from pathlib import Path

from basetype_benchmark.atomic_files import naming_write_errors
from basetype_benchmark.config.dataset_names import generate_command
from basetype_benchmark.dataset.fingerprint import digest_graph
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.huggingface.parts_list import Part, digest_part
from basetype_benchmark.dataset.huggingface.remote import RemoteDataset, Selection
from basetype_benchmark.dataset.manifest import GENERATOR_VERSION, MANIFEST_NAME
from basetype_benchmark.dataset.origin import is_same_graph
from basetype_benchmark.dataset.partitions import Partition
from basetype_benchmark.dataset.parts import SERIES_FOLDER, SITE_PARTITION
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.storage import Storage, local_storage
from basetype_benchmark.dataset.subgraph import keep_buildings
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.dataset.writer import (
    EDGES_NAME,
    NODES_NAME,
    DatasetWriter,
    only_writer,
)
from basetype_benchmark.errors import DatasetError, DiskFull
from basetype_benchmark.hub.client import Hub
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.units import format_bytes

_THREADS = 8
_STAGING = f"{SERIES_FOLDER}/.download"  # in the series: whoever finishes the dataset clears it


@dataclass(frozen=True, kw_only=True)
class Download:
    """A dataset that was downloaded, and how much of it came over the network this time."""

    dataset: Dataset
    source: RemoteDataset
    fetched_parts: int
    fetched_bytes: int
    kept_parts: int

    @property
    def is_of_another_version(self) -> bool:
        """Whether the generator here makes other content of the same name."""
        return self.dataset.manifest.generator_version != GENERATOR_VERSION


def download_dataset(
    hub: Hub,
    source: RemoteDataset,
    selection: Selection,
    folder: Path,
    *,
    overwrite: bool = False,
    progress: Progress = SILENT,
) -> Download:
    """Make the dataset in `folder` out of a remote one; what is there of it already is kept.

    It equals the one that would be generated, by the version that generated the remote one.

    Raises:
        DatasetError: there is a complete dataset and `overwrite` is not set, another process is
            writing it, or the repository is damaged.
        HostError: the Hub cannot be reached, or refuses.
        DiskFull: there is no space left.
    """
    storage = local_storage(folder)
    with only_writer(storage), _open_staging(folder) as staging:
        _refuse_complete(folder, overwrite)
        graph = _fetch_graph(hub, source, selection, staging)
        storage.remove(MANIFEST_NAME)  # from here on what is there counts as incomplete
        writer = _open_writer(storage, source, selection, graph)
        wanted = [part for part in source.parts.parts if selection.holds(part)]
        missing = _find_missing(folder, wanted, progress)
        total = sum(part.size_bytes for part in missing)
        _see_that_there_is_room(folder, total)
        with (
            progress.task("download", total=total, unit="bytes") as task,
            closing(_fetch_each(hub, source, missing, staging)) as fetched,
        ):
            for part, path in fetched:
                _put_in_place(source, part, path, folder)
                task.advance(part.size_bytes)
        for part in wanted:
            writer.add_record(part.record)
        manifest = writer.finish()
    return Download(
        dataset=Dataset(folder=folder, manifest=manifest),
        source=source,
        fetched_parts=len(missing),
        fetched_bytes=total,
        kept_parts=len(wanted) - len(missing),
    )


def _open_writer(
    storage: Storage, source: RemoteDataset, selection: Selection, graph: Graph
) -> DatasetWriter:
    planted = source.manifest.planted.of_buildings([*selection.buildings, SITE_PARTITION])
    return DatasetWriter(
        storage,
        profile=selection.profile,
        seed=source.manifest.seed,
        start=source.manifest.start,
        end=selection.end,
        graph=graph,
        sensor_faults=planted.sensor_faults,
        gap_rate=planted.gap_rate,
        generator_version=source.manifest.generator_version,
    )


@contextmanager
def _open_staging(folder: Path) -> Iterator[Path]:
    """Give a folder where files lie until they are checked; nothing is left of it."""
    staging = folder / _STAGING
    with naming_write_errors(staging):
        shutil.rmtree(staging, ignore_errors=True)  # of a process that was killed
        staging.mkdir(parents=True)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        for made in (staging.parent, folder):
            with suppress(OSError):  # it is not empty
                made.rmdir()


def _refuse_complete(folder: Path, overwrite: bool) -> None:
    if not overwrite and (folder / MANIFEST_NAME).is_file():
        raise DatasetError(
            f"{folder} already holds a complete dataset; use it, or replace it with --force"
        )


def _fetch_graph(hub: Hub, source: RemoteDataset, selection: Selection, staging: Path) -> Graph:
    """Fetch the graph and cut out what is wanted of it."""
    for name in (NODES_NAME, EDGES_NAME):
        hub.fetch(source.files, name, staging)
    fetched = Dataset(folder=staging, manifest=source.manifest)
    graph = Graph(
        nodes=fetched.nodes(),
        edges=fetched.edges(),
        ghosts=tuple(source.manifest.planted.ghosts),
    )
    if digest_graph(graph).hex() != source.parts.graph_digest:
        raise _damage(source, f"{NODES_NAME} or {EDGES_NAME}")
    wanted = keep_buildings(graph, selection.buildings)
    target, seed = selection.target, source.manifest.seed
    if target is not None and not is_same_graph(wanted, build_graph(target, seed)):
        raise DatasetError(
            f"{source.files.repository} has other buildings than {target.name} has here: a profile "
            f"file or the generator differs; generate it: {generate_command(target.name, seed)}"
        )
    return wanted


def _find_missing(folder: Path, wanted: Sequence[Part], progress: Progress) -> list[Part]:
    found = [part for part in wanted if (folder / part.name).is_file()]
    if not found:
        return list(wanted)
    kept = set()
    with progress.task("check what is there", total=len(found), unit="parts") as task:
        for part in found:
            if _is_whole(folder / part.name, part):
                kept.add(part.name)
            task.advance()
    return [part for part in wanted if part.name not in kept]


def _see_that_there_is_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DiskFull(
            f"the disk that holds {folder} has {format_bytes(free)} free, and "
            f"{format_bytes(needed)} are to be downloaded; free some space or choose another "
            "place with --home"
        )


def _fetch_each(
    hub: Hub, source: RemoteDataset, missing: Sequence[Part], staging: Path
) -> Generator[tuple[Part, Path], None, None]:
    def fetch(part: Part) -> tuple[Part, Path]:
        return part, hub.fetch(source.files, part.name, staging)

    # Threads that do not keep the process alive: an interrupt does not wait for transfers.
    with ThreadPool(_THREADS) as threads:
        yield from threads.imap_unordered(fetch, missing)


def _put_in_place(source: RemoteDataset, part: Part, path: Path, folder: Path) -> None:
    if not _is_whole(path, part):
        raise _damage(source, part.name)
    with naming_write_errors(folder):
        (folder / part.name).parent.mkdir(parents=True, exist_ok=True)
        path.replace(folder / part.name)


def _is_whole(path: Path, part: Part) -> bool:
    if path.stat().st_size != part.size_bytes:
        return False
    partition = Partition(building_id=part.building_id, day=part.day, files=(path,))
    try:
        return digest_part(partition) == part
    except DatasetError:
        return False


def _damage(source: RemoteDataset, name: str) -> DatasetError:
    return DatasetError(
        f"{name} of {source.files.repository} is not what its manifest states: it is damaged or "
        "was changed; publish it again, or generate the dataset: "
        f"{generate_command(source.manifest.profile, source.manifest.seed)}"
    )
