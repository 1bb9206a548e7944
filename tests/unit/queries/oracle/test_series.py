"""Numbers that are hard to add up, and rankings that are cut through a tie."""

import statistics
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import (
    DAY,
    EDGE_SCHEMA,
    EPOCH,
    NODE_COLUMNS,
    NODE_SCHEMA,
    SERIES_SCHEMA,
    TIME_TYPE,
)
from basetype_benchmark.dataset.parts import SeriesPart
from basetype_benchmark.dataset.writer import write_dataset
from basetype_benchmark.queries.answer import Answer
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.oracle import Oracle

PARAMETERS = {"building_id": "b01", "start": EPOCH, "end": EPOCH + DAY}


def test_variance_survives_a_mean_that_is_much_larger(tmp_path: Path) -> None:
    values = [1e8 + (0.5 if i % 2 else -0.5) for i in range(200)]
    (row,) = _rank(tmp_path, {"b01.counter": values})
    assert row[2] == pytest.approx(1e8, rel=1e-12)
    assert row[3] == pytest.approx(0.25, rel=1e-9)


def test_variance_is_that_of_the_population(tmp_path: Path) -> None:
    values = [float(i % 7) for i in range(150)]
    (row,) = _rank(tmp_path, {"b01.counter": values})
    assert row[3] == pytest.approx(statistics.pvariance(values), rel=1e-12)


def test_rows_that_tie_at_the_cut_are_known(tmp_path: Path) -> None:
    steady = {f"b01.p{i:02d}": [9.0, 11.0] * 60 for i in range(23)}
    lively = {"b01.z": [5.0, 15.0] * 60}
    duller = {"b01.a": [10.0, 10.1] * 60}
    answer = _rank(tmp_path, steady | lively | duller)
    assert [row[0] for row in answer] == ["b01.z", *(f"b01.p{i:02d}" for i in range(19))]
    assert [row[0] for row in answer.beyond_cut] == [f"b01.p{i:02d}" for i in range(19, 23)]


def _rank(tmp_path: Path, values: Mapping[str, Sequence[float]]) -> Answer:
    graph = Graph(
        nodes=pa.Table.from_pylist(
            [_node("b01", "Building"), *(_node(key, "Point") for key in sorted(values))],
            schema=NODE_SCHEMA,
        ),
        edges=EDGE_SCHEMA.empty_table(),
        ghosts=(),
    )
    dataset = write_dataset(
        tmp_path / "dataset",
        profile="toy-1d",
        seed=0,
        start=EPOCH,
        end=EPOCH + DAY,
        graph=graph,
        series=[SeriesPart(building_id="b01", day=date(2024, 1, 1), table=_series(values))],
    )
    return Oracle(dataset).answer(find_question("Q7"), PARAMETERS)


def _node(node_id: str, node_type: str) -> dict[str, str | None]:
    row: dict[str, str | None] = dict.fromkeys(NODE_COLUMNS)
    row |= {"id": node_id, "type": node_type, "name": node_id, "building_id": "b01"}
    return row | {"role": "sensor", "signal": "analog"}


def _series(values: Mapping[str, Sequence[float]]) -> pa.Table:
    rows = [
        {"time": EPOCH + timedelta(minutes=i), "point_id": key, "value": value}
        for key in sorted(values)
        for i, value in enumerate(values[key])
    ]
    plain = pa.schema([("time", TIME_TYPE), ("point_id", pa.string()), ("value", pa.float64())])
    return pa.Table.from_pylist(rows, schema=plain).cast(SERIES_SCHEMA)
