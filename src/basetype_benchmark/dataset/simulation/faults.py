"""Faults of sensors and of their network, planted at known places so that they can be found.

Faults of sensors last as long as the dataset; gaps of communication are drawn for each day. Both
follow from seed, building and day alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
import pyarrow.compute as pc

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.manifest import FaultKind, SensorFault
from basetype_benchmark.dataset.model import Behaviour, NodeType
from basetype_benchmark.dataset.simulation.arrays import Array, Ints
from basetype_benchmark.dataset.simulation.sampling import Floats
from basetype_benchmark.dataset.streams import stream

FAULT_RATE = 0.01
"""Share of the sensors that can fail which have each kind of fault."""

GAP_RATE = 0.01
"""Share of a building's points that lose the connection once on a day."""

SHORTEST_GAP_MS = 15 * 60_000
LONGEST_GAP_MS = 120 * 60_000
_PARTS_OF_SPACE = 3  # building, floor and space
_OF_ROOMS = (Behaviour.ZONE_TEMPERATURE, Behaviour.ZONE_HUMIDITY, Behaviour.ZONE_CO2)
_FLOATING_OFFSET = 0.03  # of the swing: the mean of a floating input is close to zero


@dataclass(frozen=True, kw_only=True)
class _Failure:
    """How wrong sensors of a behaviour get, in the unit of their points."""

    bias: float
    drift_per_day: float
    swing: float


_FAILURES: Mapping[Behaviour, _Failure] = {
    Behaviour.ZONE_TEMPERATURE: _Failure(bias=2.0, drift_per_day=0.05, swing=5.0),
    Behaviour.ZONE_HUMIDITY: _Failure(bias=8.0, drift_per_day=0.2, swing=10.0),
    Behaviour.ZONE_CO2: _Failure(bias=150.0, drift_per_day=4.0, swing=100.0),
    Behaviour.SUPPLY_AIR_TEMPERATURE: _Failure(bias=2.0, drift_per_day=0.05, swing=5.0),
    Behaviour.RETURN_AIR_TEMPERATURE: _Failure(bias=2.0, drift_per_day=0.05, swing=5.0),
    Behaviour.CHILLED_WATER_TEMPERATURE: _Failure(bias=1.0, drift_per_day=0.03, swing=5.0),
    Behaviour.HOT_WATER_TEMPERATURE: _Failure(bias=3.0, drift_per_day=0.08, swing=5.0),
}


@dataclass(frozen=True, kw_only=True)
class CommunicationGaps:
    """Points that lose the connection on one day: positions, and times of day in ms."""

    point: Ints
    start_ms: Ints
    end_ms: Ints

    def lost(self, points: Ints) -> tuple[Ints, Ints]:
        """From when to when each of some points (in order) is cut off; 0 to 0 where it is not."""
        found = np.searchsorted(self.point, points)
        known = np.append(self.point, -1)[found] == points
        start_ms = np.where(known, np.append(self.start_ms, 0)[found], 0)
        return start_ms, np.where(known, np.append(self.end_ms, 0)[found], 0)


def communication_gaps(
    seed: int, building_id: str, day_index: int, polled: Ints
) -> CommunicationGaps:
    """Draw the gaps of a day among the `polled` points (positions), at `GAP_RATE`."""
    rng = stream(seed, building_id, "communication", day_index)
    hit = polled[rng.random(len(polled)) < GAP_RATE]
    start_ms = (rng.random(len(hit)) * (86_400_000 - LONGEST_GAP_MS)).astype(np.int64)
    length = SHORTEST_GAP_MS + rng.random(len(hit)) * (LONGEST_GAP_MS - SHORTEST_GAP_MS)
    return CommunicationGaps(
        point=hit, start_ms=start_ms, end_ms=start_ms + length.astype(np.int64)
    )


def plant_sensor_faults(
    seed: int,
    building_id: str,
    ids: Sequence[str],
    behaviours: Sequence[Behaviour],
    units: Sequence[str | None],
) -> tuple[SensorFault, ...]:
    """Choose the sensors of a building that are biased, drift, or float, in order of id.

    Each kind takes `FAULT_RATE` of those that can fail and at least one where there are three.
    Sensors with a peer in the same space come first: against it, a fault can be proved.
    """
    able = [position for position, behaviour in enumerate(behaviours) if behaviour in _FAILURES]
    kinds = list(FaultKind)
    if len(able) < len(kinds):
        return ()
    count = max(1, round(FAULT_RATE * len(able)))
    rng = stream(seed, building_id, "sensor faults")
    drawn = _peers_first(rng.permutation(len(able)).tolist(), able, ids, behaviours)
    drawn = drawn[: count * len(kinds)]
    signs = np.where(rng.random(len(drawn)) < 0.5, -1.0, 1.0).tolist()
    faults = [
        SensorFault(
            point_id=ids[able[place]],
            kind=kinds[number % len(kinds)],
            amount=_amount(kinds[number % len(kinds)], behaviours[able[place]], sign),
            unit=_unit(kinds[number % len(kinds)], units[able[place]]),
        )
        for number, (place, sign) in enumerate(zip(drawn, signs, strict=True))
    ]
    return tuple(sorted(faults, key=lambda fault: fault.point_id))


def _peers_first(
    order: Sequence[int], able: Sequence[int], ids: Sequence[str], behaviours: Sequence[Behaviour]
) -> list[int]:
    """Move the sensors that are alone of their kind in their space to the end."""
    kinds = [_kind_in_space(ids[position], behaviours[position]) for position in able]
    counts = Counter(kinds)
    return sorted(order, key=lambda place: counts[kinds[place]] < 2)


def _kind_in_space(point_id: str, behaviour: Behaviour) -> tuple[str, ...]:
    """What sensors share that must agree: ids nest, so they begin with the space.

    In a room all sensors of a quantity do; in ducts and pipes those at the same place of a machine.
    """
    parts = point_id.split(".")
    place = () if behaviour in _OF_ROOMS else (parts[-1],)
    return (*parts[:_PARTS_OF_SPACE], behaviour, *place)


def plant_faults_of_graph(seed: int, building_id: str, graph: Graph) -> tuple[SensorFault, ...]:
    """Choose the faulty sensors of the graph of one building, see `plant_sensor_faults`."""
    nodes = graph.nodes
    rows = (
        nodes.filter(pc.equal(nodes.column("type"), NodeType.POINT.value))
        .select(["id", "unit", "properties"])
        .sort_by("id")
        .to_pylist()
    )
    behaviours = [Behaviour(orjson.loads(row["properties"])["behaviour"]) for row in rows]
    return plant_sensor_faults(
        seed, building_id, [row["id"] for row in rows], behaviours, [row["unit"] for row in rows]
    )


def shifted(grid: Array, faults: Mapping[int, SensorFault], day_index: int) -> Array:
    """Add bias and drift to the columns of a grid (instants x points) that have them."""
    days = day_index + np.linspace(0.0, 1.0, len(grid))
    result = grid.copy() if faults else grid
    for column, fault in faults.items():
        if fault.kind is FaultKind.BIAS:
            result[:, column] += fault.amount
        elif fault.kind is FaultKind.DRIFT:
            result[:, column] += fault.amount * days
    return result


def float_inputs(
    values: Floats, faults: Mapping[int, SensorFault], rng: np.random.Generator
) -> None:
    """Replace the rows (points x samples) whose input floats: they swing around zero.

    The swings come in pairs of opposite sign, so that the mean stays where it is meant to be and
    the relative variance is (swing / mean)^2 for any window.
    """
    for row, fault in faults.items():
        if fault.kind is not FaultKind.FLOATING:
            continue
        samples = values.shape[1]
        size = abs(fault.amount) * (0.75 + 0.5 * rng.random((samples + 1) // 2))
        swings = np.column_stack([size, -size]).ravel()[:samples]
        values[row] = swings + _FLOATING_OFFSET * fault.amount


def _amount(kind: FaultKind, behaviour: Behaviour, sign: float) -> float:
    failure = _FAILURES[behaviour]
    if kind is FaultKind.BIAS:
        return sign * failure.bias
    if kind is FaultKind.DRIFT:
        return sign * failure.drift_per_day
    return failure.swing


def _unit(kind: FaultKind, unit: str | None) -> str:
    return f"{unit or '1'}/day" if kind is FaultKind.DRIFT else unit or "1"
