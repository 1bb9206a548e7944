"""Reads chunks as a store hands them out into samples: checked, cut to a window, vectorised.

Arrow parses the numbers of thousands of chunks at a time; nothing here loops over samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from basetype_benchmark.dataset.export.chunk_texts import decode_numbers
from basetype_benchmark.errors import QueryFailed, reason_of
from basetype_benchmark.queries.window import Window

CHUNK_COLUMNS = ("point_id", "samples", "timestamps", "values")
"""What a text about chunks answers: whose they are, how many samples, and the two lists."""

BATCH_CHARACTERS = 16_000_000
"""Text that is parsed at a time: it bounds the memory beside the samples, and Arrow's offsets."""

SAMPLE_SCHEMA = {"point": pl.UInt32(), "time": pl.Datetime("ms", "UTC"), "value": pl.Float64()}

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(milliseconds=1)
_Integers = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]
_Part = tuple[npt.NDArray[np.uint32], _Integers, _Floats]


@dataclass(frozen=True, kw_only=True)
class ChunkSamples:
    """The samples of a window, and what was read for them.

    `frame` is in `SAMPLE_SCHEMA`; its `point` is a place in `points`, the ids. `decoded` counts the
    samples of all chunks, before the cut.
    """

    frame: pl.DataFrame
    points: tuple[str, ...]
    chunks: int
    decoded: int


def decode_chunks(
    rows: Sequence[Sequence[Any]],
    window: Window,
    *,
    check_time: Callable[[], object],
    batch_characters: int = BATCH_CHARACTERS,
) -> ChunkSamples:
    """Read chunks, rows of `CHUNK_COLUMNS`; `check_time` is called between batches and may raise.

    Raises:
        QueryFailed: a list is cut or is no list of numbers; the chunk's point is named.
    """
    places: dict[str, int] = {}
    parts: list[_Part] = []
    decoded = 0
    for batch in _batches(rows, batch_characters):
        ids, counts, timestamps, values = zip(*batch, strict=True)
        times = np.rint(_read_lists(ids, counts, timestamps, "timestamps") * 1000).astype(np.int64)
        numbers = _read_lists(ids, counts, values, "values")
        of_chunk = [places.setdefault(point_id, len(places)) for point_id in ids]
        points = np.repeat(np.array(of_chunk, np.uint32), counts)
        parts.append(_cut(points, times, numbers, window))
        decoded += len(times)
        check_time()
    frame = _to_frame(parts)
    return ChunkSamples(frame=frame, points=tuple(places), chunks=len(rows), decoded=decoded)


def _batches(
    rows: Sequence[Sequence[Any]], batch_characters: int
) -> Iterator[Sequence[Sequence[Any]]]:
    start = characters = 0
    for place, (_, _, timestamps, values) in enumerate(rows, start=1):
        characters += len(timestamps) + len(values)
        if characters >= batch_characters:
            yield rows[start:place]
            start, characters = place, 0
    if start < len(rows):
        yield rows[start:]


def _read_lists(
    ids: Sequence[str], counts: Sequence[int], texts: Sequence[str], name: str
) -> _Floats:
    """Read one list of each chunk, and give all their numbers one after the other."""
    try:
        lists = decode_numbers(pa.array(texts, pa.string()))
    except pa.ArrowException as error:
        raise QueryFailed(f"the {name} of a chunk are no numbers: {reason_of(error)}") from error
    lengths: _Integers = pc.list_value_length(lists).to_numpy()
    wrong = np.flatnonzero(lengths != np.array(counts))
    if len(wrong):
        chunk = int(wrong[0])
        raise QueryFailed(
            f"a chunk of {ids[chunk]} has {lengths[chunk]} {name} instead of {counts[chunk]}: "
            "its literal is cut"
        )
    numbers: _Floats = lists.flatten().to_numpy()
    return numbers


def _cut(
    points: npt.NDArray[np.uint32], times: _Integers, values: _Floats, window: Window
) -> _Part:
    inside = (times >= _first_tick(window.start)) & (times < _first_tick(window.end))
    if inside.all():
        return points, times, values
    return points[inside], times[inside], values[inside]


def _first_tick(moment: datetime) -> int:
    """Give the first millisecond that does not lie before `moment`."""
    return -((_UNIX_EPOCH - moment) // _TICK)


def _to_frame(parts: Sequence[_Part]) -> pl.DataFrame:
    if not parts:
        return pl.DataFrame(schema=SAMPLE_SCHEMA)
    points, times, values = (np.concatenate(column) for column in zip(*parts, strict=True))
    return pl.DataFrame(
        {
            "point": points,
            "time": pl.Series(times).cast(SAMPLE_SCHEMA["time"]),
            "value": values,
        },
        schema=SAMPLE_SCHEMA,
    )
