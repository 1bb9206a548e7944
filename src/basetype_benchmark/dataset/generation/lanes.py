"""What is left to make of the series of a dataset, building by building."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import EPOCH
from basetype_benchmark.dataset.origin import origin_of
from basetype_benchmark.dataset.parts import SITE_PARTITION, find_part
from basetype_benchmark.dataset.storage import Storage
from basetype_benchmark.dataset.subgraph import cut_out, has_points
from basetype_benchmark.dataset.writer import DatasetWriter, building_ids

_LONGEST_BLOCK_DAYS = 8


@dataclass(frozen=True, kw_only=True)
class Lane:
    """The series of one building, or of the site: what is left to make of them."""

    building_id: str
    origin: str
    missing: tuple[int, ...]  # days

    @property
    def is_whole(self) -> bool:
        """Whether no day is there yet."""
        return self.missing == tuple(range(len(self.missing)))

    def blocks(self) -> Iterator[tuple[int, int]]:
        """Cut the days up to the last one missing: short blocks first, so that all soon work."""
        end = max(self.missing) + 1
        first, length = 0, 1
        while first < end:
            yield first, min(first + length, end)
            first, length = first + length, min(2 * length, _LONGEST_BLOCK_DAYS)


def find_lanes(
    graph: Graph, seed: int, storage: Storage, days: int, writer: DatasetWriter
) -> list[Lane]:
    """Find what is left to make, and tell `writer` of what an interrupted run has left whole."""
    lanes = []
    for building_id in (*building_ids(graph), SITE_PARTITION):
        part = cut_out(graph, building_id)
        if not has_points(part):
            continue
        origin = origin_of(part, seed)
        missing = []
        for day_index in range(days):
            day = (EPOCH + timedelta(days=day_index)).date()
            record = find_part(storage, building_id, day, origin)
            if record is None:
                missing.append(day_index)
            else:
                writer.add_record(record)
        if missing:
            lanes.append(Lane(building_id=building_id, origin=origin, missing=tuple(missing)))
    return lanes
