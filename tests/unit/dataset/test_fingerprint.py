"""The fingerprint sees content and nothing else."""

import math

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basetype_benchmark.dataset.fingerprint import combine_digests, digest_graph, digest_series
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import EDGE_SCHEMA, NODE_SCHEMA, SERIES_SCHEMA, TIME_TYPE

ROWS = [("a", 0, 1.5), ("a", 1000, 2.0), ("b", 0, 1.5)]


def table(rows, dictionary=None) -> pa.Table:
    ids = [row[0] for row in rows]
    names = dictionary or sorted(set(ids))
    return pa.Table.from_arrays(
        [
            pa.array([row[1] for row in rows], pa.int64()).cast(TIME_TYPE),
            pa.DictionaryArray.from_arrays(
                pa.array([names.index(name) for name in ids], pa.int32()), pa.array(names)
            ),
            pa.array([row[2] for row in rows], pa.float64()),
        ],
        schema=SERIES_SCHEMA,
    )


def test_order_of_dictionary_and_chunks_do_not_count():
    whole = digest_series(table(ROWS))
    assert digest_series(table(ROWS, dictionary=["z", "b", "a"])) == whole
    assert digest_series(pa.concat_tables([table(ROWS[:1]), table(ROWS[1:])])) == whole


@pytest.mark.parametrize(
    "changed",
    [
        [("a", 0, 1.5), ("a", 1000, 2.0), ("c", 0, 1.5)],
        [("a", 0, 1.5), ("a", 1001, 2.0), ("b", 0, 1.5)],
        [("a", 0, 1.5), ("a", 1000, 2.0000001), ("b", 0, 1.5)],
        [("a", 0, 1.5), ("b", 0, 1.5), ("b", 1000, 2.0)],
        ROWS[:2],
    ],
    ids=["id", "time", "value", "owner", "lost"],
)
def test_any_change_counts(changed):
    assert digest_series(table(changed)) != digest_series(table(ROWS))


def test_zeros_and_nans_are_one_each():
    def digest(value: float) -> bytes:
        return digest_series(table([("a", 0, value)]))

    assert digest(0.0) == digest(-0.0)
    assert digest(math.nan) == digest(-math.nan)
    assert digest(math.nan) != digest(0.0)


def test_no_rows_have_a_digest():
    assert digest_series(SERIES_SCHEMA.empty_table()) != digest_series(table(ROWS))


def test_rows_of_the_graph_may_come_in_any_order():
    rows = [{"id": name, "type": "Point", "name": name} for name in ("a", "b")]
    edges = EDGE_SCHEMA.empty_table()
    graphs = [
        Graph(nodes=pa.Table.from_pylist(order, schema=NODE_SCHEMA), edges=edges, ghosts=())
        for order in (rows, rows[::-1], rows[:1])
    ]
    assert digest_graph(graphs[0]) == digest_graph(graphs[1])
    assert digest_graph(graphs[0]) != digest_graph(graphs[2])


@settings(deadline=None)
@given(
    st.permutations([("b01", "2024-01-01", b"x"), ("b01", "2024-01-02", b"y"), ("s", "d", b"z")])
)
def test_parts_combine_in_any_order(parts):
    assert combine_digests(b"graph", parts) == combine_digests(b"graph", sorted(parts))
    assert combine_digests(b"graph", parts) != combine_digests(b"graph", parts[1:])
