"""Q7 and Q12 from chunks: all points of a building, each summed up before it meets the graph."""

from __future__ import annotations

from datetime import datetime

import polars as pl

_KEPT = 20
_ENOUGH_SAMPLES, _TINY_MEAN = 100, 0.001


def aggregate_drift(points: pl.DataFrame, samples: pl.DataFrame, _start: datetime) -> pl.DataFrame:
    """Q7: the ranking by relative variance."""
    mean, variance = pl.col("mean"), pl.col("variance")
    return (
        samples.group_by("point")
        .agg(
            mean=pl.col("value").mean(),
            variance=pl.col("value").var(ddof=0),
            samples=pl.len(),
        )
        .filter(pl.col("samples") > _ENOUGH_SAMPLES, mean.abs() > _TINY_MEAN)
        .join(points, on="point")
        .with_columns(relative_variance=variance / (mean * mean))
        .sort(["relative_variance", "point_id"], descending=[True, False])
        .head(_KEPT)
        .select("point_id", "point_name", "mean", "variance", "relative_variance", "samples")
    )


def aggregate_dashboard(
    points: pl.DataFrame, samples: pl.DataFrame, _start: datetime
) -> pl.DataFrame:
    """Q12: one row per quantity, with the points that have no samples counted too."""
    value, count = pl.col("value"), pl.col("count")
    of_point = samples.group_by("point").agg(
        count=pl.len(), total=value.sum(), low=value.min(), high=value.max()
    )
    return (
        points.join(of_point, on="point", how="left")
        .group_by("quantity")
        .agg(
            points=pl.len(),
            active_points=count.count(),
            samples=count.sum(),
            avg=pl.when(count.sum() > 0).then(pl.col("total").sum() / count.sum()),
            min=pl.col("low").min(),
            max=pl.col("high").max(),
        )
        .sort("quantity")
    )
