"""The lists of a chunk as compact texts, and back: numbers with single spaces between them.

A timestamp is epoch seconds with three decimals, ``1704067200.000``. A value is the shortest
decimal that reads back as the same double, with an exponent where that is shorter: ``21``,
``0.067``, ``1e-7``.
"""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

SEPARATOR = " "

TEXT_SCHEMA = pa.schema(
    [
        pa.field("point_id", pa.string(), nullable=False),
        pa.field("day", pa.string(), nullable=False),
        pa.field("n", pa.int64(), nullable=False),
        pa.field("timestamps", pa.string(), nullable=False),
        pa.field("values", pa.string(), nullable=False),
    ]
)
"""`CHUNK_SCHEMA` as texts; the day as ``2024-01-01``."""

_THOUSANDTH = Decimal("0.001")


def encode_chunks(chunks: pa.RecordBatch) -> pa.RecordBatch:
    """Write the lists of chunks in `CHUNK_SCHEMA` as texts, in `TEXT_SCHEMA`."""
    timestamps, values = chunks.column("timestamps"), chunks.column("values")
    return pa.record_batch(
        [
            chunks.column("point_id"),
            chunks.column("day").cast(pa.string()),
            chunks.column("n"),
            _join(timestamps, _second_texts(timestamps.flatten())),
            _join(values, _value_texts(values.flatten())),
        ],
        schema=TEXT_SCHEMA,
    )


def decode_numbers(texts: pa.StringArray) -> pa.ListArray:
    """Read lists of numbers, as `encode_chunks` writes them."""
    parts = pc.split_pattern(texts, SEPARATOR)
    return pa.ListArray.from_arrays(parts.offsets, parts.values.cast(pa.float64()))


def _join(lists: pa.ListArray, texts: pa.StringArray) -> pa.StringArray:
    lengths = pc.list_value_length(lists).cast(pa.int64())
    offsets = pa.concat_arrays([pa.array([0], pa.int64()), pc.cumulative_sum(lengths)])
    return pc.binary_join(pa.ListArray.from_arrays(offsets.cast(pa.int32()), texts), SEPARATOR)


def _second_texts(seconds: pa.DoubleArray) -> pa.StringArray:
    """Write seconds with three decimals: through integers, since doubles print as they like."""
    milliseconds = pc.round(pc.multiply(seconds, 1000.0)).cast(pa.int64())
    thousandth = pa.scalar(_THOUSANDTH, pa.decimal128(4, 3))
    return pc.multiply(milliseconds.cast(pa.decimal128(19, 0)), thousandth).cast(pa.string())


def _value_texts(values: pa.DoubleArray) -> pa.StringArray:
    """Write each distinct value once: rounded to the point's resolution, they are few."""
    distinct = values.dictionary_encode()
    return distinct.dictionary.cast(pa.string()).take(distinct.indices)
