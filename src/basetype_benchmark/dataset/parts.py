"""The series of one building and one day: the unit of work, of writing and of checking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from basetype_benchmark.dataset.fingerprint import digest_series
from basetype_benchmark.dataset.model import SERIES_SCHEMA
from basetype_benchmark.dataset.storage import Storage

SERIES_FOLDER = "timeseries"
SITE_PARTITION = "site"
"""Partition value of points that belong to no building: weather and the grid."""

_ROW_GROUP_ROWS = 1 << 20
_SERIES_ENCODING = {"time": "DELTA_BINARY_PACKED", "value": "BYTE_STREAM_SPLIT"}
"""Times grow by much the same; half the size and two thirds of the work of plain columns."""

_SERIES_STATISTICS = ["time", "value"]
"""Those of texts take a sixth of the writer's time, and a file has a few row groups at most."""

_ORIGIN_KEY = b"btb:origin"
_DIGEST_KEY = b"btb:digest"


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


def part_name(building_id: str, day: date) -> str:
    """Where the samples of a building and day lie in a dataset."""
    return f"{SERIES_FOLDER}/building_id={building_id}/day={day:%Y-%m-%d}/part-0.parquet"


def part_path(folder: Path, building_id: str, day: date) -> Path:
    """Where the samples of a building and day lie in the dataset in `folder`."""
    return folder / part_name(building_id, day)


def write_part(storage: Storage, part: SeriesPart, origin: str = "") -> PartRecord:
    """Write one part into a dataset; safe to call from several processes.

    `origin` says what the part follows from, see `find_part`.

    Raises:
        DiskFull: there is no space left.
    """
    name = part_name(part.building_id, part.day)
    digest = digest_series(part.table)
    table = part.table.cast(SERIES_SCHEMA).replace_schema_metadata(
        {_ORIGIN_KEY: origin, _DIGEST_KEY: digest.hex()}
    )
    size_bytes = write_parquet(
        storage,
        name,
        table,
        dictionary=["point_id"],
        encoding=_SERIES_ENCODING,
        statistics=_SERIES_STATISTICS,
    )
    return PartRecord(
        building_id=part.building_id,
        day=part.day,
        rows=table.num_rows,
        size_bytes=size_bytes,
        digest=digest,
    )


def find_part(storage: Storage, building_id: str, day: date, origin: str) -> PartRecord | None:
    """Find what was written of a building and day; None unless it is whole and of that origin.

    Only the end of the file is read: the file was written whole or not at all.
    """
    path = storage.path(part_name(building_id, day))
    try:
        with storage.filesystem.open_input_file(path) as file:
            size_bytes = file.size()
            metadata = pq.read_metadata(file)
    except (OSError, pa.ArrowException):
        return None
    written = metadata.metadata or {}
    if written.get(_ORIGIN_KEY) != origin.encode() or not origin:
        return None
    return PartRecord(
        building_id=building_id,
        day=day,
        rows=metadata.num_rows,
        size_bytes=size_bytes,
        digest=bytes.fromhex(written.get(_DIGEST_KEY, b"").decode()),
    )


def write_parquet(
    storage: Storage,
    name: str,
    table: pa.Table,
    *,
    dictionary: bool | list[str] = True,
    encoding: Mapping[str, str] | None = None,
    statistics: bool | list[str] = True,
) -> int:
    """Write a table, whole or not at all; gives its size in bytes.

    `encoding` is that of columns without dictionary, `statistics` names the columns whose least
    and greatest value is noted.

    Raises:
        DiskFull: there is no space left.
    """
    with storage.open_to_write(name) as file:
        pq.write_table(
            table,
            file,
            compression="zstd",
            use_dictionary=dictionary,
            column_encoding=None if encoding is None else dict(encoding),
            row_group_size=_ROW_GROUP_ROWS,
            write_statistics=statistics,
            write_page_checksum=True,
        )
        return file.tell()
