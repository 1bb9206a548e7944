"""The arguments of ``GRAPH.BULK``, the command of FalkorDB's own bulk loader.

It takes tables in binary form: a head with the label or type and the names of the properties, then
row after row the values, each with a byte for its type. Nodes are numbered in the order in which a
new graph gets them; a relationship names its ends by these numbers. Rows are put together by
columns, in Arrow: to do it value by value would take the client longer than the server.

The format is not documented; it was tried on FalkorDB 4.16. What has arrived is counted afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from basetype_benchmark.errors import LoadError

Arguments = list[bytes | int]
"""Numbers of nodes, relationships, tables of nodes and tables of relationships, then the tables."""

_NULL, _BOOL, _DOUBLE, _TEXT, _INTEGER, _LIST = (bytes([tag]) for tag in range(6))
_JOINED = b""
_CELL_BYTES = 9


def node_arguments(label: str, rows: pa.Table) -> Arguments:
    """Give the arguments that create nodes with the columns of `rows` as their properties.

    Raises:
        LoadError: a text holds a null character, which FalkorDB cannot.
    """
    return [rows.num_rows, 0, 1, 0, _head(label, rows.column_names) + _body(_columns(rows))]


def relationship_arguments(relation: str, rows: pa.Table, numbers: Mapping[str, int]) -> Arguments:
    """Give the arguments that create relationships; `numbers` are of nodes by their ids.

    The first two columns of `rows` are the ids of the ends, the others the properties.

    Raises:
        LoadError: a text holds a null character, which FalkorDB cannot.
    """
    ends = _ends(*(node_numbers(rows.column(place), numbers) for place in (0, 1)))
    properties = rows.drop_columns(rows.column_names[:2])
    table = _head(relation, properties.column_names) + _body([ends, *_columns(properties)])
    return [0, rows.num_rows, 0, 1, table]


def chunk_arguments(
    label: str, relation: str, chunks: pa.RecordBatch, points: npt.NDArray[np.uint64], first: int
) -> Arguments:
    """Give the arguments that create chunks, and from each of `points` the relationship to its own.

    `points` are the numbers of the chunks' points, `first` is the number of the first chunk.
    """
    numbers = np.arange(first, first + chunks.num_rows, dtype=np.uint64)
    table = _head(label, chunks.schema.names) + _body(_columns(chunks))
    relationships = _head(relation, []) + _body([_ends(points, numbers)])
    return [chunks.num_rows, chunks.num_rows, 1, 1, table, relationships]


def node_numbers(ids: pa.Array, numbers: Mapping[str, int]) -> npt.NDArray[np.uint64]:
    """Look up the numbers of nodes."""
    return np.fromiter(map(numbers.__getitem__, ids.to_pylist()), np.uint64, len(ids))


def _head(name: str, properties: Sequence[str]) -> bytes:
    texts = b"".join(text.encode() + b"\0" for text in properties)
    return name.encode() + b"\0" + len(properties).to_bytes(4, "little") + texts


def _body(columns: Sequence[pa.Array]) -> bytes:
    """Join columns of encoded values row by row; Arrow holds the rows one after the other."""
    rows = columns[0]
    if len(columns) > 1:
        rows = pc.binary_join_element_wise(*columns, _JOINED)
    _, offsets, data = rows.buffers()
    places = np.frombuffer(offsets, np.int32)[rows.offset : rows.offset + len(rows) + 1]
    start, end = int(places[0]), int(places[-1])
    return b"" if data is None else data.slice(start, end - start).to_pybytes()


def _columns(rows: pa.Table | pa.RecordBatch) -> list[pa.Array]:
    """Encode the values of each column, each with its type; a null is a byte alone."""
    columns = []
    for field, column in zip(rows.schema, rows.columns, strict=True):
        cells = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        columns.append(_cells(field, cells))
    return columns


def _cells(field: pa.Field, cells: pa.Array) -> pa.Array:
    kind = field.type
    if pa.types.is_string(kind):
        encoded = _texts(field.name, cells)
    elif pa.types.is_list(kind):
        encoded = _lists(field, cells)
    elif pa.types.is_boolean(kind):
        encoded = pc.if_else(cells, _BOOL + b"\1", _BOOL + b"\0")
    elif pa.types.is_int64(kind):
        encoded = _numbers(_INTEGER, cells.fill_null(0).to_numpy(), "<i8")
    elif pa.types.is_float64(kind):
        encoded = _numbers(_DOUBLE, cells.fill_null(0.0).to_numpy(), "<f8")
    else:
        raise LoadError(f"FalkorDB is not loaded with values of type {kind}: {field.name}")
    if cells.null_count == 0:
        return encoded
    return pc.if_else(cells.is_valid(), encoded, _NULL)


def _texts(name: str, cells: pa.Array) -> pa.Array:
    if pc.any(pc.match_substring(cells, "\0")).as_py():
        raise LoadError(
            f"a text of the property {name} holds a null character, which FalkorDB cannot hold; "
            "take it out of the dataset"
        )
    return pc.binary_join_element_wise(_TEXT, cells.cast(pa.binary()), b"\0", _JOINED)


def _numbers(tag: bytes, values: npt.NDArray[np.generic], kind: str) -> pa.Array:
    return _fixed(_tagged(tag, values, kind), len(values), _CELL_BYTES)


def _tagged(tag: bytes, values: npt.NDArray[np.generic], kind: str) -> npt.NDArray[np.void]:
    cells = np.empty(len(values), np.dtype([("tag", "u1"), ("value", kind)]))
    cells["tag"], cells["value"] = tag[0], values
    return cells


def _lists(field: pa.Field, lists: pa.Array) -> pa.Array:
    lengths = pc.list_value_length(lists).fill_null(0).to_numpy()
    heads = _numbers(_LIST, lengths, "<u8")
    offsets = lists.offsets.to_numpy()
    first, count = int(offsets[0]), int(offsets[-1] - offsets[0])
    inner = _cells(lists.type.value_field, lists.values.slice(first, count))
    return pc.binary_join_element_wise(heads, _regrouped(inner, offsets - first), _JOINED)


def _regrouped(cells: pa.Array, offsets: npt.NDArray[np.int32]) -> pa.Array:
    """Let each list's cells, which lie one after the other, be one value."""
    _, places, data = cells.buffers()
    bounds = np.frombuffer(places, np.int32)[cells.offset :][offsets]
    return pa.Array.from_buffers(
        pa.binary(), len(offsets) - 1, [None, pa.py_buffer(np.ascontiguousarray(bounds)), data]
    )


def _ends(sources: npt.NDArray[np.uint64], targets: npt.NDArray[np.uint64]) -> pa.Array:
    pairs = np.column_stack([sources, targets]).astype("<u8")
    return _fixed(pairs, len(sources), 16)


def _fixed(cells: npt.NDArray[np.generic], count: int, size: int) -> pa.Array:
    """Take rows of `size` bytes each as binary values."""
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(size)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(cells))]
    return pa.Array.from_buffers(pa.binary(), count, buffers)
