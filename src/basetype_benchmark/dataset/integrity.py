"""Whether a graph is one at all: what every reader of a dataset may take for granted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa

from basetype_benchmark.dataset.model import RELATION_ENDS, Medium, NodeType, Relation
from basetype_benchmark.dataset.writer import EDGES_NAME, NODES_NAME
from basetype_benchmark.errors import DatasetError

_RELATION_KEY = ("rel_type", "src_id", "dst_id", "medium")


def check_graph(folder: Path, nodes: pa.Table, edges: pa.Table) -> None:
    """See that ids are unique, types known, and that relations join what they may join.

    `folder` is where the two tables were read; it is for the message alone.

    Raises:
        DatasetError: something is wrong; the file and the first such row are named.
    """
    node_frame, edge_frame = pl.DataFrame(nodes), pl.DataFrame(edges)
    for problem in _node_problems(node_frame):
        raise _damage(folder / NODES_NAME, problem)
    for problem in _edge_problems(node_frame, edge_frame):
        raise _damage(folder / EDGES_NAME, problem)


def _damage(path: Path, problem: str) -> DatasetError:
    return DatasetError(f"{path} is damaged: {problem}; generate the dataset again")


def _node_problems(nodes: pl.DataFrame) -> Iterator[str]:
    if nodes.is_empty():
        yield "it has no nodes"
    doubled = nodes.filter(nodes["id"].is_duplicated())
    if len(doubled):
        yield f"several nodes have the id {doubled['id'][0]!r}"
    strange = nodes.filter(~nodes["type"].is_in(list(NodeType)))
    if len(strange):
        yield f"{strange['id'][0]!r} is of no known type: {strange['type'][0]!r}"


def _edge_problems(nodes: pl.DataFrame, edges: pl.DataFrame) -> Iterator[str]:
    for end in ("src_id", "dst_id"):
        lost = edges.filter(~edges[end].is_in(nodes["id"].implode()))
        if len(lost):
            yield (
                f"{len(lost)} relations lead to nodes that do not exist, the first to "
                f"{lost[end][0]!r}"
            )
    doubled = edges.filter(edges.select(_RELATION_KEY).is_duplicated())
    if len(doubled):
        yield f"{_describe(doubled)} is there twice"
    strange = edges.filter(~edges["rel_type"].is_in(list(Relation)))
    if len(strange):
        yield f"{_describe(strange)} is no known relation"
    wrong = _with_wrong_ends(nodes, edges)
    if len(wrong):
        source, target = wrong["src_type"][0], wrong["dst_type"][0]
        yield f"{_describe(wrong)} joins a {source} and a {target}, which it never does"
    flowing = edges.filter(edges["medium"].is_not_null())
    odd = flowing.filter(
        ~flowing["medium"].is_in(list(Medium)) | (flowing["rel_type"] != Relation.FEEDS)
    )
    if len(odd):
        yield f"{_describe(odd)} cannot have the medium {odd['medium'][0]!r}"


def _with_wrong_ends(nodes: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    types = nodes.select("id", "type")
    allowed = pl.DataFrame(
        [(r.value, *pair) for r, pairs in RELATION_ENDS.items() for pair in pairs],
        schema=["rel_type", "src_type", "dst_type"],
        orient="row",
    )
    return (
        edges.join(types.rename({"id": "src_id", "type": "src_type"}), on="src_id")
        .join(types.rename({"id": "dst_id", "type": "dst_type"}), on="dst_id")
        .join(allowed, on=["rel_type", "src_type", "dst_type"], how="anti")
    )


def _describe(edges: pl.DataFrame) -> str:
    return " ".join(repr(edges[name][0]) for name in ("src_id", "rel_type", "dst_id"))
