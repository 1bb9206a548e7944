"""Invariants of the ghosts planted in the inventory."""

from __future__ import annotations

from collections import Counter

from basetype_benchmark.dataset.invariants.finding import Finding, Violation, found
from basetype_benchmark.dataset.invariants.invariant import GraphInvariant
from basetype_benchmark.dataset.invariants.relations import GraphFacts
from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.dataset.topology.defects import GHOST_RATE, MIN_GHOSTS


def _check_ghosts(graph: GraphFacts) -> Finding:
    """Compare the equipment that is only somewhere with the ghosts of the manifest."""
    equipment = graph.of_type(NodeType.EQUIPMENT)
    related: set[str] = set()
    located: set[str] = set()
    for source, target, relation in graph.edges.select("src_id", "dst_id", "rel_type").iter_rows():
        if relation == Relation.LOCATED_IN:
            located.add(source)
        else:
            related.update((source, target))
    stated = set(graph.manifest.planted.ghosts)
    wrong = []
    for node in equipment:
        if node not in stated and node not in related:
            wrong.append(Violation(subject=node, what="has no relation, and is no ghost"))
        elif node in stated and (node in related or node not in located):
            wrong.append(Violation(subject=node, what="is a ghost, but not LOCATED_IN alone"))
    missing = sorted(stated - set(equipment))
    wrong += [Violation(subject=node, what="is a ghost, but no equipment") for node in missing]
    return found(len(equipment), wrong)


def _check_rate(graph: GraphFacts) -> Finding:
    equipment = Counter(
        graph.nodes[node]["building_id"] for node in graph.of_type(NodeType.EQUIPMENT)
    )
    ghosts = Counter(node.split(".", 1)[0] for node in graph.manifest.planted.ghosts)
    wrong = []
    for building_id, count in sorted(equipment.items()):
        planted = ghosts[building_id]
        expected = max(MIN_GHOSTS, round(GHOST_RATE * (count - planted)))
        if planted != expected:
            what = f"{planted} ghosts among {count} equipment, {expected} expected"
            wrong.append(Violation(subject=building_id, what=what))
    return found(len(equipment), wrong)


GHOSTS_LOCATED = GraphInvariant(
    name="ghosts-are-only-located",
    meaning="the ghosts of the manifest, and no other equipment, have no relation but LOCATED_IN",
    check=_check_ghosts,
)
GHOST_SHARE = GraphInvariant(
    name="ghosts-are-at-the-stated-rate",
    meaning=f"{GHOST_RATE:.1%} of the equipment of a building are ghosts, {MIN_GHOSTS} at least",
    check=_check_rate,
)
