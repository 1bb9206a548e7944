"""Invariants of HAS_PART and HAS_POINT: what belongs to what."""

from __future__ import annotations

from collections import Counter

from basetype_benchmark.dataset.invariants.finding import Finding, Violation, found
from basetype_benchmark.dataset.invariants.invariant import GraphInvariant
from basetype_benchmark.dataset.invariants.relations import GraphFacts
from basetype_benchmark.dataset.model import NodeType, Relation

DEEPEST = 3


def _check_parts(graph: GraphFacts) -> Finding:
    parts = sorted({part for _, part in graph.pairs(Relation.HAS_PART)})
    wrong = []
    for part in parts:
        wholes = graph.sources(Relation.HAS_PART, part)
        depth = sum(1 for _ in graph.wholes(part))
        if len(wholes) > 1:
            wrong.append(Violation(subject=part, what=f"is part of {' and '.join(wholes)}"))
        elif depth > DEEPEST:
            wrong.append(Violation(subject=part, what=f"is {depth} deep, {DEEPEST} at most"))
        elif part in graph.targets(Relation.HAS_PART, part) or _circles(graph, part):
            wrong.append(Violation(subject=part, what="is part of itself"))
    return found(len(parts), wrong)


def _circles(graph: GraphFacts, part: str) -> bool:
    outermost = [part, *graph.wholes(part)][-1]
    return bool(graph.sources(Relation.HAS_PART, outermost))


def _check_owners(graph: GraphFacts) -> Finding:
    owned = Counter(point for _, point in graph.pairs(Relation.HAS_POINT))
    points = graph.of_type(NodeType.POINT)
    wrong = [
        Violation(subject=point, what=f"has {owned[point]} owners")
        for point in points
        if owned[point] != 1
    ]
    return found(len(points), wrong)


PARTS_NEST = GraphInvariant(
    name="parts-nest-three-deep",
    meaning=f"a part has one whole, and HAS_PART is at most {DEEPEST} deep",
    check=_check_parts,
)
ONE_OWNER = GraphInvariant(
    name="points-have-one-owner",
    meaning="every point has exactly one owner",
    check=_check_owners,
)
