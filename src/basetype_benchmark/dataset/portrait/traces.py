"""Samples of chosen points on chosen days; nothing else of a dataset is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from basetype_benchmark.dataset.parts import SITE_PARTITION, part_path
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DatasetError, reason_of


@dataclass(frozen=True, kw_only=True)
class Trace:
    """The samples of one point in order: seconds after the window's start, and values."""

    seconds: npt.NDArray[np.float64]
    values: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.seconds)


EMPTY_TRACE = Trace(seconds=np.empty(0), values=np.empty(0))


def read_traces(
    dataset: Dataset, building_id: str, dates: Sequence[date], start: datetime, ids: Collection[str]
) -> Mapping[str, Trace]:
    """Read what points of a building, or of the site, have stored on some days.

    Every point has a trace; it is empty where there are no samples.

    Raises:
        DatasetError: a series file cannot be read.
    """
    files = [
        path
        for partition in (building_id, SITE_PARTITION)
        for day in dates
        for path in series_files_of(dataset, partition, day)
    ]
    traces = dict.fromkeys(ids, EMPTY_TRACE)
    if not files or not ids:
        return traces
    samples = _collect(dataset.folder, files, ids)
    start_ms = int(start.timestamp() * 1000)
    for (point_id,), rows in samples.group_by("point_id"):
        seconds = (rows["time"].dt.epoch("ms").to_numpy() - start_ms) / 1000
        order = np.argsort(seconds, kind="stable")
        traces[str(point_id)] = Trace(
            seconds=seconds[order], values=rows["value"].to_numpy()[order]
        )
    return traces


def series_files_of(dataset: Dataset, building_id: str, day: date) -> list[Path]:
    """Give the files with the samples of a building, or the site, on one day.

    Raises:
        DatasetError: there is none.
    """
    folder = part_path(dataset.folder, building_id, day).parent
    files = sorted(folder.glob("part-*.parquet"))
    if not files and building_id != SITE_PARTITION:
        raise DatasetError(f"{folder} holds no samples; generate the dataset again")
    return files


def _collect(folder: Path, files: list[Path], ids: Collection[str]) -> pl.DataFrame:
    plan = pl.scan_parquet(files, hive_partitioning=False).filter(
        pl.col("point_id").is_in(sorted(ids))
    )
    try:
        return plan.collect().with_columns(pl.col("point_id").cast(pl.String))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DatasetError(
            f"the series in {folder} cannot be read: {reason_of(error)}; generate the dataset again"
        ) from error
