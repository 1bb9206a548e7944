"""The series of a dataset on disk, by building and day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from basetype_benchmark.dataset.model import SERIES_SCHEMA
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DatasetError, reason_of


@dataclass(frozen=True, kw_only=True)
class Partition:
    """The files that hold the samples of one building and day."""

    building_id: str
    day: date
    files: tuple[Path, ...]


def series_partitions(dataset: Dataset) -> Iterator[Partition]:
    """Give the partitions of a dataset in order of building and day.

    Raises:
        DatasetError: a folder is not named as a partition.
    """
    for folder, files in groupby(dataset.series_files(), lambda path: path.parent):
        yield Partition(
            building_id=folder.parent.name.partition("=")[2],
            day=_day_of(folder),
            files=tuple(files),
        )


def read_partition(partition: Partition) -> pa.Table:
    """Read the samples of a partition, checking the checksum of every page.

    Raises:
        DatasetError: a file cannot be read or has other columns; it is named.
    """
    return pa.concat_tables([_read_part(path) for path in partition.files])


def _read_part(path: Path) -> pa.Table:
    try:
        file = pq.ParquetFile(path, read_dictionary=["point_id"], page_checksum_verification=True)
        return file.read(columns=SERIES_SCHEMA.names).cast(SERIES_SCHEMA)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DatasetError(
            f"{path} is damaged: {reason_of(error)}; generate the dataset again"
        ) from error


def _day_of(folder: Path) -> date:
    try:
        return date.fromisoformat(folder.name.partition("=")[2])
    except ValueError as error:
        raise DatasetError(f"{folder} is not a partition by day; remove it") from error
