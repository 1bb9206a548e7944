"""Nodes and relations while they are being made, and the tables that they become."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

import orjson
import pyarrow as pa

from basetype_benchmark.dataset.model import (
    EDGE_SCHEMA,
    NODE_SCHEMA,
    Medium,
    NodeType,
    Relation,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """One row of ``nodes.parquet``; None where a column does not apply."""

    id: str
    type: NodeType
    name: str
    building_id: str | None = None
    floor_id: str | None = None
    space_id: str | None = None
    equipment_type: str | None = None
    domain: str | None = None
    space_type: str | None = None
    zone_kind: str | None = None
    end_use: str | None = None
    brick_class: str | None = None
    point_type: str | None = None
    quantity: str | None = None
    unit: str | None = None
    role: str | None = None
    signal: str | None = None
    properties: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """One row of ``edges.parquet``; they sort as the file does."""

    rel_type: Relation
    src_id: str
    dst_id: str
    medium: Medium | None = field(default=None, compare=False)
    properties: str | None = field(default=None, compare=False)


@dataclass(kw_only=True)
class Draft:
    """Collects nodes and relations in any order."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def add(self, node: Node) -> None:
        """Add one node."""
        self.nodes.append(node)

    def relate(
        self, relation: Relation, src_id: str, dst_id: str, medium: Medium | None = None
    ) -> None:
        """Add one relation."""
        self.edges.append(Edge(relation, src_id, dst_id, medium))


def properties_json(properties: object) -> str:
    """Write properties as compact JSON with sorted keys; a dataclass gives an object."""
    return orjson.dumps(properties, option=orjson.OPT_SORT_KEYS).decode()


def node_table(nodes: Iterable[Node]) -> pa.Table:
    """Make the table of nodes, sorted by id."""
    return _table(sorted(nodes, key=attrgetter("id")), NODE_SCHEMA)


def edge_table(edges: Iterable[Edge]) -> pa.Table:
    """Make the table of relations, sorted by relation and ends."""
    return _table(sorted(edges), EDGE_SCHEMA)


def _table(rows: list[Node] | list[Edge], schema: pa.Schema) -> pa.Table:
    columns = [
        pa.array([getattr(row, name) for row in rows], type=pa.string()) for name in schema.names
    ]
    return pa.Table.from_arrays(columns, schema=schema)
