"""Checks a dataset on disk against its manifest and against itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from basetype_benchmark.dataset.fingerprint import digest_series, point_runs
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.integrity import check_graph
from basetype_benchmark.dataset.invariants.times import not_rising, out_of_day
from basetype_benchmark.dataset.manifest import Counts, Manifest
from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.dataset.partitions import Partition, read_partition, series_partitions
from basetype_benchmark.dataset.parts import SITE_PARTITION, PartRecord, part_path
from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.dataset.writer import EDGES_NAME, NODES_NAME, count_by, fingerprint_of
from basetype_benchmark.errors import DatasetError
from basetype_benchmark.progress import SILENT, Progress

_AGAIN = "generate the dataset again"


@dataclass(frozen=True, kw_only=True)
class VerifyReport:
    """What was found; all of it agrees with the manifest."""

    folder: Path
    fingerprint: str
    counts: Counts
    parts: int
    points_with_samples: int


def verify_dataset(folder: Path, progress: Progress = SILENT) -> VerifyReport:
    """Read everything of a dataset again and compare it with the manifest.

    Checks that files are readable, the graph's ids unique and its relations complete, samples
    sorted, inside their day and of points of the graph, and counts and fingerprint as stated.

    Raises:
        DatasetError: something is wrong; the file is named, or the first of several.
    """
    dataset = open_dataset(folder)
    graph = _check_graph(dataset)
    ids = _point_ids(graph)
    partitions = _check_presence(dataset, list(series_partitions(dataset)))
    records: list[PartRecord] = []
    seen: set[str] = set()
    with progress.task("verify", total=len(partitions), unit="parts") as task:
        for partition in partitions:
            records.append(_check_partition(partition, ids, seen))
            task.advance()
    counts = _check_counts(dataset, graph, records)
    fingerprint = fingerprint_of(graph, records)
    if fingerprint != dataset.fingerprint:
        raise DatasetError(
            f"the content of {folder} is not what its manifest states: fingerprint {fingerprint} "
            f"instead of {dataset.fingerprint}; {_AGAIN}"
        )
    return VerifyReport(
        folder=folder,
        fingerprint=fingerprint,
        counts=counts,
        parts=len(records),
        points_with_samples=len(seen),
    )


def _check_graph(dataset: Dataset) -> Graph:
    nodes, edges = dataset.nodes(), dataset.edges()
    check_graph(dataset.folder, nodes, edges)
    for path, table, keys in (
        (dataset.folder / NODES_NAME, nodes, ["id"]),
        (dataset.folder / EDGES_NAME, edges, ["rel_type", "src_id", "dst_id"]),
    ):
        if not table.equals(table.sort_by([(key, "ascending") for key in keys])):
            raise DatasetError(f"{path} is not sorted by {', '.join(keys)}; {_AGAIN}")
    return Graph(nodes=nodes, edges=edges, ghosts=tuple(dataset.manifest.planted.ghosts))


def _point_ids(graph: Graph) -> frozenset[str]:
    points = graph.nodes.filter(pc.equal(graph.nodes.column("type"), NodeType.POINT.value))
    return frozenset(points.column("id").to_pylist())


def _check_presence(dataset: Dataset, partitions: list[Partition]) -> list[Partition]:
    """Find gaps: every building and day between the first and the last has its file."""
    found = {(partition.building_id, partition.day) for partition in partitions}
    for building_id in sorted({building_id for building_id, _ in found}):
        for day in _days(dataset.manifest):
            if (building_id, day) not in found:
                path = part_path(dataset.folder, building_id, day)
                raise DatasetError(f"{path} is missing; {_AGAIN}")
    for partition in partitions:
        known = partition.building_id in (*dataset.manifest.buildings, SITE_PARTITION)
        if not known or partition.day not in set(_days(dataset.manifest)):
            raise DatasetError(f"{partition.files[0]} does not belong to the dataset; remove it")
    return partitions


def _days(manifest: Manifest) -> Iterator[date]:
    day = manifest.start.date()
    while day < manifest.end.date():
        yield day
        day += timedelta(days=1)


def _check_partition(partition: Partition, ids: frozenset[str], seen: set[str]) -> PartRecord:
    table = read_partition(partition)
    path = partition.files[0]
    points, starts = point_runs(table)
    strangers = [point for point in points if point not in ids]
    if strangers:
        raise DatasetError(f"{path} has samples of {strangers[0]!r}, which is no point; {_AGAIN}")
    time_ms = table.column("time").cast(pa.int64()).to_numpy() - _midnight_ms(partition.day)
    if points != sorted(set(points)) or not_rising(time_ms, starts).any():
        raise DatasetError(f"{path} is not sorted by point and time; {_AGAIN}")
    if out_of_day(time_ms).any():
        raise DatasetError(f"{path} has samples of other days than {partition.day}; {_AGAIN}")
    seen.update(points)
    return PartRecord(
        building_id=partition.building_id,
        day=partition.day,
        rows=table.num_rows,
        size_bytes=sum(map(_size, partition.files)),
        digest=digest_series(table),
    )


def _midnight_ms(day: date) -> int:
    return int(datetime.combine(day, datetime.min.time(), UTC).timestamp()) * 1000


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise DatasetError(
            f"{path} went away while it was read ({error.strerror}): something is writing this "
            "dataset; wait until that is done"
        ) from error


def _check_counts(dataset: Dataset, graph: Graph, records: list[PartRecord]) -> Counts:
    counts = Counts(
        nodes=count_by(graph.nodes, "type"),
        edges=count_by(graph.edges, "rel_type"),
        samples=sum(record.rows for record in records),
    )
    stated = dataset.manifest.counts
    problems = [
        *_differences("nodes", counts.nodes, stated.nodes),
        *_differences("edges", counts.edges, stated.edges),
        *_differences("samples", {"": counts.samples}, {"": stated.samples}),
    ]
    if problems:
        raise DatasetError(
            f"{dataset.folder} does not hold what its manifest states: {', '.join(problems)}; "
            f"{_AGAIN}"
        )
    return counts


def _differences(kind: str, found: dict[str, int], stated: dict[str, int]) -> Iterator[str]:
    for name in sorted(found.keys() | stated.keys()):
        if found.get(name, 0) != stated.get(name, 0):
            label = f"{kind} {name}".rstrip()
            yield f"{label} {found.get(name, 0)} instead of {stated.get(name, 0)}"
