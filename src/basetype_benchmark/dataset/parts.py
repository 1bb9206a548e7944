"""The series of one building and one day: the unit of work, of writing and of checking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from basetype_benchmark.atomic_files import open_atomically
from basetype_benchmark.dataset.fingerprint import digest_series
from basetype_benchmark.dataset.model import SERIES_SCHEMA

SERIES_FOLDER = "timeseries"
SITE_PARTITION = "site"
"""Partition value of points that belong to no building: weather and the grid."""

_ROW_GROUP_ROWS = 1 << 18


@dataclass(frozen=True, kw_only=True)
class SeriesPart:
    """Samples of one building and day, in `SERIES_SCHEMA` sorted by (point_id, time)."""

    building_id: str
    day: date
    table: pa.Table


@dataclass(frozen=True, kw_only=True)
class PartRecord:
    """What was written of a `SeriesPart`."""

    building_id: str
    day: date
    rows: int
    size_bytes: int
    digest: bytes


def part_path(folder: Path, building_id: str, day: date) -> Path:
    """Where the samples of a building and day lie in the dataset in `folder`."""
    return (
        folder / SERIES_FOLDER / f"building_id={building_id}" / f"day={day:%Y-%m-%d}"
    ) / "part-0.parquet"


def write_part(folder: Path, part: SeriesPart) -> PartRecord:
    """Write one part into the dataset in `folder`; safe to call from several processes.

    Raises:
        DiskFull: there is no space left.
    """
    path = part_path(folder, part.building_id, part.day)
    write_parquet(path, part.table.cast(SERIES_SCHEMA), dictionary=["point_id", "value"])
    return PartRecord(
        building_id=part.building_id,
        day=part.day,
        rows=part.table.num_rows,
        size_bytes=path.stat().st_size,
        digest=digest_series(part.table),
    )


def write_parquet(path: Path, table: pa.Table, dictionary: bool | list[str] = True) -> None:
    """Write a table, whole or not at all.

    Raises:
        DiskFull: there is no space left.
    """
    with open_atomically(path) as file:
        pq.write_table(
            table,
            file,
            compression="zstd",
            use_dictionary=dictionary,
            row_group_size=_ROW_GROUP_ROWS,
            write_page_checksum=True,
        )
