"""Invariants of tenants and their meters."""

from __future__ import annotations

from basetype_benchmark.dataset.invariants.finding import Finding, Violation, found
from basetype_benchmark.dataset.invariants.invariant import GraphInvariant
from basetype_benchmark.dataset.invariants.relations import GraphFacts
from basetype_benchmark.dataset.model import NodeType, Relation


def _check_meters(graph: GraphFacts) -> Finding:
    meters = [m for m in graph.of_type(NodeType.METER) if _parties(graph, m) - {"the landlord"}]
    wrong = [
        Violation(subject=meter, what=f"meters spaces of {' and '.join(sorted(parties))}")
        for meter in meters
        if len(parties := _parties(graph, meter)) > 1
    ]
    return found(len(meters), wrong)


def _parties(graph: GraphFacts, meter: str) -> set[str]:
    """Who is in the spaces that a meter meters."""
    parties: set[str] = set()
    for node in graph.sources(Relation.IS_METERED_BY, meter):
        if graph.nodes[node]["type"] == NodeType.SPACE:
            parties.update(graph.sources(Relation.OCCUPIES, node) or ["the landlord"])
    return parties


TENANT_METERS = GraphInvariant(
    name="tenant-meters-meter-one-tenant",
    meaning="a sub-meter of a tenant's space meters spaces of that tenant only",
    check=_check_meters,
)
