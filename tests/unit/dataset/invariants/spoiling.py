"""Copies of a dataset with a fault in them, and a manifest that knows nothing of it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.manifest import Counts, Manifest, PlantedDefects, write_manifest
from basetype_benchmark.dataset.model import EDGE_SCHEMA, NODE_SCHEMA, SERIES_SCHEMA
from basetype_benchmark.dataset.partitions import Partition, read_partition, series_partitions
from basetype_benchmark.dataset.parts import PartRecord, SeriesPart, write_part
from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.dataset.storage import local_storage
from basetype_benchmark.dataset.writer import count_by, fingerprint_of

DAYS = (0, 1)

Change = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass
class Copy:
    """A dataset taken apart: `nodes`, `edges`, `planted` and the samples can be changed."""

    folder: Path
    manifest: Manifest
    nodes: pl.DataFrame
    edges: pl.DataFrame
    planted: PlantedDefects
    partitions: list[Partition]
    changes: dict[int, Change] = field(default_factory=dict)

    def points(self, behaviour: str, **columns: str) -> list[str]:
        """Ids of the points of a behaviour, in order."""
        found = self.nodes.filter(
            pl.col("type") == "Point",
            pl.col("properties").str.json_path_match("$.behaviour") == behaviour,
            *(pl.col(name) == value for name, value in columns.items()),
        )
        return found["id"].sort().to_list()

    def property(self, point_id: str, name: str) -> float:
        """A number among the properties of a node."""
        row = self.nodes.filter(pl.col("id") == point_id)
        return float(row["properties"].str.json_path_match(f"$.{name}")[0])

    def samples(self, day: int) -> pl.DataFrame:
        """Samples of the building on a day, with the changes so far."""
        (partition,) = (p for p in self.partitions if self._is(p, day))
        frame = pl.DataFrame(read_partition(partition)).with_columns(
            pl.col("point_id").cast(pl.String)
        )
        return self.changes[day](frame) if day in self.changes else frame

    def change(self, day: int, change: Change) -> None:
        """Change the samples of the building on a day."""
        before = self.changes.get(day, lambda frame: frame)
        self.changes[day] = lambda frame: change(before(frame))

    def shift(self, day: int, point_id: str, by: float) -> None:
        """Add to all values of a point on a day."""
        one = pl.col("point_id") == point_id
        value = pl.when(one).then((pl.col("value") + by).round(4)).otherwise("value")
        self.change(day, lambda frame: frame.with_columns(value.alias("value")))

    def set_value(self, day: int, point_id: str, number: int, value: float) -> None:
        """Give the sample of a point with that number on the day another value."""
        hit = _sample(point_id, number)
        new = pl.when(hit).then(value).otherwise("value").alias("value")
        self.change(day, lambda frame: frame.with_columns(new))

    def lose(self, day: int, point_id: str, first: int, count: int = 1) -> None:
        """Lose samples of a point, from the one with number `first` on."""
        at = pl.int_range(pl.len()).over("point_id")
        hit = (pl.col("point_id") == point_id) & at.is_between(first, first + count - 1)
        self.change(day, lambda frame: frame.filter(~hit))

    def relate(self, relation: str, source: str, target: str, medium: str | None = None) -> None:
        """Add a relation."""
        row = {"src_id": source, "dst_id": target, "rel_type": relation, "medium": medium}
        more = pl.DataFrame([row], schema=self.edges.schema)
        self.edges = pl.concat([self.edges, more]).sort("rel_type", "src_id", "dst_id")

    def write(self) -> Dataset:
        """Write everything, with counts and fingerprint of what is there now."""
        storage = local_storage(self.folder)
        graph = Graph(
            nodes=self.nodes.to_arrow().cast(NODE_SCHEMA),
            edges=self.edges.to_arrow().cast(EDGE_SCHEMA),
            ghosts=tuple(self.planted.ghosts),
        )
        pq.write_table(graph.nodes, self.folder / "nodes.parquet")
        pq.write_table(graph.edges, self.folder / "edges.parquet")
        records: list[PartRecord] = [
            write_part(storage, self._part(partition)) for partition in self.partitions
        ]
        counts = Counts(
            nodes=count_by(graph.nodes, "type"),
            edges=count_by(graph.edges, "rel_type"),
            samples=sum(record.rows for record in records),
        )
        stated = {"counts": counts, "planted": self.planted}
        fingerprint = fingerprint_of(graph, records)
        write_manifest(
            self.folder, self.manifest.model_copy(update=stated | {"fingerprint": fingerprint})
        )
        return open_dataset(self.folder)

    def _part(self, partition: Partition) -> SeriesPart:
        days = [day for day in self.changes if self._is(partition, day)]
        table = self._table(self.samples(days[0])) if days else read_partition(partition)
        return SeriesPart(building_id=partition.building_id, day=partition.day, table=table)

    def _table(self, frame: pl.DataFrame) -> pa.Table:
        table = frame.to_arrow()
        index = table.schema.get_field_index("point_id")
        coded = table.column("point_id").cast(pa.string()).dictionary_encode()
        return table.set_column(index, "point_id", coded).cast(SERIES_SCHEMA)

    def _is(self, partition: Partition, day: int) -> bool:
        first = self.manifest.start.date()
        return partition.building_id == "b01" and (partition.day - first).days == day


def _sample(point_id: str, number: int) -> pl.Expr:
    return (pl.col("point_id") == point_id) & (pl.int_range(pl.len()).over("point_id") == number)


def copy_of(dataset: Dataset, folder: Path) -> Copy:
    """Copy a dataset to be spoilt."""
    dataset = open_dataset(Path(shutil.copytree(dataset.folder, folder)))
    return Copy(
        folder=dataset.folder,
        manifest=dataset.manifest,
        nodes=pl.DataFrame(dataset.nodes()),
        edges=pl.DataFrame(dataset.edges()),
        planted=dataset.manifest.planted,
        partitions=list(series_partitions(dataset)),
    )
