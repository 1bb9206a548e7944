"""The binary tables, read back by a small reader of the format."""

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.errors import LoadError
from basetype_benchmark.loaders.falkordb_bulk import (
    chunk_arguments,
    node_arguments,
    relationship_arguments,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
LISTS = pa.list_(pa.string())
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("count", pa.int64()),
        ("power", pa.float64()),
        ("is_on", pa.bool_()),
        ("tags", LISTS),
    ]
)
ROWS = st.lists(
    st.tuples(
        TEXTS,
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.floats(allow_nan=False),
        st.none() | st.booleans(),
        st.none() | st.lists(TEXTS, max_size=3),
    ),
    min_size=1,
    max_size=8,
)


class Reader:
    """Takes a table apart, from its first byte."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def head(self) -> tuple[str, list[str]]:
        name = self._text()
        return name, [self._text() for _ in range(self._number("<I"))]

    def ends(self) -> tuple[int, int]:
        return self._number("<Q"), self._number("<Q")

    def value(self) -> Any:
        match self._number("<B"):
            case 0:
                return None
            case 1:
                return bool(self._number("<B"))
            case 2:
                return self._number("<d")
            case 3:
                return self._text()
            case 4:
                return self._number("<q")
            case 5:
                return [self.value() for _ in range(self._number("<Q"))]
        raise AssertionError

    def rows(self, width: int) -> Iterator[tuple[Any, ...]]:
        while self._place < len(self._data):
            yield tuple(self.value() for _ in range(width))

    def _text(self) -> str:
        end = self._data.index(b"\0", self._place)
        text = self._data[self._place : end].decode()
        self._place = end + 1
        return text

    def _number(self, kind: str) -> Any:
        (number,) = struct.unpack_from(kind, self._data, self._place)
        self._place += struct.calcsize(kind)
        return number


@given(ROWS, st.integers(0, 3))
def test_nodes_are_read_back_as_they_are_in_the_table(
    rows: list[tuple[Any, ...]], skipped: int
) -> None:
    cells = zip(*rows, strict=True)
    columns = [pa.array(c, f.type) for c, f in zip(cells, SCHEMA, strict=True)]
    table = pa.table(columns, schema=SCHEMA).slice(skipped)
    nodes, relationships, labels, types, data = node_arguments("Point", table)
    assert (nodes, relationships, labels, types) == (table.num_rows, 0, 1, 0)
    reader = Reader(data)
    assert reader.head() == ("Point", SCHEMA.names)
    assert list(reader.rows(len(SCHEMA))) == rows[skipped:]


def test_relationships_name_their_ends_by_number() -> None:
    table = pa.table({"src_id": ["a", "b"], "dst_id": ["b", "c"], "medium": ["air", None]})
    counts = relationship_arguments("FEEDS", table, {"a": 0, "b": 7, "c": 2**33})
    assert counts[:4] == [0, 2, 0, 1]
    reader = Reader(counts[4])
    assert reader.head() == ("FEEDS", ["medium"])
    assert (reader.ends(), reader.value()) == ((0, 7), "air")
    assert (reader.ends(), reader.value()) == ((7, 2**33), None)


def test_relationships_without_properties_are_ends_alone() -> None:
    table = pa.table({"src_id": ["a"], "dst_id": ["b"]})
    data = relationship_arguments("SERVES", table, {"a": 1, "b": 2})[4]
    assert data == b"SERVES\0\0\0\0\0" + struct.pack("<QQ", 1, 2)


def test_chunks_follow_the_nodes_and_hang_on_their_points() -> None:
    chunks = pa.record_batch(
        {
            "point_id": ["p", "q", "p"],
            "values": pa.array([[1.5], [], [2.5, 1e300]], pa.list_(pa.float64())),
        }
    ).slice(1)
    points = np.array([4, 3], np.uint64)
    *counts, table, relationships = chunk_arguments("Chunk", "HAS_CHUNK", chunks, points, first=9)
    assert counts == [2, 2, 1, 1]
    reader = Reader(table)
    assert reader.head() == ("Chunk", ["point_id", "values"])
    assert list(reader.rows(2)) == [("q", []), ("p", [2.5, 1e300])]
    ends = Reader(relationships)
    assert ends.head() == ("HAS_CHUNK", [])
    assert [ends.ends(), ends.ends()] == [(4, 9), (3, 10)]


@pytest.mark.parametrize(
    "cells", [pa.array(["a\0b"]), pa.array([["x"], ["\0"]], LISTS)], ids=["text", "list"]
)
def test_a_null_character_is_refused_with_the_property(cells: pa.Array) -> None:
    with pytest.raises(LoadError, match="a text of the property") as caught:
        node_arguments("Point", pa.table({"name": cells}))
    assert "\n" not in str(caught.value)
