"""The graph of a dataset as look-ups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl
import pyarrow as pa

from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.dataset.model import NodeType, Relation

Row = Mapping[str, Any]
_COLUMNS = (
    "id",
    "type",
    "building_id",
    "space_id",
    "end_use",
    "unit",
    "role",
    "signal",
    "properties",
)


@dataclass(frozen=True, kw_only=True)
class GraphFacts:
    """Nodes by id, and where relations lead from and to them, in order of id."""

    manifest: Manifest
    nodes: Mapping[str, Row]
    edges: pl.DataFrame
    _targets: Mapping[tuple[str, str], list[str]]
    _sources: Mapping[tuple[str, str], list[str]]

    def of_type(self, kind: NodeType) -> list[str]:
        """Ids of the nodes of a type."""
        return [node_id for node_id, row in self.nodes.items() if row["type"] == kind]

    def targets(self, relation: Relation, node_id: str) -> list[str]:
        """Where a relation leads from a node."""
        return self._targets.get((relation, node_id), [])

    def sources(self, relation: Relation, node_id: str) -> list[str]:
        """Where a relation to a node comes from."""
        return self._sources.get((relation, node_id), [])

    def properties(self, node_id: str) -> Mapping[str, Any]:
        """Properties of a node."""
        content: Mapping[str, Any] = orjson.loads(self.nodes[node_id]["properties"] or "{}")
        return content

    def pairs(self, relation: Relation) -> list[tuple[str, str]]:
        """All pairs that a relation joins."""
        chosen = self.edges.filter(pl.col("rel_type") == relation.value)
        return list(chosen.select("src_id", "dst_id").iter_rows())

    def wholes(self, node_id: str) -> Iterator[str]:
        """What a node is part of, from the inside out; stops where a circle closes."""
        seen = {node_id}
        while above := self.sources(Relation.HAS_PART, node_id):
            node_id = above[0]
            if node_id in seen:
                return
            seen.add(node_id)
            yield node_id


def read_graph(nodes: pa.Table, edges: pa.Table, manifest: Manifest) -> GraphFacts:
    """Make look-ups of the tables of a dataset."""
    frame = pl.DataFrame(edges)
    ordered = frame.select("rel_type", "src_id", "dst_id").sort("rel_type", "src_id", "dst_id")
    targets: dict[tuple[str, str], list[str]] = {}
    sources: dict[tuple[str, str], list[str]] = {}
    for relation, source, target in ordered.iter_rows():
        targets.setdefault((relation, source), []).append(target)
        sources.setdefault((relation, target), []).append(source)
    return GraphFacts(
        manifest=manifest,
        nodes={
            row["id"]: row for row in pl.DataFrame(nodes).select(_COLUMNS).iter_rows(named=True)
        },
        edges=frame,
        _targets=targets,
        _sources=sources,
    )
