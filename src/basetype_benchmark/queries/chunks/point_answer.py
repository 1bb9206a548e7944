"""Q6 from chunks: the profile of one point."""

from __future__ import annotations

from datetime import datetime

import polars as pl


def aggregate_hours(_points: pl.DataFrame, samples: pl.DataFrame, _start: datetime) -> pl.DataFrame:
    """Q6: all samples are of the one point that was asked for."""
    value = pl.col("value")
    return (
        samples.group_by(hour=pl.col("time").dt.truncate("1h"))
        .agg(
            avg=value.mean(),
            min=value.min(),
            max=value.max(),
            samples=pl.len(),
        )
        .sort("hour")
    )
