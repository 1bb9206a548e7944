"""The building graph as documents: one per node, with its outgoing relations inside.

The texts are put together by columns, never by rows: a Python object per node would make a load
several times slower than the server that takes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import polars as pl
import pyarrow as pa

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

_TEXT_COLUMNS = tuple(c for c in NODE_COLUMNS if c not in ("id", "type", "properties"))
_ROWS = 1 << 14


def relation_key(relation: Relation) -> str:
    """Name the array of a relation's targets: ``is_metered_by``."""
    return relation.value.lower()


def entities(nodes: pa.Table, edges: pa.Table) -> Iterator[pa.RecordBatch]:
    """Give the rows of the table `entity`, in `ENTITY_SCHEMA` and in order of the nodes.

    A document holds the columns that are not null, ``properties`` as an object, and for each
    relation type the ids it leads to: ``"feeds": [...]``. Where relations have a medium,
    ``"feeds"`` holds all and ``"feeds_by_medium": {"air": [...]}`` says which. Properties of
    relations are in ``relation_properties``.

    Raises:
        DatasetError: `properties` is not a JSON object.
    """
    outgoing = _outgoing(pl.DataFrame(edges))
    for batch in nodes.to_batches(max_chunksize=_ROWS):
        rows = pl.DataFrame(pa.Table.from_batches([batch]))
        _check(rows["properties"])
        documents = rows.join(outgoing, on="id", how="left", maintain_order="left").select(
            "id",
            "type",
            _object(*(_member(name) for name in _TEXT_COLUMNS), _properties(), "relations").alias(
                "doc"
            ),
        )
        yield from documents.to_arrow().cast(ENTITY_SCHEMA).to_batches()


def _outgoing(edges: pl.DataFrame) -> pl.DataFrame:
    """Give by `id` the members of the document that a node's outgoing relations make up."""
    edges = edges.rename({"src_id": "id"})
    members = [
        part
        for (name,), of_type in edges.group_by("rel_type", maintain_order=True)
        for part in _relation_members(relation_key(Relation(name)), of_type)
    ]
    members.append(_described(edges))
    return (
        pl.concat(members)
        .group_by("id", maintain_order=True)
        .agg(pl.col("relations").str.join(","))
    )


def _relation_members(key: str, edges: pl.DataFrame) -> Iterator[pl.DataFrame]:
    # Two media between the same two ends are two relations and one target.
    targets = edges.group_by("id", maintain_order=True).agg(
        pl.col("dst_id").unique(maintain_order=True).alias(key)
    )
    yield targets.select("id", _member(key).alias("relations"))
    by_medium = (
        edges.filter(pl.col("medium").is_not_null())
        .group_by("id", "medium", maintain_order=True)
        .agg("dst_id")
        .select("id", (_text("medium") + ":" + _text("dst_id")).alias("flow"))
        .group_by("id", maintain_order=True)
        .agg(pl.col("flow").str.join(","))
    )
    name = f'"{key}{MEDIUM_SUFFIX}":'
    yield by_medium.select("id", (name + _object("flow")).alias("relations"))


def _described(edges: pl.DataFrame) -> pl.DataFrame:
    described = edges.filter(pl.col("properties").is_not_null())
    _check(described["properties"])
    return (
        described.with_columns(
            pl.col("rel_type").str.to_lowercase().alias("relation"), pl.col("dst_id").alias("to")
        )
        .select(
            "id",
            _object(_member("relation"), _member("to"), _member("medium"), _properties()).alias(
                "description"
            ),
        )
        .group_by("id", maintain_order=True)
        .agg(pl.col("description").str.join(","))
        .select(
            "id",
            pl.concat_str(pl.lit(f'"{RELATION_PROPERTIES}":['), "description", pl.lit("]")).alias(
                "relations"
            ),
        )
    )


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
