"""Writes a dataset folder: graph, series, and last of all the manifest that declares it whole."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from basetype_benchmark.atomic_files import TEMPORARY_SUFFIX, naming_write_errors
from basetype_benchmark.dataset.fingerprint import combine_digests, digest_graph
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.manifest import (
    FORMAT_VERSION,
    GENERATOR_VERSION,
    MANIFEST_NAME,
    Counts,
    Manifest,
    PlantedDefects,
    SensorFault,
    encode_manifest,
)
from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.dataset.parts import (
    SERIES_FOLDER,
    PartRecord,
    SeriesPart,
    part_name,
    write_parquet,
    write_part,
)
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.storage import Storage, local_storage
from basetype_benchmark.errors import DatasetError

NODES_NAME = "nodes.parquet"
EDGES_NAME = "edges.parquet"
EXPORTS_FOLDER = "exports"


class DatasetWriter:
    """A dataset being written.

    Making one withdraws the manifest, so that whatever stops the work leaves a dataset that says
    it is incomplete. Parts may be written elsewhere (`write_part` in another process) and told of
    by `add_record`; at the end everything that was not told of is removed.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        profile: str,
        seed: int,
        start: datetime,
        end: datetime,
        graph: Graph,
        sensor_faults: Sequence[SensorFault] = (),
        gap_rate: float = 0.0,
        generator_version: str = GENERATOR_VERSION,
        overwrite: bool = False,
    ) -> None:
        """Withdraw what was there and write the graph.

        `generator_version` is that of who made the data, which may have been long ago.

        Raises:
            DatasetError: there is a complete dataset and `overwrite` is not set.
            DiskFull: there is no space left.
        """
        self.storage = storage
        self._profile = profile
        self._seed = seed
        self._start = start
        self._end = end
        self._graph = graph
        self._sensor_faults = list(sensor_faults)
        self._gap_rate = gap_rate
        self._generator_version = generator_version
        self._records: list[PartRecord] = []
        withdraw(storage, overwrite)
        self._graph_bytes = sum(
            write_parquet(storage, name, table)
            for name, table in ((NODES_NAME, graph.nodes), (EDGES_NAME, graph.edges))
        )

    def write(self, part: SeriesPart) -> PartRecord:
        """Write one part here and now."""
        record = write_part(self.storage, part)
        self.add_record(record)
        return record

    def add_record(self, record: PartRecord) -> None:
        """Count a part that is already written."""
        self._records.append(record)

    def finish(self) -> Manifest:
        """Write the manifest, which makes the dataset whole; the parts are written by then."""
        kept = {part_name(record.building_id, record.day) for record in self._records}
        _clear(self.storage, kept | {NODES_NAME, EDGES_NAME})
        manifest = self._describe()
        with self.storage.open_to_write(MANIFEST_NAME) as file:
            file.write(encode_manifest(manifest))
        return manifest

    def _describe(self) -> Manifest:
        return Manifest(
            format_version=FORMAT_VERSION,
            generator_version=self._generator_version,
            profile=self._profile,
            seed=self._seed,
            start=self._start,
            end=self._end,
            buildings=building_ids(self._graph),
            counts=Counts(
                nodes=count_by(self._graph.nodes, "type"),
                edges=count_by(self._graph.edges, "rel_type"),
                samples=sum(record.rows for record in self._records),
            ),
            planted=PlantedDefects(
                ghosts=list(self._graph.ghosts),
                sensor_faults=self._sensor_faults,
                gap_rate=self._gap_rate,
            ),
            fingerprint=fingerprint_of(self._graph, self._records),
            size_bytes=self._graph_bytes + sum(record.size_bytes for record in self._records),
        )


def write_dataset(
    folder: Path,
    *,
    profile: str,
    seed: int,
    start: datetime,
    end: datetime,
    graph: Graph,
    series: Iterable[SeriesPart],
    overwrite: bool = False,
) -> Dataset:
    """Write a whole dataset from its graph and its parts, in this process.

    Raises:
        DatasetError: the folder holds a complete dataset and `overwrite` is not set.
        DiskFull: there is no space left; the folder has no manifest then.
    """
    writer = DatasetWriter(
        local_storage(folder),
        profile=profile,
        seed=seed,
        start=start,
        end=end,
        graph=graph,
        overwrite=overwrite,
    )
    for part in series:
        writer.write(part)
    return Dataset(folder=folder, manifest=writer.finish())


@contextmanager
def only_writer(storage: Storage) -> Iterator[None]:
    """Keep other processes of this machine from writing the same dataset meanwhile.

    The folder itself is locked, so that nothing is left behind by a process that is killed.

    Raises:
        DatasetError: another process is writing it.
    """
    if storage.local is None:
        yield
        return
    with naming_write_errors(storage.local):
        storage.local.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(storage.local, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DatasetError(
                f"another process is writing {storage.location}; wait until it is done, or end it"
            ) from error
        yield
    finally:
        os.close(descriptor)


def fingerprint_of(graph: Graph, records: Iterable[PartRecord]) -> str:
    """Give the fingerprint of a graph and of the parts written; parts without rows do not count."""
    return combine_digests(
        digest_graph(graph),
        (
            (record.building_id, record.day.isoformat(), record.digest)
            for record in records
            if record.rows
        ),
    )


def count_by(table: pa.Table, column: str) -> dict[str, int]:
    """Count rows by the values of a text column, in order of the value."""
    counted = pc.value_counts(table.column(column))
    return dict(sorted((row["values"], row["counts"]) for row in counted.to_pylist()))


def building_ids(graph: Graph) -> list[str]:
    """Ids of the buildings of a graph, in order."""
    nodes = graph.nodes
    chosen = nodes.filter(pc.equal(nodes.column("type"), NodeType.BUILDING.value))
    return sorted(chosen.column("id").to_pylist())


def withdraw(storage: Storage, overwrite: bool) -> None:
    """Make what is there incomplete; with `overwrite` nothing of it is used again.

    Raises:
        DatasetError: there is a complete dataset and `overwrite` is not set.
    """
    if MANIFEST_NAME in storage.files() and not overwrite:
        raise DatasetError(
            f"{storage.location} already holds a complete dataset; use it, or replace it with "
            "--force"
        )
    storage.remove(MANIFEST_NAME)  # first of all: from here on the dataset is incomplete
    if overwrite:
        _clear(storage, set())


def _clear(storage: Storage, kept: set[str]) -> None:
    """Remove what belongs to a dataset but for some files, and what was never finished."""
    ours = (MANIFEST_NAME, NODES_NAME, EDGES_NAME)
    found = [name for name in storage.files() if name in ours or _is_unfinished(name, ours)]
    for name in (*found, *storage.files(SERIES_FOLDER), *storage.files(EXPORTS_FOLDER)):
        if name not in kept and name != MANIFEST_NAME:
            storage.remove(name)
    if storage.local is not None:
        _remove_empty_folders(storage.local / SERIES_FOLDER)
        shutil.rmtree(storage.local / EXPORTS_FOLDER, ignore_errors=True)


def _is_unfinished(name: str, ours: Iterable[str]) -> bool:
    return name.endswith(TEMPORARY_SUFFIX) and name.startswith(tuple(f".{own}." for own in ours))


def _remove_empty_folders(folder: Path) -> None:
    for path in sorted(folder.glob("**/"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
