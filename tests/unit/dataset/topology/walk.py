"""A built graph as look-ups, for assertions."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.topology import build_graph

Row = dict[str, Any]


@dataclass(frozen=True)
class Walk:
    graph: Graph
    nodes: dict[str, Row]
    edges: list[Row]
    ahead: dict[tuple[str, str], list[str]]
    behind: dict[tuple[str, str], list[str]]

    def of_type(self, node_type: str, **columns: str) -> list[str]:
        return [
            node_id
            for node_id, row in self.nodes.items()
            if row["type"] == node_type and all(row[name] == columns[name] for name in columns)
        ]

    def targets(self, relation: str, node_id: str) -> list[str]:
        return self.ahead.get((relation, node_id), [])

    def sources(self, relation: str, node_id: str) -> list[str]:
        return self.behind.get((relation, node_id), [])

    def properties(self, node_id: str) -> Row:
        found: Row = json.loads(self.nodes[node_id]["properties"])
        return found

    def points(self, owners: Iterable[str], point_type: str) -> list[str]:
        return [
            point
            for owner in owners
            for point in self.targets("HAS_POINT", owner)
            if self.nodes[point]["point_type"] == point_type
        ]

    def below(self, start: str, *relations: str) -> set[str]:
        found: set[str] = set()
        waiting = [start]
        while waiting:
            node = waiting.pop()
            fresh = {n for name in relations for n in self.targets(name, node)} - found
            found |= fresh
            waiting += fresh
        return found

    def spaces_served(self, node_ids: Iterable[str]) -> set[str]:
        served = {target for node in node_ids for target in self.targets("SERVES", node)}
        zones = {node for node in served if self.nodes[node]["type"] == "Zone"}
        inside = {space for zone in zones for space in self.targets("CONTAINS", zone)}
        return (served - zones) | inside

    def edges_of(self, relation: str) -> list[tuple[str, str]]:
        return [(e["src_id"], e["dst_id"]) for e in self.edges if e["rel_type"] == relation]


def walk(graph: Graph) -> Walk:
    edges = graph.edges.to_pylist()
    ahead: dict[tuple[str, str], list[str]] = defaultdict(list)
    behind: dict[tuple[str, str], list[str]] = defaultdict(list)
    for edge in edges:
        ahead[edge["rel_type"], edge["src_id"]].append(edge["dst_id"])
        behind[edge["rel_type"], edge["dst_id"]].append(edge["src_id"])
    nodes = {row["id"]: row for row in graph.nodes.to_pylist()}
    return Walk(graph, nodes, edges, dict(ahead), dict(behind))


@cache
def shipped(scale: str, seed: int = 42) -> Walk:
    return walk(build_graph(find_profile(f"{scale}-2d"), seed))
