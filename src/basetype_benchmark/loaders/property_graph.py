"""A dataset in batches for a property graph, and the Cypher that stores one: the same everywhere.

Nodes by label, relationships by type and the labels of their ends, chunks. A batch becomes the
parameter ``rows`` of its statement: one list per row, in the order of the batch's columns, so that
no name is sent more than once. A null is a property that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from basetype_benchmark.dataset.chunks import chunks
from basetype_benchmark.dataset.export.property_graph import (
    LabelledNodes,
    Relationships,
    labelled_nodes,
    relationships,
)
from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.dataset.reader import Dataset

CHUNK_LABEL = "Chunk"
HAS_CHUNK = "HAS_CHUNK"
_S_PER_DAY = 86_400
_DAY = pa.field("day", pa.int64(), nullable=False)


def node_batches(dataset: Dataset, *, rows: int) -> Iterator[LabelledNodes]:
    """Give all nodes, label by label, at most `rows` at a time.

    Raises:
        DatasetError: the dataset cannot be read, or `properties` is not a JSON object.
    """
    for nodes in labelled_nodes(dataset.nodes()):
        for part in _slices(nodes.rows, rows):
            yield LabelledNodes(label=nodes.label, rows=part)


def relationship_batches(dataset: Dataset, *, rows: int) -> Iterator[Relationships]:
    """Give all relationships, type by type and by the labels of their ends, at most `rows` each.

    Raises:
        DatasetError: the dataset cannot be read, or `properties` is not a JSON object.
    """
    for found in relationships(dataset.nodes(), dataset.edges()):
        for part in _slices(found.rows, rows):
            yield Relationships(
                relation=found.relation, source=found.source, target=found.target, rows=part
            )


def chunk_batches(dataset: Dataset, *, samples: int) -> Iterator[pa.RecordBatch]:
    """Give all chunks, about `samples` samples at a time: more only if one chunk has more.

    Columns are those of `CHUNK_SCHEMA`, with `day` as the epoch seconds of its midnight, int64.

    Raises:
        DatasetError: a file cannot be read.
    """
    for batch in chunks(dataset.series_batches()):
        days = batch.column("day").cast(pa.int32()).to_numpy().astype(np.int64)
        yield from _cut(batch.set_column(1, _DAY, pa.array(days * _S_PER_DAY)), samples)


def row_lists(rows: pa.Table) -> list[list[Any]]:
    """Give each row as a list of Python values: ``rows`` of nodes or relationships."""
    return [list(row) for row in zip(*(c.to_pylist() for c in rows.columns), strict=True)]


def chunk_lists(batch: pa.RecordBatch) -> list[list[Any]]:
    """Give each chunk as a list of Python values: point id, day, n, timestamps, values.

    Ten times as fast as Arrow's own conversion, which makes an object of its own of every number.
    """
    heads = (batch.column(name).to_pylist() for name in ("point_id", "day", "n"))
    lists = (_number_lists(batch.column(name)) for name in ("timestamps", "values"))
    return [list(row) for row in zip(*heads, *lists, strict=True)]


def create_nodes(nodes: LabelledNodes) -> str:
    """Give the statement that stores a batch of nodes."""
    return f"UNWIND $rows AS r CREATE (:{nodes.label}{_properties(nodes.rows.column_names)})"


def create_relationships(found: Relationships) -> str:
    """Give the statement that stores a batch of relationships; their ends are found by index."""
    properties = _properties(found.rows.column_names, first=2)
    return (
        f"UNWIND $rows AS r "
        f"MATCH (a:{found.source} {{id: r[0]}}), (b:{found.target} {{id: r[1]}}) "
        f"CREATE (a)-[:{found.relation}{properties}]->(b)"
    )


CREATE_CHUNKS = (
    f"UNWIND $rows AS r MATCH (p:{NodeType.POINT} {{id: r[0]}}) "
    f"CREATE (p)-[:{HAS_CHUNK}]->(:{CHUNK_LABEL} "
    "{point_id: r[0], day: r[1], n: r[2], timestamps: r[3], values: r[4]})"
)
"""The statement that stores a batch of chunks."""

COUNT_NODES: Mapping[str, str] = {
    label.value: f"MATCH (n:{label}) RETURN count(n) AS found" for label in NodeType
}
"""By label, the statement that counts its nodes."""

COUNT_RELATIONSHIPS: Mapping[str, str] = {
    relation.value: f"MATCH ()-[r:{relation}]->() RETURN count(r) AS found" for relation in Relation
}
"""By type, the statement that counts its relationships."""

COUNT_SAMPLES = (
    f"MATCH (:{NodeType.POINT})-[:{HAS_CHUNK}]->(c:{CHUNK_LABEL}) "
    "RETURN sum(size(c.values)) AS found"
)
"""The statement that counts the samples in all chunks; 0 or null when there is none."""


def _properties(names: list[str], first: int = 0) -> str:
    """Write a map of properties from the places in a row; quoted, as any may be a keyword."""
    pairs = [f"`{name}`: r[{place}]" for place, name in enumerate(names) if place >= first]
    return " {" + ", ".join(pairs) + "}" if pairs else ""


def _number_lists(lists: pa.ListArray) -> list[list[float]]:
    offsets = lists.offsets.to_numpy()
    first = int(offsets[0])
    numbers = lists.values.slice(first, int(offsets[-1]) - first).to_numpy().tolist()
    places = (offsets - first).tolist()
    return [numbers[start:end] for start, end in pairwise(places)]


def _slices(rows: pa.Table, size: int) -> Iterator[pa.Table]:
    for start in range(0, rows.num_rows, size):
        yield rows.slice(start, size)


def _cut(batch: pa.RecordBatch, samples: int) -> Iterator[pa.RecordBatch]:
    ends = np.cumsum(batch.column("n").to_numpy())
    start, sent = 0, 0
    while start < batch.num_rows:
        stop = max(start + 1, int(np.searchsorted(ends, sent + samples, side="right")))
        yield batch.slice(start, stop - start)
        start, sent = stop, int(ends[stop - 1])
