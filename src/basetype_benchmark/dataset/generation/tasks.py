"""The tasks that generation consists of. Each is pure but for the part it writes.

*Carry* passes through a block of days of a building in turn and tells the state at every midnight;
*render* makes the samples of one day from its state alone, and writes them; *advance* does both for
one day. All read the building from the graph that is already written, so they run in any process
that reaches the storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from basetype_benchmark.dataset.parts import PartRecord, write_part
from basetype_benchmark.dataset.simulation.building import Building, read_buildings
from basetype_benchmark.dataset.simulation.day import (
    DayState,
    initial_state,
    next_state,
    simulate_day,
)
from basetype_benchmark.dataset.simulation.reporting import Reporter
from basetype_benchmark.dataset.storage import Storage
from basetype_benchmark.dataset.subgraph import read_building_graph


@dataclass(frozen=True, kw_only=True)
class Carry:
    """Days `first_day` to `last_day` (excluded) of a building; no state: from the epoch on."""

    storage: Storage
    seed: int
    building_id: str
    origin: str
    first_day: int
    last_day: int
    state: DayState | None


@dataclass(frozen=True, kw_only=True)
class Render:
    """One day of a building, from its state at midnight; no state: that of the epoch."""

    storage: Storage
    seed: int
    building_id: str
    origin: str
    day_index: int
    state: DayState | None


def carry(task: Carry) -> list[DayState]:
    """Give the states at the beginning of each day of the block, and at its end."""
    building = _prepare(task.storage, task.seed, task.building_id, task.origin).building
    state = task.state or initial_state(task.seed, building)
    states = [state]
    for day_index in range(task.first_day, task.last_day):
        state = next_state(simulate_day(task.seed, building, day_index, state))
        states.append(state)
    return states


def render(task: Render) -> PartRecord:
    """Simulate and write one day of a building."""
    prepared = _prepare(task.storage, task.seed, task.building_id, task.origin)
    state = task.state or initial_state(task.seed, prepared.building)
    day = simulate_day(task.seed, prepared.building, task.day_index, state)
    return write_part(task.storage, prepared.reporter.report_day(day), task.origin)


def advance(task: Render) -> tuple[PartRecord, DayState]:
    """Simulate and write one day, and give the state at its end: both tasks for one simulation."""
    prepared = _prepare(task.storage, task.seed, task.building_id, task.origin)
    state = task.state or initial_state(task.seed, prepared.building)
    day = simulate_day(task.seed, prepared.building, task.day_index, state)
    record = write_part(task.storage, prepared.reporter.report_day(day), task.origin)
    return record, next_state(day)


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    building: Building
    reporter: Reporter


@lru_cache(maxsize=2)
def _prepare(storage: Storage, seed: int, building_id: str, origin: str) -> _Prepared:
    """Read one building, or the site; what was read last is kept, for the next day of it."""
    (building,) = read_buildings(read_building_graph(storage, building_id))
    return _Prepared(building=building, reporter=Reporter(seed, building))
