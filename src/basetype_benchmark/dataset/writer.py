"""Writes a dataset folder: graph, series, and last of all the manifest that declares it whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from basetype_benchmark import __version__
from basetype_benchmark.atomic_files import naming_write_errors, temporary_path
from basetype_benchmark.dataset.fingerprint import combine_digests, digest_graph
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.manifest import (
    FORMAT_VERSION,
    MANIFEST_NAME,
    Counts,
    Manifest,
    PlantedDefects,
    write_manifest,
)
from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.dataset.parts import (
    SERIES_FOLDER,
    PartRecord,
    SeriesPart,
    write_parquet,
    write_part,
)
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DatasetError

NODES_NAME = "nodes.parquet"
EDGES_NAME = "edges.parquet"
_OWN_FOLDERS = (SERIES_FOLDER, "exports")
_OWN_FILES = (MANIFEST_NAME, NODES_NAME, EDGES_NAME)


class DatasetWriter:
    """A dataset being written.

    Making one clears what an interrupted write left in the folder. Until `finish`, the folder has
    no manifest, so whatever stops the work leaves a dataset that says it is incomplete. Parts may
    be written elsewhere (`write_part` in another process) and told of by `add_record`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        profile: str,
        seed: int,
        start: datetime,
        end: datetime,
        graph: Graph,
        overwrite: bool = False,
    ) -> None:
        """Clear the folder and write the graph.

        Raises:
            DatasetError: the folder holds a complete dataset and `overwrite` is not set.
            DiskFull: there is no space left.
        """
        self.folder = folder
        self._profile = profile
        self._seed = seed
        self._start = start
        self._end = end
        self._graph = graph
        self._records: list[PartRecord] = []
        with naming_write_errors(folder):
            _clear(folder, overwrite)
        write_parquet(folder / NODES_NAME, graph.nodes)
        write_parquet(folder / EDGES_NAME, graph.edges)

    def write(self, part: SeriesPart) -> PartRecord:
        """Write one part here and now."""
        record = write_part(self.folder, part)
        self.add_record(record)
        return record

    def add_record(self, record: PartRecord) -> None:
        """Count a part that is already in the folder."""
        self._records.append(record)

    def finish(self) -> Dataset:
        """Write the manifest, which makes the dataset whole; the parts are on the disk by then."""
        manifest = self._describe()
        write_manifest(self.folder, manifest)
        return Dataset(folder=self.folder, manifest=manifest)

    def _describe(self) -> Manifest:
        graph_files = [self.folder / NODES_NAME, self.folder / EDGES_NAME]
        return Manifest(
            format_version=FORMAT_VERSION,
            generator_version=__version__,
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
            planted=PlantedDefects(ghosts=list(self._graph.ghosts)),
            fingerprint=fingerprint_of(self._graph, self._records),
            size_bytes=sum(record.size_bytes for record in self._records)
            + sum(path.stat().st_size for path in graph_files),
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
        folder,
        profile=profile,
        seed=seed,
        start=start,
        end=end,
        graph=graph,
        overwrite=overwrite,
    )
    for part in series:
        writer.write(part)
    return writer.finish()


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


def _clear(folder: Path, overwrite: bool) -> None:
    manifest = folder / MANIFEST_NAME
    if manifest.exists() and not overwrite:
        raise DatasetError(
            f"{folder} already holds a complete dataset; use it, or replace it with --force"
        )
    folder.mkdir(parents=True, exist_ok=True)
    manifest.unlink(missing_ok=True)  # first of all: from here on the folder is incomplete
    for name in _OWN_FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in _OWN_FILES:
        (folder / name).unlink(missing_ok=True)
        temporary_path(folder / name).unlink(missing_ok=True)
