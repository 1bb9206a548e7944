"""Invariants of the sensor faults that the manifest states."""

from __future__ import annotations

from collections import Counter

from basetype_benchmark.dataset.invariants.finding import Finding, Violation, found
from basetype_benchmark.dataset.invariants.invariant import GraphInvariant
from basetype_benchmark.dataset.invariants.peers import TOLERANCE
from basetype_benchmark.dataset.invariants.relations import GraphFacts
from basetype_benchmark.dataset.manifest import FaultKind
from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.dataset.simulation.faults import FAULT_RATE


def _check_faults(graph: GraphFacts) -> Finding:
    faults = graph.manifest.planted.sensor_faults
    able = _able(graph)
    wrong = [
        Violation(subject=fault.point_id, what=f"has a planted {fault.kind}, but is no such sensor")
        for fault in faults
        if fault.point_id not in able
    ]
    return found(len(faults), wrong + _wrong_counts(graph, able))


def _wrong_counts(graph: GraphFacts, able: dict[str, str]) -> list[Violation]:
    """Compare the number of faults of each kind in each building with the stated share."""
    sensors = Counter(able.values())
    faults = Counter(
        (fault.point_id.split(".", 1)[0], fault.kind)
        for fault in graph.manifest.planted.sensor_faults
    )
    wrong = []
    for building_id, count in sorted(sensors.items()):
        expected = max(1, round(FAULT_RATE * count)) if count >= len(FaultKind) else 0
        for kind in FaultKind:
            if faults[building_id, kind] != expected:
                what = f"{faults[building_id, kind]} sensors with {kind}, {expected} expected"
                wrong.append(Violation(subject=building_id, what=what))
    return wrong


def _able(graph: GraphFacts) -> dict[str, str]:
    """Sensors that can have a fault, and the building of each."""
    return {
        point: graph.nodes[point]["building_id"]
        for point in graph.of_type(NodeType.POINT)
        if graph.properties(point).get("behaviour") in TOLERANCE
    }


FAULTS_PLANTED = GraphInvariant(
    name="sensor-faults-are-planted-as-stated",
    meaning=f"the faults of the manifest are of sensors that can have them, {FAULT_RATE:.0%} of "
    "those of a building for each kind",
    check=_check_faults,
)
