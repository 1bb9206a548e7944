"""The latencies of a level: of every cell that is a repetition of it, by query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.benchmark.results import ANSWERED

Floats = npt.NDArray[np.float64]

_COLUMNS = ("query", "variant", "run", "outcome", "elapsed_ns")


@dataclass(frozen=True, kw_only=True)
class QueryLatencies:
    """What the answered executions of one query took, in ns, wrong answers included.

    `repetitions` has one sorted array for each cell that answered at all; `together` is all of
    them, sorted.
    """

    query: str
    repetitions: tuple[Floats, ...]
    together: Floats


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
    for (query,), rows in answered.group_by("query", maintain_order=True):
        by_repetition = rows.select("repetition", pl.col("elapsed_ns").cast(pl.Float64)).sort(
            "repetition", "elapsed_ns"
        )
        repetitions = tuple(
            part["elapsed_ns"].to_numpy()
            for part in by_repetition.partition_by("repetition", maintain_order=True)
        )
        together = repetitions[0] if len(repetitions) == 1 else np.sort(np.concatenate(repetitions))
        yield QueryLatencies(query=str(query), repetitions=repetitions, together=together)
