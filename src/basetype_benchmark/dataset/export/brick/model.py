"""The building graph with what decides how Brick says it: the class of every node and end."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from basetype_benchmark.dataset.export import rdf
from basetype_benchmark.dataset.export.brick.vocabulary import (
    DEFAULT_CLASSES,
    DEFAULT_POINT_CLASSES,
)
from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.dataset.reader import Dataset


@dataclass(frozen=True, kw_only=True)
class BrickModel:
    """Nodes and relations, each in the order of the dataset; classes are like ``brick:AHU``.

    `nodes` has the columns of `NODE_SCHEMA` and `class`; `relations` those of `EDGE_SCHEMA` and
    `src_type`, `src_class`, `dst_type`, `dst_class`. A relation to or from a node that is not
    there is left out.
    """

    nodes: pl.DataFrame
    relations: pl.DataFrame


def read_model(dataset: Dataset) -> BrickModel:
    """Read the graph of a dataset.

    Raises:
        DatasetError: a file cannot be read.
    """
    nodes = pl.DataFrame(dataset.nodes())
    nodes = nodes.with_columns(_classes(nodes["brick_class"]))
    ends = nodes.select("id", "type", "class")
    relations = pl.DataFrame(dataset.edges())
    for end in ("src", "dst"):
        relations = relations.join(ends.select(pl.all().name.prefix(f"{end}_")), on=f"{end}_id")
    return BrickModel(nodes=nodes, relations=relations)


def _classes(stated: pl.Series) -> pl.Expr:
    names = {name: _class_name(name) for name in stated.drop_nulls().unique()}
    is_point = pl.col("type") == NodeType.POINT
    by_role = pl.col("role").replace_strict(DEFAULT_POINT_CLASSES, default=None)
    return pl.coalesce(
        stated.replace_strict(names, default=None, return_dtype=pl.String),
        pl.when(is_point).then(by_role),
        pl.col("type").replace_strict(DEFAULT_CLASSES),
    ).alias("class")


def _class_name(stated: str) -> str:
    """Write ``AHU`` and ``rec:Level`` with their prefixes, and what Turtle has none for whole."""
    prefix, _, name = stated.rpartition(":")
    if prefix in ("", "rec") and re.match(rdf.LOCAL_NAME, name):
        return f"{prefix or 'brick'}:{name}"
    return rdf.class_iri(stated)
