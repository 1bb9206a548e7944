"""How the points of a behaviour are read off a simulated day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

import numpy as np

from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation.arrays import STEPS, Array, Ints, Mask
from basetype_benchmark.dataset.simulation.day import Day
from basetype_benchmark.dataset.simulation.points import Points
from basetype_benchmark.dataset.streams import stream


class Course(Enum):
    """How a value goes on between the instants of the grid."""

    LINE = "line"  # interpolated, measured with noise
    SMOOTH = "smooth"  # interpolated, known exactly: a command
    STEP = "step"  # holds during a step
    CHANCE = "chance"  # holds during a step, as the probability of a 1 in each sample


@dataclass(frozen=True, kw_only=True)
class View:
    """Points of one behaviour on a simulated day.

    `draw` opens the stream of random numbers that is theirs on a day, from its beginning.
    """

    day: Day
    behaviour: Behaviour
    context: Ints
    node: Ints
    equipment: Ints
    nominal: Array
    all_kinds: tuple[str, ...]
    all_units: tuple[str | None, ...]
    all_equipment: Ints
    chosen: Ints
    draw: Callable[[int], np.random.Generator]

    @cached_property
    def rng(self) -> np.random.Generator:
        """The stream of the day."""
        return self.draw(self.day.index)

    @property
    def kinds(self) -> list[str]:
        """The types of equipment that own the points; empty where none does."""
        return [self.all_kinds[place] for place in self.chosen.tolist()]

    @property
    def units(self) -> list[str | None]:
        """Units of the points."""
        return [self.all_units[place] for place in self.chosen.tolist()]

    @property
    def count(self) -> int:
        """How many points."""
        return len(self.context)

    def count_of_kind(self) -> Array:
        """How many of its kind the building has of the equipment that owns each point."""
        counts = _count_equipment(self.all_kinds, self.all_equipment.tobytes())
        return np.array([float(max(counts[kind], 1)) for kind in self.kinds])

    def rated(self, default: float) -> Array:
        """Nominal value of each point, or `default`."""
        return np.where(np.isnan(self.nominal), default, self.nominal)

    def power_kw(self) -> Array:
        """Electric power of the owner of each point (instants x points); 0 without one."""
        known = np.maximum(self.node, 0)
        return np.asarray(np.where(self.node >= 0, self.day.power_kw[:, known], 0.0))

    def load(self) -> Array:
        """Load of the equipment that owns each point; one half without one."""
        if not self.day.load.shape[1]:
            return np.full((STEPS + 1, self.count), 0.5)
        known = np.maximum(self.equipment, 0)
        return np.asarray(np.where(self.equipment >= 0, self.day.load[:, known], 0.5))

    def of_context(self, values: Array) -> Array:
        """Values of each point's context, of an array with a column per context."""
        return np.asarray(values[:, self.context])


Model = Callable[[View], Array]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a behaviour is shown: its model, its course, and the bounds of what sensors tell."""

    model: Model
    course: Course = Course.LINE
    least: float = -1e9
    most: float = 1e9
    offset: float = 0.0  # spread of the sensors' calibration


def view_points(seed: int, building_id: str, day: Day, points: Points, chosen: Ints) -> View:
    """Give the view of `chosen` points, which must have one behaviour."""
    behaviour = points.behaviours[int(chosen[0])]
    name = points.ids[int(chosen[0])]
    return View(
        day=day,
        behaviour=behaviour,
        context=points.context[chosen],
        node=points.node[chosen],
        equipment=points.equipment[chosen],
        nominal=points.nominal[chosen],
        all_kinds=points.kinds,
        all_units=points.units,
        all_equipment=points.equipment,
        chosen=chosen,
        draw=lambda day_index: stream(seed, building_id, "signal", name, day_index),
    )


@lru_cache(maxsize=4)
def _count_equipment(kinds: tuple[str, ...], equipment: bytes) -> Counter[str]:
    """Count what owns points, by type, from the type and the position of each point's owner."""
    positions = np.frombuffer(equipment, dtype=np.int64).tolist()
    return Counter(kind for kind, place in set(zip(kinds, positions, strict=True)) if place >= 0)


def flag(state: Mask) -> Array:
    """Write a state as 1 or 0."""
    return state.astype(np.float64)


def across(series: Array, view: View) -> Array:
    """Give every point of the view the same series."""
    return np.repeat(series[:, None], view.count, axis=1)
