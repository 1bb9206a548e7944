"""The latencies of a level: of every cell that is a repetition of it, by query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.benchmark.percentiles import Sorted, sort_latencies
from basetype_benchmark.benchmark.results import ANSWERED

_COLUMNS = ("query", "variant", "run", "outcome", "elapsed_ns")


@dataclass(frozen=True, kw_only=True)
class QueryLatencies:
    """What the answered executions of one query took, wrong answers included.

    `repetitions` has one part for each cell that answered at all; `together` is all of them.
    """

    query: str
    repetitions: tuple[Sorted, ...]
    together: Sorted


def read_answered(data: CampaignData, cells: Sequence[str]) -> pl.DataFrame:
    """Read the answered samples of some cells.

    Gives ``repetition`` (the place of the cell in `cells`), ``query``, ``variant``, ``run`` and
    ``elapsed_ns``; `cells` should be those of one level, as all of it is in memory.

    Raises:
        CheckFailed: a table is missing, torn, or not of this version.
    """
    parts = [
        data.cell_samples(cell, _COLUMNS)
        .filter(pl.col("outcome").is_in([o.value for o in ANSWERED]))
        .drop_nulls("elapsed_ns")
        .select(
            pl.lit(number, pl.Int32).alias("repetition"),
            "query",
            "variant",
            "run",
            "elapsed_ns",
        )
        for number, cell in enumerate(cells)
    ]
    return pl.concat(parts)


def latencies_by_query(answered: pl.DataFrame) -> Iterator[QueryLatencies]:
    """Part answered samples by query; a query without an answer is not there."""
    for rows in answered.partition_by("query", maintain_order=True):
        together = _sorted(rows)
        parts = rows.partition_by("repetition", maintain_order=True)
        yield QueryLatencies(
            query=rows["query"][0],
            repetitions=(together,) if len(parts) == 1 else tuple(map(_sorted, parts)),
            together=together,
        )


def _sorted(rows: pl.DataFrame) -> Sorted:
    return sort_latencies(rows["elapsed_ns"].to_numpy(), rows["variant"].to_numpy())
