"""The graph of a dataset as plain dictionaries, and the walks that the questions need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from basetype_benchmark.dataset.integrity import check_graph
from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.dataset.reader import Dataset

_Adjacency = Mapping[str, Sequence[str]]


class NodeRow(NamedTuple):
    """One node: the columns that the questions ask for, None where they do not apply."""

    id: str
    type: str
    name: str
    building_id: str | None
    floor_id: str | None
    equipment_type: str | None
    domain: str | None
    space_type: str | None
    zone_kind: str | None
    end_use: str | None
    point_type: str | None
    quantity: str | None
    unit: str | None
    role: str | None
    signal: str | None


class BuildingGraph:
    """All nodes and relations of a dataset, in memory."""

    def __init__(self, dataset: Dataset) -> None:
        """Read the graph.

        Raises:
            DatasetError: a file cannot be read, or what it holds is no graph.
        """
        table, relations = dataset.nodes(), dataset.edges()
        check_graph(dataset.folder, table, relations)
        columns = [table.column(name).to_pylist() for name in NodeRow._fields]
        self.nodes = {row[0]: NodeRow(*row) for row in zip(*columns, strict=True)}
        self._by_type: dict[str, list[NodeRow]] = defaultdict(list)
        for node in self.nodes.values():
            self._by_type[node.type].append(node)
        self._outgoing, self._incoming = _adjacency(relations)

    def of_type(self, node_type: NodeType) -> Sequence[NodeRow]:
        """All nodes of a type, by id."""
        return self._by_type.get(node_type.value, ())

    def find(self, node_id: str, node_type: NodeType) -> NodeRow | None:
        """Look up a node of a type; None when the id is unknown or of another type."""
        node = self.nodes.get(node_id)
        return node if node is not None and node.type == node_type else None

    def outgoing(self, relation: Relation, node_id: str) -> Sequence[str]:
        """Ids that the node points to by a relation."""
        return self._outgoing[relation].get(node_id, ())

    def incoming(self, relation: Relation, node_id: str) -> Sequence[str]:
        """Ids that point to the node by a relation."""
        return self._incoming[relation].get(node_id, ())

    def reachable(
        self, start: str, relations: Iterable[Relation], max_hops: int | None = None
    ) -> set[str]:
        """All ids one or more hops downstream of `start`, over any mix of the relations."""
        links = [self._outgoing[relation] for relation in relations]
        found: set[str] = set()
        frontier = {start}
        hops = 0
        while frontier and (max_hops is None or hops < max_hops):
            beyond = {near for node in frontier for link in links for near in link.get(node, ())}
            frontier = beyond - found
            found |= frontier
            hops += 1
        return found

    def served_spaces(self, equipment_ids: Iterable[str]) -> set[str]:
        """Spaces that any of the equipment serves, directly or through a zone around them."""
        spaces: set[str] = set()
        for equipment_id in equipment_ids:
            for target in self.outgoing(Relation.SERVES, equipment_id):
                spaces.update(self._spaces_at(self.nodes[target]))
        return spaces

    def contained_spaces(self, place_id: str) -> list[str]:
        """Spaces that a floor or a zone contains."""
        contained = self.outgoing(Relation.CONTAINS, place_id)
        return [key for key in contained if self.nodes[key].type == NodeType.SPACE]

    def points_of(self, owner_id: str) -> list[NodeRow]:
        """Points that the node has itself."""
        return [self.nodes[key] for key in self.outgoing(Relation.HAS_POINT, owner_id)]

    def _spaces_at(self, target: NodeRow) -> Sequence[str]:
        if target.type == NodeType.SPACE:
            return (target.id,)
        return self.contained_spaces(target.id)


def _adjacency(
    relations: pa.Table,
) -> tuple[Mapping[Relation, _Adjacency], Mapping[Relation, _Adjacency]]:
    outgoing: dict[Relation, dict[str, list[str]]] = {r: {} for r in Relation}
    incoming: dict[Relation, dict[str, list[str]]] = {r: {} for r in Relation}
    table = relations.select(["rel_type", "src_id", "dst_id"])
    for name, source, target in zip(*(c.to_pylist() for c in table.columns), strict=True):
        relation = Relation(name)
        outgoing[relation].setdefault(source, []).append(target)
        incoming[relation].setdefault(target, []).append(source)
    return outgoing, incoming
