"""Cuts a smaller dataset out of a bigger one; it equals the one that would be generated."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from basetype_benchmark.config.dataset_names import generate_command
from basetype_benchmark.config.profiles import Profile, Scale, load_scales
from basetype_benchmark.dataset.fingerprint import digest_series
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.manifest import GENERATOR_VERSION, Manifest
from basetype_benchmark.dataset.origin import is_same_graph, origin_of
from basetype_benchmark.dataset.partitions import Partition, read_partition
from basetype_benchmark.dataset.parts import (
    SITE_PARTITION,
    PartRecord,
    find_part,
    part_name,
    part_path,
)
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.storage import Storage, local_storage
from basetype_benchmark.dataset.subgraph import cut_out, has_points, keep_buildings
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.dataset.writer import DatasetWriter, building_ids, only_writer
from basetype_benchmark.errors import DatasetError, UsageError
from basetype_benchmark.progress import SILENT, Progress

_PIECE_BYTES = 1 << 20


def can_extract(
    source: Manifest, target: Profile, scales: Mapping[str, Scale] | None = None
) -> str | None:
    """Say why `target` cannot be cut out of a dataset; None if it can.

    `scales` are those known by name; None: those that ship.
    """
    days = (source.end - source.start).days
    if target.days > days:
        return f"{target.name} lasts {target.days} days and {source.profile} only {days}"
    return why_not_nested(source, target, scales)


def why_not_nested(
    source: Manifest, target: Profile, scales: Mapping[str, Scale] | None = None
) -> str | None:
    """Say why the buildings of `target` are not the first ones of a dataset; None if they are.

    This goes by names. Whether the dataset was made from what its profile is today, only its graph
    can tell.
    """
    if source.generator_version != GENERATOR_VERSION:
        return (
            f"{source.profile} was made by version {source.generator_version} of the generator and "
            f"this is {GENERATOR_VERSION}, whose buildings and days differ"
        )
    scale_name = source.profile.rpartition("-")[0]
    if scale_name == target.scale.name:
        return None
    scale = (load_scales() if scales is None else scales).get(scale_name)
    if scale is None:
        return f"the scale {scale_name} is not known here, so what nests in it is not either"
    if not target.scale.nests_in(scale):
        return f"the buildings of {target.scale.name} are not the first ones of {scale_name}"
    return None


def extract_subset(
    source: Dataset,
    target: Profile,
    folder: Path,
    *,
    scales: Mapping[str, Scale] | None = None,
    overwrite: bool = False,
    progress: Progress = SILENT,
) -> Dataset:
    """Write the dataset of `target`, with the seed of `source`, out of `source`.

    The files of building and day are copied as they are, one at a time.

    Raises:
        UsageError: it cannot be cut out, see `can_extract`.
        DatasetError: the source is damaged or was made from another plan than today's, or the
            folder holds a complete dataset.
        DiskFull: there is no space left.
    """
    reason = can_extract(source.manifest, target, scales)
    if reason is not None:
        raise UsageError(
            f"{target.name} cannot be cut out of {source.manifest.profile}: {reason}; "
            f"generate it: {generate_command(target.name, source.manifest.seed)}"
        )
    graph = cut_graph(source, target)
    planted = source.manifest.planted.of_buildings([*building_ids(graph), SITE_PARTITION])
    parts = find_parts(source, graph, target.days)
    storage = local_storage(folder)
    with only_writer(storage):
        writer = DatasetWriter(
            storage,
            profile=target.name,
            seed=source.manifest.seed,
            start=source.manifest.start,
            end=target.end(source.manifest.start),
            graph=graph,
            sensor_faults=planted.sensor_faults,
            gap_rate=planted.gap_rate,
            overwrite=overwrite,
        )
        for record in copy_parts(source, parts, storage, progress):
            writer.add_record(record)
        return Dataset(folder=folder, manifest=writer.finish())


def cut_graph(source: Dataset, target: Profile) -> Graph:
    """Give the graph of `target` out of that of a dataset in which its buildings nest.

    Raises:
        DatasetError: the source is damaged, or was made from another plan than today's.
    """
    buildings = source.manifest.buildings[: len(target.scale.buildings)]
    ghosts = source.manifest.planted.of_buildings(buildings).ghosts
    whole = Graph(nodes=source.nodes(), edges=source.edges(), ghosts=tuple(ghosts))
    graph = keep_buildings(whole, buildings)
    if not is_same_graph(graph, build_graph(target, source.manifest.seed)):
        raise DatasetError(
            f"{source.folder} has other buildings than {target.name} has today: a profile file has "
            "changed since it was made; generate it: "
            f"{generate_command(target.name, source.manifest.seed)}"
        )
    return graph


def find_parts(source: Dataset, graph: Graph, days: int) -> list[PartRecord]:
    """Find the files of the first days of the buildings of a graph; reads no samples yet.

    Raises:
        DatasetError: a file of the source is missing or damaged, or not what the graph gives.
    """
    seed, start = source.manifest.seed, source.manifest.start.date()
    origins = {
        building_id: origin_of(part, seed)
        for building_id in (*building_ids(graph), SITE_PARTITION)
        if has_points(part := cut_out(graph, building_id))
    }
    return [
        _find(source, building_id, start + timedelta(days=index), origin)
        for building_id, origin in origins.items()
        for index in range(days)
    ]


def copy_parts(
    source: Dataset, parts: Sequence[PartRecord], storage: Storage, progress: Progress
) -> Iterator[PartRecord]:
    """Copy files of series.

    One at a time is read, compared with the digest that its generator left in it, and copied byte
    by byte.

    Raises:
        DatasetError: a file of the source is missing or damaged.
    """
    with progress.task("copy", total=len(parts), unit="days") as done:
        for record in parts:
            _copy(source, storage, record)
            yield record
            done.advance()


def _find(source: Dataset, building_id: str, day: date, origin: str) -> PartRecord:
    record = find_part(local_storage(source.folder), building_id, day, origin)
    if record is None:
        raise _replaced(part_path(source.folder, building_id, day))
    return record


def _copy(source: Dataset, storage: Storage, record: PartRecord) -> None:
    path = part_path(source.folder, record.building_id, record.day)
    table = read_partition(Partition(building_id=record.building_id, day=record.day, files=(path,)))
    if record.digest != digest_series(table) or not _is_of_day(table, record.day):
        raise _replaced(path)
    with (
        path.open("rb") as old,
        storage.open_to_write(part_name(record.building_id, record.day)) as new,
    ):
        shutil.copyfileobj(old, new, _PIECE_BYTES)


def _replaced(path: Path) -> DatasetError:
    return DatasetError(
        f"{path} does not hold what was generated for its building and day; it was removed, "
        "replaced or changed: generate the dataset again"
    )


def _is_of_day(table: pa.Table, day: date) -> bool:
    span = pc.min_max(table.column("time")).as_py()
    return table.num_rows == 0 or bool(span["min"].date() == day == span["max"].date())
