"""``parts.json``: the parts of a dataset with their digests.

Together they make the fingerprint, so who has the list checked against the fingerprint can check
any part by itself, without the rest.
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt

from basetype_benchmark.dataset.fingerprint import combine_digests, digest_graph, digest_series
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.partitions import Partition, read_partition, series_partitions
from basetype_benchmark.dataset.parts import PartRecord, part_name
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DatasetError
from basetype_benchmark.progress import SILENT, Progress

PARTS_NAME = "parts.json"


class Part(BaseModel):
    """The file of one building and day; `digest` is that of its samples, in hex."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    building_id: str = Field(pattern=r"^[a-z0-9_]+$")  # becomes a part of a path
    day: date
    rows: NonNegativeInt
    size_bytes: NonNegativeInt
    digest: str = Field(pattern=r"^([0-9a-f]{2})+$")

    @property
    def name(self) -> str:
        """Where it lies, in the dataset and in the repository."""
        return part_name(self.building_id, self.day)

    @property
    def record(self) -> PartRecord:
        """What a writer is told of it."""
        return PartRecord(
            building_id=self.building_id,
            day=self.day,
            rows=self.rows,
            size_bytes=self.size_bytes,
            digest=bytes.fromhex(self.digest),
        )


class PartsList(BaseModel):
    """The content of ``parts.json``: all parts in order of building and day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    graph_digest: str = Field(pattern=r"^([0-9a-f]{2})+$")
    parts: list[Part]

    @property
    def fingerprint(self) -> str:
        """That of the dataset whose parts these are."""
        return combine_digests(
            bytes.fromhex(self.graph_digest),
            (
                (part.building_id, part.day.isoformat(), bytes.fromhex(part.digest))
                for part in self.parts
                if part.rows
            ),
        )


def list_parts(dataset: Dataset, progress: Progress = SILENT) -> PartsList:
    """Read a whole dataset and list its parts.

    Raises:
        DatasetError: a file is damaged, or the content is not what the manifest states.
    """
    graph = Graph(nodes=dataset.nodes(), edges=dataset.edges(), ghosts=())
    partitions = list(series_partitions(dataset))
    parts = []
    with progress.task("check", total=len(partitions), unit="parts") as task:
        for partition in partitions:
            parts.append(digest_part(partition))
            task.advance()
    listed = PartsList(graph_digest=digest_graph(graph).hex(), parts=parts)
    if listed.fingerprint != dataset.fingerprint:
        raise DatasetError(
            f"the content of {dataset.folder} is not what its manifest states: fingerprint "
            f"{listed.fingerprint} instead of {dataset.fingerprint}; generate the dataset again"
        )
    return listed


def digest_part(partition: Partition) -> Part:
    """Read one part and say what is in it.

    Raises:
        DatasetError: it is damaged, or is several files.
    """
    if len(partition.files) != 1:
        raise DatasetError(
            f"{partition.files[0].parent} holds {len(partition.files)} files where one is "
            "expected; generate the dataset again"
        )
    table = read_partition(partition)
    return Part(
        building_id=partition.building_id,
        day=partition.day,
        rows=table.num_rows,
        size_bytes=partition.files[0].stat().st_size,
        digest=digest_series(table).hex(),
    )
