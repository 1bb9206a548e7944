"""A dataset of samples without a building: what benchmarks of the series alone load."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import DAY, EDGE_SCHEMA, EPOCH, NODE_SCHEMA, SERIES_SCHEMA
from basetype_benchmark.dataset.parts import SeriesPart
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.writer import write_dataset

POINTS = 12_500
"""As many points as a building of scale small has, with ids as long as theirs."""


def point_ids(points: int = POINTS) -> list[str]:
    """Ids in order, of the form that the generator gives."""
    return sorted(
        f"b01.f{n // 2000:02d}.s{n // 100 % 20:02d}.terminal_unit{n % 100}.supply_air_temperature"
        for n in range(points)
    )


def write_series(folder: Path, *, rows_per_day: int, days: int, points: int = POINTS) -> Dataset:
    """Write a dataset with an empty graph; rows are sorted by point and time, as always."""
    graph = Graph(nodes=NODE_SCHEMA.empty_table(), edges=EDGE_SCHEMA.empty_table(), ghosts=())
    return write_dataset(
        folder,
        profile=f"synthetic-{days}d",
        seed=0,
        start=EPOCH,
        end=EPOCH + days * DAY,
        graph=graph,
        series=_parts(rows_per_day, days, points),
    )


def _parts(rows_per_day: int, days: int, points: int) -> Iterator[SeriesPart]:
    ids = pa.array(point_ids(points))
    for day in range(days):
        random = np.random.default_rng(day)
        codes = np.sort(random.integers(0, points, rows_per_day)).astype(np.int32)
        offsets = np.arange(rows_per_day) * 86_399_999 // rows_per_day
        start = EPOCH + timedelta(days=day)
        times = np.int64(start.timestamp() * 1000) + offsets
        table = pa.table(
            {
                "time": pa.array(times).cast(SERIES_SCHEMA.field("time").type),
                "point_id": pa.DictionaryArray.from_arrays(codes, ids),
                "value": np.round(20 + 5 * random.standard_normal(rows_per_day), 2),
            }
        )
        yield SeriesPart(building_id="b01", day=start.date(), table=table.cast(SERIES_SCHEMA))
