"""The graph cut into buildings, as look-ups: the only place that walks its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import Medium, NodeType, Relation
from basetype_benchmark.dataset.parts import SITE_PARTITION

Row = Mapping[str, Any]


@dataclass(kw_only=True)
class Plan:
    """Nodes and relations of one building, or of the site for what has no building."""

    id: str
    nodes: dict[str, Row] = field(default_factory=dict)
    properties: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _targets: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _sources: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _fed: dict[str, list[str]] = field(default_factory=dict)

    def nodes_of(self, kind: NodeType) -> list[str]:
        """Ids of the nodes of a type."""
        wanted = kind.value
        return [node_id for node_id, row in self.nodes.items() if row["type"] == wanted]

    def targets(self, relation: Relation, node_id: str) -> tuple[str, ...]:
        """Where a relation leads from a node, in order of id."""
        return tuple(self._targets.get((relation.value, node_id), ()))

    def sources(self, relation: Relation, node_id: str) -> tuple[str, ...]:
        """Where a relation to a node comes from, in order of id."""
        return tuple(self._sources.get((relation.value, node_id), ()))

    def fed_by(self, node_id: str) -> tuple[str, ...]:
        """Give what takes electricity from a node, in order of id."""
        return tuple(self._fed.get(node_id, ()))

    def has_part_above(self, node_id: str) -> bool:
        """Whether the node is part of another."""
        return bool(self.sources(Relation.HAS_PART, node_id))

    def add_edge(self, edge: Row) -> None:
        """Add one relation."""
        source, target, relation = edge["src_id"], edge["dst_id"], edge["rel_type"]
        self._targets.setdefault((relation, source), []).append(target)
        self._sources.setdefault((relation, target), []).append(source)
        if relation == Relation.FEEDS and edge["medium"] in (None, Medium.ELECTRICITY):
            self._fed.setdefault(source, []).append(target)


def read_plans(graph: Graph) -> list[Plan]:
    """Cut a graph into its buildings and the site, in order of id."""
    plans: dict[str, Plan] = {}
    home: dict[str, Plan] = {}
    for row in graph.nodes.to_pylist():
        building_id = row["id"] if row["type"] == NodeType.BUILDING else row["building_id"]
        plan = plans.setdefault(
            building_id or SITE_PARTITION, Plan(id=building_id or SITE_PARTITION)
        )
        plan.nodes[row["id"]] = row
        plan.properties[row["id"]] = orjson.loads(row["properties"] or "{}")
        home[row["id"]] = plan
    for edge in graph.edges.to_pylist():
        source, target = home.get(edge["src_id"]), home.get(edge["dst_id"])
        if source is not None:
            source.add_edge(edge)
        if target is not None and target is not source:
            target.add_edge(edge)
    return [plans[plan_id] for plan_id in sorted(plans)]


def number_of(properties: Mapping[str, Any], key: str, default: float) -> float:
    """Read a number of a node's properties; `default` where it has none."""
    value = properties.get(key)
    return float(value) if isinstance(value, int | float) else default
