"""Q10 and Q11 from chunks: badge activity, and how the racks run."""

from __future__ import annotations

from datetime import datetime

import polars as pl

_DENIED = 0


def aggregate_access(points: pl.DataFrame, samples: pl.DataFrame, _start: datetime) -> pl.DataFrame:
    """Q10: events of each reader; one without events in the window has no row."""
    return (
        samples.group_by("point")
        .agg(
            events=pl.len(),
            denied=(pl.col("value") == _DENIED).sum(),
            first_event=pl.col("time").min(),
            last_event=pl.col("time").max(),
        )
        .join(points, on="point")
        .sort("point_id", "equipment_id")
        .select("equipment_id", "point_id", "events", "denied", "first_event", "last_event")
    )


def aggregate_impact(points: pl.DataFrame, samples: pl.DataFrame, _start: datetime) -> pl.DataFrame:
    """Q11: every rack, with nulls where its points have no samples."""
    of_point = samples.group_by("point").agg(
        high=pl.col("value").max(), total=pl.col("value").sum(), count=pl.len()
    )
    is_inlet = pl.col("point_type") == "rack_inlet_temperature"
    is_power = pl.col("point_type") == "active_power"
    count = pl.col("count").filter(is_power).sum()
    return (
        points.join(of_point, on="point", how="left")
        .group_by("rack_id", "rack_name", "dependents", "spaces")
        .agg(
            max_inlet_temp=pl.col("high").filter(is_inlet).max(),
            avg_power_kw=pl.when(count > 0).then(pl.col("total").filter(is_power).sum() / count),
        )
        .sort("rack_id")
    )
