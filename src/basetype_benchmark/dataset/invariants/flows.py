"""Invariants of FEEDS: what flows comes from somewhere else, and not from afar."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.dataset.invariants.finding import Finding, Violation, found
from basetype_benchmark.dataset.invariants.invariant import GraphInvariant
from basetype_benchmark.dataset.invariants.relations import GraphFacts
from basetype_benchmark.dataset.model import Relation

MOST_HOPS = 10


def _check_circles(graph: GraphFacts) -> Finding:
    pairs = graph.pairs(Relation.FEEDS)
    rest = _hops(pairs)[1]
    return found(
        len(pairs), [Violation(subject=node, what="is in or behind a circle") for node in rest]
    )


def _check_hops(graph: GraphFacts) -> Finding:
    hops, _ = _hops(graph.pairs(Relation.FEEDS))
    far = [
        Violation(subject=node, what=f"is {count} hops from what feeds it, {MOST_HOPS} at most")
        for node, count in sorted(hops.items())
        if count > MOST_HOPS
    ]
    return found(len(hops), far)


def _hops(pairs: list[tuple[str, str]]) -> tuple[Mapping[str, int], list[str]]:
    """Give the longest way to each node from one that nothing feeds, and the nodes without.

    Those without are in a circle or behind one.
    """
    targets: dict[str, list[str]] = {}
    waits: dict[str, int] = {}
    for source, target in pairs:
        targets.setdefault(source, []).append(target)
        waits[target] = waits.get(target, 0) + 1
        waits.setdefault(source, 0)
    hops = {node: 0 for node, count in waits.items() if count == 0}
    ready = list(hops)
    longest: dict[str, int] = {}
    while ready:
        node = ready.pop()
        longest[node] = hops[node]
        for target in targets.get(node, ()):
            hops[target] = max(hops.get(target, 0), hops[node] + 1)
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    return longest, sorted(waits.keys() - longest.keys())


FEEDS_ACYCLIC = GraphInvariant(
    name="feeds-is-acyclic",
    meaning="nothing feeds itself, at whatever distance",
    check=_check_circles,
)
FEEDS_SHORT = GraphInvariant(
    name="feeds-chains-are-short",
    meaning=f"nothing is more than {MOST_HOPS} hops of FEEDS from what nothing feeds",
    check=_check_hops,
)
