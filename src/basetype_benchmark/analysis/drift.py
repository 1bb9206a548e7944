"""Whether a query became slower or faster from run to run: a trend over the runs of its variants.

Spearman's statistic in every repetition and variant by itself, added up: the products of the ranks
of latency and run. That it is zero on average without a trend, and its variance, are known exactly
(Kendall, Rank Correlation Methods, 1970, chapter 5); the sum over its standard deviation is near
normal. Runs are blocks of all queries and variants in shuffled order, so a trend over runs is one
over the time of the measurement.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import polars as pl

_STRATUM = ("repetition", "query", "variant")


@dataclass(frozen=True, kw_only=True)
class Trend:
    """The trend of one query over its runs.

    `p_value` is how often stable latencies show one so strong, either way. `change` is the median
    of the later half of the runs over that of the earlier half, each latency taken over the median
    of its variant: 1.2 is 20 % slower in the end.
    """

    p_value: float
    change: float


def trends(answered: pl.DataFrame) -> dict[str, Trend]:
    """Give the trend of every query of `read_answered`.

    None where all of its latencies or runs are equal, or half of a variant's are zero.
    """
    ranked = answered.select(
        *_STRATUM,
        *(
            (pl.col(column).rank("average") - (pl.len() + 1) / 2).over(_STRATUM).alias(f"{column}_")
            for column in ("run", "elapsed_ns")
        ),
        (pl.col("elapsed_ns") / pl.col("elapsed_ns").median().over(_STRATUM)).alias("relative"),
    )
    rows = _sums(ranked).join(_halves(ranked), on="query", how="inner")
    return {
        query: Trend(p_value=erfc(abs(z) / sqrt(2)), change=change)
        for query, z, change in rows.select("query", "z", "change").iter_rows()
    }


def _sums(ranked: pl.DataFrame) -> pl.DataFrame:
    """Add up the products of ranks and their variances, by query."""
    run, elapsed = pl.col("run_"), pl.col("elapsed_ns_")
    by_stratum = ranked.group_by(_STRATUM).agg(
        (run * elapsed).sum().alias("sum"),
        ((run**2).sum() * (elapsed**2).sum() / (pl.len() - 1)).alias("variance"),
        pl.len().alias("runs"),
    )
    by_query = (
        by_stratum.filter(pl.col("runs") > 1)
        .group_by("query")
        .agg(pl.col("sum").sum(), pl.col("variance").sum())
    )
    return by_query.filter(pl.col("variance") > 0).with_columns(
        (pl.col("sum") / pl.col("variance").sqrt()).alias("z")
    )


def _halves(ranked: pl.DataFrame) -> pl.DataFrame:
    def median(half: pl.Expr) -> pl.Expr:
        return pl.col("relative").filter(half).median()

    change = median(pl.col("run_") > 0) / median(pl.col("run_") < 0)
    halves = ranked.group_by("query").agg(change.alias("change"))
    return halves.filter(pl.col("change").is_finite() & (pl.col("change") > 0))
