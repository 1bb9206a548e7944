"""Samples of groups of points put together, in order of point and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from basetype_benchmark.dataset.model import EPOCH, SERIES_SCHEMA, TIME_TYPE
from basetype_benchmark.dataset.parts import SeriesPart
from basetype_benchmark.dataset.simulation.arrays import DAY_MS, Array, Ints
from basetype_benchmark.dataset.simulation.building import Building
from basetype_benchmark.dataset.simulation.compilation import compiled

IndexArray: TypeAlias = npt.NDArray[np.int32]

_EPOCH_MS = int(EPOCH.timestamp()) * 1000


@dataclass(frozen=True, kw_only=True)
class Samples:
    """Stored samples of some points: `counts[i]` of the point at position `point[i]`, in turn.

    Those of one point are in order of time, which is in ms after midnight.
    """

    point: Ints
    counts: Ints
    time_ms: Ints
    value: Array


def assemble(building: Building, day_index: int, found: Sequence[Samples]) -> SeriesPart:
    """Put the samples of all points of a building in order of point, then time."""
    ids = building.points.ids
    point, time_ms, value = in_order(found, len(ids), _EPOCH_MS + day_index * DAY_MS)
    return SeriesPart(
        building_id=building.id,
        day=EPOCH.date() + timedelta(days=day_index),
        table=pa.Table.from_arrays(
            [
                pa.array(time_ms).view(TIME_TYPE),
                pa.DictionaryArray.from_arrays(pa.array(point), pa.array(ids)),
                pa.array(value),
            ],
            schema=SERIES_SCHEMA,
        ),
    )


def in_order(
    found: Sequence[Samples], points: int, midnight_ms: int
) -> tuple[IndexArray, Ints, Array]:
    """Give point, time since 1970 in ms and value of all samples, in order of point, then time."""
    counts = np.zeros(points, dtype=np.int64)
    for samples in found:
        counts[samples.point] = samples.counts
    offsets = np.cumsum(counts) - counts
    total = int(counts.sum())
    point, time_ms, value = np.empty(total, np.int32), np.empty(total, np.int64), np.empty(total)
    for samples in found:
        _place(
            samples.point,
            samples.counts,
            samples.time_ms,
            samples.value,
            offsets,
            midnight_ms,
            point,
            time_ms,
            value,
        )
    return point, time_ms, value


def place(  # noqa: PLR0917 - compiled code takes plain arrays, in order
    points: Ints,
    counts: Ints,
    times_of_day_ms: Ints,
    values: Array,
    offsets: Ints,
    midnight_ms: int,
    point: IndexArray,
    time_ms: Ints,
    value: Array,
) -> None:
    """Copy runs of samples, of lengths `counts`, to where each point's begin (`offsets`)."""
    source = 0
    for run in range(len(points)):
        target = offsets[points[run]]
        for place in range(target, target + counts[run]):
            point[place] = points[run]
            time_ms[place] = times_of_day_ms[source] + midnight_ms
            value[place] = values[source] + 0.0  # no minus zero
            source += 1


_place = compiled(place)
