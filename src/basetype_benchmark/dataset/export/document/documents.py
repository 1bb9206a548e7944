"""The building graph as documents: one per node, with its outgoing relations inside.

The texts are put together by columns, never by rows: a Python object per node would make a load
several times slower than the server that takes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from basetype_benchmark.dataset.model import NODE_COLUMNS, Relation
from basetype_benchmark.errors import DatasetError

ENTITY_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("doc", pa.string(), nullable=False),
    ]
)
"""One row per node; `doc` is a JSON object."""

MEDIUM_SUFFIX = "_by_medium"
RELATION_PROPERTIES = "relation_properties"

_MEMBERS = tuple(name for name in NODE_COLUMNS if name not in ("id", "type"))
_ROWS = 1 << 11


def relation_key(relation: Relation) -> str:
    """Name the array of a relation's targets: ``is_metered_by``."""
    return relation.value.lower()


def entities(nodes: pa.Table, edges: pa.Table) -> Iterator[pa.RecordBatch]:
    """Give the rows of the table `entity`, in `ENTITY_SCHEMA` and in order of the nodes.

    A document holds the columns that are not null, ``properties`` as an object, and for each
    relation type the ids it leads to: ``"feeds": [...]``. Where relations have a medium,
    ``"feeds"`` holds all and ``"feeds_by_medium": {"air": [...]}`` says which. Properties of
    relations are in ``relation_properties``.

    Of a column that is a dictionary each text is written once. Batches are small: a load sends
    the first while the others are made.

    Raises:
        DatasetError: `properties` is not a JSON object.
    """
    relations = _relations(nodes["id"], pl.DataFrame(edges))
    for name in _MEMBERS:
        place = nodes.column_names.index(name)
        nodes = nodes.set_column(place, name, _written_once(nodes[name], name))
    for rows in nodes.append_column("relations", relations).to_batches(max_chunksize=_ROWS):
        yield _documents(rows)


def _relations(ids: pa.ChunkedArray, edges: pl.DataFrame) -> pa.Array:
    """Give, for each id, the members that its outgoing relations make up; null where none."""
    found = pl.DataFrame({"id": pl.Series(ids)}).join(
        _outgoing(edges), on="id", how="left", maintain_order="left"
    )
    return _arrow(found["relations"])


def _written_once(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    if not pa.types.is_dictionary(column.type):
        return column
    chunks = [
        pa.DictionaryArray.from_arrays(chunk.indices, _written(chunk.dictionary, name))
        for chunk in column.chunks
    ]
    return pa.chunked_array(chunks, pa.dictionary(column.type.index_type, pa.large_string()))


def _documents(rows: pa.RecordBatch) -> pa.RecordBatch:
    members = [_members(rows[name], name) for name in _MEMBERS]
    begin, comma, end, nothing = (
        pa.scalar(text, pa.large_string()) for text in ("{", ",", "}", "")
    )
    body = pc.binary_join_element_wise(*members, rows["relations"], comma, null_handling="skip")
    documents = pc.binary_join_element_wise(begin, body, end, nothing)
    return pa.record_batch({"id": rows["id"], "type": rows["type"], "doc": documents}).cast(
        ENTITY_SCHEMA
    )


def _members(column: pa.Array, name: str) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    return _written(column, name)


def _written(values: pa.Array, name: str) -> pa.Array:
    """Write ``"name":value`` for each; null where it is null."""
    texts = pl.DataFrame({name: pl.Series(values)})
    if name != "properties":
        return _arrow(texts.select(_member(name)).to_series())
    _check(texts[name])
    return _arrow(texts.select(_properties()).to_series())


def _arrow(texts: pl.Series) -> pa.Array:
    return texts.to_arrow(compat_level=pl.CompatLevel.oldest())


def _outgoing(edges: pl.DataFrame) -> pl.DataFrame:
    """Give by `id` the members of the document that a node's outgoing relations make up."""
    edges = edges.rename({"src_id": "id"})
    members = [
        part
        for (name,), of_type in edges.group_by("rel_type", maintain_order=True)
        for part in _relation_members(relation_key(Relation(name)), of_type)
    ]
    members.append(_described(edges))
    return _joined(pl.concat(members), "relations")


def _joined(texts: pl.DataFrame, column: str) -> pl.DataFrame:
    """Give by `id` the texts of a column with commas between; thrice as fast as `str.join`."""
    lists = texts.group_by("id", maintain_order=True).agg(column)
    return lists.with_columns(pl.col(column).list.join(","))


def _relation_members(key: str, edges: pl.DataFrame) -> Iterator[pl.DataFrame]:
    # Two media between the same two ends are two relations and one target.
    targets = edges.group_by("id", maintain_order=True).agg(
        pl.col("dst_id").unique(maintain_order=True).alias(key)
    )
    yield targets.select("id", _member(key).alias("relations"))
    with_medium = edges.filter(pl.col("medium").is_not_null())
    if with_medium.is_empty():
        return
    flows = (
        with_medium.group_by("id", "medium", maintain_order=True)
        .agg("dst_id")
        .select("id", (_text("medium") + ":" + _text("dst_id")).alias("flow"))
    )
    name = f'"{key}{MEDIUM_SUFFIX}":'
    yield _joined(flows, "flow").select("id", (name + _object("flow")).alias("relations"))


def _described(edges: pl.DataFrame) -> pl.DataFrame:
    described = edges.filter(pl.col("properties").is_not_null())
    _check(described["properties"])
    descriptions = described.with_columns(
        pl.col("rel_type").str.to_lowercase().alias("relation"), pl.col("dst_id").alias("to")
    ).select(
        "id",
        _object(_member("relation"), _member("to"), _member("medium"), _properties()).alias(
            "description"
        ),
    )
    members = pl.concat_str(pl.lit(f'"{RELATION_PROPERTIES}":['), "description", pl.lit("]"))
    return _joined(descriptions, "description").select("id", members.alias("relations"))


def _object(*members: str | pl.Expr) -> pl.Expr:
    """Write an object of those members that are not null."""
    return "{" + pl.concat_str(members, separator=",", ignore_nulls=True) + "}"


def _member(column: str) -> pl.Expr:
    """Write ``"name":"value"``; null where the value is."""
    written = pl.struct(column).struct.json_encode().str.slice(1).str.head(-1)
    return pl.when(pl.col(column).is_not_null()).then(written)


def _text(column: str) -> pl.Expr:
    """Write the value alone, as JSON."""
    name = len(f'"{column}":')
    return _member(column).str.slice(name)


def _properties() -> pl.Expr:
    """Keep the properties to the letter: no number is rewritten."""
    return '"properties":' + pl.col("properties")


def _check(properties: pl.Series) -> None:
    for text in properties.drop_nulls().unique(maintain_order=True):
        try:
            is_object = isinstance(json.loads(text), dict)
        except json.JSONDecodeError:
            is_object = False
        if not is_object:
            raise DatasetError(
                f"the properties {text[:80]!r} are not a JSON object; generate the dataset again"
            )
