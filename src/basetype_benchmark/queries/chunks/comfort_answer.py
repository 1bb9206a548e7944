"""Q13 from chunks: comfort in office hours."""

from __future__ import annotations

from datetime import datetime

import polars as pl

_FRIDAY = 5  # Polars counts Monday as 1
_OPENS, _CLOSES = 9, 17
_FEW, _SOME = 5, 15


def aggregate_comfort(
    points: pl.DataFrame, samples: pl.DataFrame, _start: datetime
) -> pl.DataFrame:
    """Q13: hours of spaces by occupancy band; each hour of a point is summed up first."""
    temperature = pl.col("temperature")
    return (
        _space_hours(points, _office_hours(samples))
        .filter(temperature.is_not_null())
        .group_by(band=_band())
        .agg(
            space_hours=pl.len(),
            avg_temp=temperature.mean(),
            min_temp=temperature.min(),
            max_temp=temperature.max(),
            avg_deviation=(temperature - pl.col("setpoint")).mean(),
        )
        .sort("band")
    )


def _office_hours(samples: pl.DataFrame) -> pl.DataFrame:
    time = pl.col("time")
    return (
        samples.filter(
            time.dt.weekday() <= _FRIDAY, time.dt.hour() >= _OPENS, time.dt.hour() < _CLOSES
        )
        .group_by("point", hour=time.dt.truncate("1h"))
        .agg(total=pl.col("value").sum(), count=pl.len())
    )


def _space_hours(points: pl.DataFrame, hours: pl.DataFrame) -> pl.DataFrame:
    """Give the means over all samples of an hour, of however many points of the space."""
    return (
        hours.join(points, on="point")
        .group_by("space_id", "hour")
        .agg(
            temperature=_mean_of("zone_air_temperature"),
            setpoint=_mean_of("zone_air_temperature_setpoint"),
            people=_mean_of("people_count"),
        )
    )


def _mean_of(point_type: str) -> pl.Expr:
    is_meant = pl.col("point_type") == point_type
    count = pl.col("count").filter(is_meant).sum()
    return pl.when(count > 0).then(pl.col("total").filter(is_meant).sum() / count)


def _band() -> pl.Expr:
    people = pl.col("people")
    return (
        pl.when(people.is_null())
        .then(pl.lit("unknown"))
        .when(people == 0)
        .then(pl.lit("none"))
        .when(people < _FEW)
        .then(pl.lit("low"))
        .when(people < _SOME)
        .then(pl.lit("medium"))
        .otherwise(pl.lit("high"))
    )
