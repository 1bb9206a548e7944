"""Q8 and Q9 from chunks: energy and carbon of a tenant."""

from __future__ import annotations

from datetime import datetime

import polars as pl

_GRAMS_PER_KG = 1000


def aggregate_energy(points: pl.DataFrame, samples: pl.DataFrame, _start: datetime) -> pl.DataFrame:
    """Q8: energy by end use, and the meters that have samples."""
    return (
        samples.group_by("point")
        .agg(energy_kwh=pl.col("value").sum())
        .join(points, on="point")
        .group_by("end_use")
        .agg(meters=pl.col("meter_id").n_unique(), energy_kwh=pl.col("energy_kwh").sum())
        .sort("end_use")
    )


def aggregate_carbon(points: pl.DataFrame, samples: pl.DataFrame, start: datetime) -> pl.DataFrame:
    """Q9: energy and carbon by day; energy in an hour without an intensity is left out."""
    described = samples.join(points, on="point")
    intensity = described.filter(pl.col("point_type") == "carbon_intensity").select(
        hour="time", g_per_kwh="value"
    )
    energy = described.filter(
        pl.col("point_type") == "energy_interval",
        pl.col("time").cast(pl.Datetime("us", "UTC")) >= start,
    ).with_columns(hour=pl.col("time").dt.truncate("1h"))
    kwh = pl.col("value")
    return (
        energy.join(intensity, on="hour")
        .group_by(day=pl.col("time").dt.date())
        .agg(
            energy_kwh=kwh.sum(),
            carbon_kg=(kwh * pl.col("g_per_kwh")).sum() / _GRAMS_PER_KG,
        )
        .sort("day")
    )
