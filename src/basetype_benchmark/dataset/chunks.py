"""The series as chunks: the samples of one point and UTC day together, as two lists.

What the storage models M1 and O1 hold in place of a table of samples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_MS_PER_DAY = 86_400_000

CHUNK_SCHEMA = pa.schema(
    [
        pa.field("point_id", pa.string(), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("n", pa.int64(), nullable=False),
        pa.field("timestamps", pa.list_(pa.float64()), nullable=False),
        pa.field("values", pa.list_(pa.float64()), nullable=False),
    ]
)
"""One row per point and UTC day: `n` epoch seconds in ascending order, and their `n` values.

A timestamp in milliseconds divided by 1000 is the double nearest to it, so that multiplying by
1000 and rounding gives the milliseconds again.
"""


def chunks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Gather samples into chunks, in `CHUNK_SCHEMA` and in the order of the samples.

    `batches` are in `SERIES_SCHEMA`, those of one building and day together and sorted by
    (point_id, time), as `Dataset.series_batches` gives them. Between two batches only the samples
    of the last point are kept.
    """
    rest: pa.RecordBatch | None = None
    for batch in batches:
        if batch.num_rows == 0:
            continue
        rows = batch if rest is None else _join(rest, batch)
        starts = _chunk_starts(rows)
        last = int(starts[-1])
        if last:
            yield _gather(rows.slice(0, last), starts[:-1])
        rest = _one_point(rows.slice(last))
    if rest is not None:
        yield _gather(rest, np.zeros(1, np.int64))


def _join(first: pa.RecordBatch, second: pa.RecordBatch) -> pa.RecordBatch:
    (joined,) = pa.Table.from_batches([first, second]).combine_chunks().to_batches()
    return joined


def _one_point(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Forget the ids of all points but the first, so that no dictionary grows with the series."""
    ids = rows.column("point_id")
    only = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(len(ids), np.int32)), pa.array([ids[0].as_py()])
    )
    return rows.set_column(1, rows.schema.field("point_id"), only)


def _chunk_starts(rows: pa.RecordBatch) -> npt.NDArray[np.int64]:
    points = rows.column("point_id").indices.to_numpy()
    days = _milliseconds(rows) // _MS_PER_DAY
    changes = (points[1:] != points[:-1]) | (days[1:] != days[:-1])
    return np.concatenate([[0], np.flatnonzero(changes) + 1])


def _gather(rows: pa.RecordBatch, starts: npt.NDArray[np.int64]) -> pa.RecordBatch:
    ids = rows.column("point_id")
    milliseconds = _milliseconds(rows)
    ends = np.append(starts[1:], rows.num_rows)
    offsets = pa.array(np.append(starts, rows.num_rows).astype(np.int32))
    seconds = pa.array(milliseconds / 1000.0)
    days = (milliseconds[starts] // _MS_PER_DAY).astype(np.int32)
    return pa.record_batch(
        [
            ids.dictionary.take(ids.indices.take(pa.array(starts))),
            pa.array(days).cast(pa.date32()),
            pa.array(ends - starts),
            pa.ListArray.from_arrays(offsets, seconds),
            pa.ListArray.from_arrays(offsets, rows.column("value")),
        ],
        schema=CHUNK_SCHEMA,
    )


def _milliseconds(rows: pa.RecordBatch) -> npt.NDArray[np.int64]:
    milliseconds: npt.NDArray[np.int64] = rows.column("time").cast(pa.int64()).to_numpy()
    return milliseconds
