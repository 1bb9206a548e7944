"""From the graph's rows and the samples of the chunks to the answer of any question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from basetype_benchmark.errors import ConfigError
from basetype_benchmark.queries.catalog import Column, ColumnType, Parameters, Question
from basetype_benchmark.queries.chunks.building_answers import (
    aggregate_dashboard,
    aggregate_drift,
)
from basetype_benchmark.queries.chunks.comfort_answer import aggregate_comfort
from basetype_benchmark.queries.chunks.operations_answers import (
    aggregate_access,
    aggregate_impact,
)
from basetype_benchmark.queries.chunks.point_answer import aggregate_hours
from basetype_benchmark.queries.chunks.samples import ChunkSamples
from basetype_benchmark.queries.chunks.tenant_answers import (
    aggregate_carbon,
    aggregate_energy,
)
from basetype_benchmark.queries.window import Window

Aggregate = Callable[[pl.DataFrame, pl.DataFrame, datetime], pl.DataFrame]
"""Takes what the graph says of the points, their samples, and when the window starts.

The graph's rows have the columns of `Question.federated` and `point`, the key of the samples,
which is null where a row has no point or its point no samples. Gives the columns of the contract,
in its order.
"""

_AGGREGATES: Mapping[str, Aggregate] = {
    "Q6": aggregate_hours,
    "Q7": aggregate_drift,
    "Q8": aggregate_energy,
    "Q9": aggregate_carbon,
    "Q10": aggregate_access,
    "Q11": aggregate_impact,
    "Q12": aggregate_dashboard,
    "Q13": aggregate_comfort,
}
_BEGINS_WITH_ITS_HOUR = frozenset({"Q9"})

_TYPES: Mapping[ColumnType, pl.DataType] = {
    ColumnType.TEXT: pl.String(),
    ColumnType.INTEGER: pl.Int64(),
    ColumnType.FLOAT: pl.Float64(),
}


@dataclass(frozen=True, kw_only=True)
class Aggregation:
    """How a question is answered from chunks.

    `window` is what the samples are cut to: the question's, or, where an hourly value holds for the
    hour that the question's window begins in, from the start of that hour.
    """

    question: Question
    window: Window
    start: datetime

    def answer(self, rows: Sequence[Sequence[Any]], samples: ChunkSamples) -> pl.DataFrame:
        """Aggregate the samples by the graph's rows, which are in the order of the contract."""
        described = _describe(self.question.federated, rows, samples.points)
        return find_aggregate(self.question)(described, samples.frame, self.start)


def find_aggregate(question: Question) -> Aggregate:
    """Look up the function that aggregates the samples for a question.

    Raises:
        ConfigError: there is none.
    """
    try:
        return _AGGREGATES[question.id]
    except KeyError:
        raise _no_answer(question) from None


def make_aggregation(question: Question, parameters: Parameters) -> Aggregation:
    """Prepare the answer of a question with a window.

    Raises:
        ConfigError: there is no such thing for this question.
    """
    find_aggregate(question)
    start, end = parameters.get("start"), parameters.get("end")
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        raise _no_answer(question)
    start = begins = start.astimezone(UTC)
    if question.id in _BEGINS_WITH_ITS_HOUR:
        begins = start.replace(minute=0, second=0, microsecond=0)
    return Aggregation(question=question, window=Window(start=begins, end=end), start=start)


def _no_answer(question: Question) -> ConfigError:
    return ConfigError(f"{question.id} is not a question that is answered from chunks")


def _describe(
    columns: Sequence[Column], rows: Sequence[Sequence[Any]], points: Sequence[str]
) -> pl.DataFrame:
    """Give the graph's rows, each once, with the place of their point among the samples' points."""
    schema = {column.name: _TYPES[column.type] for column in columns}
    described = pl.DataFrame(list(map(tuple, rows)), schema=schema, orient="row").unique()
    if "point_id" not in schema:
        return described
    places = pl.DataFrame(
        {"point_id": points, "point": range(len(points))},
        schema={"point_id": pl.String, "point": pl.UInt32},
    )
    return described.join(places, on="point_id", how="left")
