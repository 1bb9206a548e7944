"""Samples of some points in a window, from only the files that can hold them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from basetype_benchmark.dataset.partitions import series_partitions
from basetype_benchmark.dataset.parts import SITE_PARTITION
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DatasetError, reason_of
from basetype_benchmark.queries.oracle.building_graph import NodeRow
from basetype_benchmark.queries.window import Window

_TIME = pl.Datetime("ms", "UTC")
_TICK = timedelta(milliseconds=1)
_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EMPTY_SCHEMA = {
    "time": _TIME,
    "point_id": pl.Categorical(),
    "value": pl.Float64(),
}


class SeriesReader:
    """Reads the series of one dataset lazily: nothing is kept between reads."""

    def __init__(self, dataset: Dataset) -> None:
        self._folder = dataset.folder
        self._files: dict[tuple[str, date], list[Path]] = defaultdict(list)
        for partition in series_partitions(dataset):
            self._files[partition.building_id, partition.day].extend(partition.files)

    def scan(self, points: Collection[NodeRow], window: Window) -> pl.LazyFrame:
        """Describe the samples of `points` in `window`: `time, point_id, value`, in no order."""
        partitions = {point.building_id or SITE_PARTITION for point in points}
        files = [
            path
            for (building, day), paths in self._files.items()
            if building in partitions and window.touches(day)
            for path in paths
        ]
        if not files:
            return pl.LazyFrame(schema=_EMPTY_SCHEMA)
        wanted = [point.id for point in points]
        return pl.scan_parquet(files, hive_partitioning=False).filter(
            pl.col("time") >= _first_tick(window.start),
            pl.col("time") < _first_tick(window.end),
            pl.col("point_id").is_in(wanted),
        )

    def collect(self, plan: pl.LazyFrame) -> pl.DataFrame:
        """Run a plan made from `scan`, with `point_id` as text.

        Raises:
            DatasetError: a series file cannot be read.
        """
        try:
            frame = plan.collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise DatasetError(
                f"the series in {self._folder} cannot be read: {reason_of(error)}; generate the "
                "dataset again"
            ) from error
        return frame.with_columns(pl.col(pl.Categorical).cast(pl.String))

    def read(self, points: Collection[NodeRow], window: Window) -> pl.DataFrame:
        """Give the samples of `points` in `window`, sorted by point and time.

        Raises:
            DatasetError: a series file cannot be read, or lacks values.
        """
        samples = self.collect(self.scan(points, window)).sort("point_id", "time")
        if samples["value"].has_nulls():
            raise DatasetError(
                f"the series in {self._folder} have samples without a value; "
                "generate the dataset again"
            )
        return samples


def _first_tick(moment: datetime) -> pl.Expr:
    """Give the first time from `moment` on that a sample can have.

    Polars would cut the microseconds off a bound that it compares with milliseconds.
    """
    ticks = -((_UNIX_EPOCH - moment) // _TICK)
    return pl.lit(ticks, pl.Int64).cast(_TIME)
