"""The lists of a chunk as texts: every time and every double comes back, and the form is stable."""

import math
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basetype_benchmark.dataset.chunks import CHUNK_SCHEMA
from basetype_benchmark.dataset.export.chunk_texts import (
    TEXT_SCHEMA,
    decode_numbers,
    encode_chunks,
)

# Milliseconds from 1900 to 2200.
milliseconds = st.integers(-2_208_988_800_000, 7_258_118_400_000)
numbers = st.floats(allow_nan=False, allow_infinity=False)
sample_lists = st.lists(st.tuples(milliseconds, numbers), min_size=1, max_size=20)


def chunk_batch(chunks: list[tuple[list[float], list[float]]]) -> pa.RecordBatch:
    rows = [
        {
            "point_id": f"p{number}",
            "day": date(2024, 1, 1),
            "n": len(values),
            "timestamps": seconds,
            "values": values,
        }
        for number, (seconds, values) in enumerate(chunks)
    ]
    return pa.RecordBatch.from_pylist(rows, schema=CHUNK_SCHEMA)


@settings(max_examples=25, deadline=None)
@given(lists=st.lists(sample_lists, min_size=1, max_size=5))
def test_times_and_values_come_back_to_the_last_bit(lists: list[list[tuple[int, float]]]) -> None:
    chunks = [([ms / 1000 for ms, _ in one], [value for _, value in one]) for one in lists]
    texts = encode_chunks(chunk_batch(chunks))
    assert texts.schema == TEXT_SCHEMA
    seconds = decode_numbers(texts.column("timestamps")).to_pylist()
    values = decode_numbers(texts.column("values")).to_pylist()
    assert [[round(s * 1000) for s in one] for one in seconds] == [
        [ms for ms, _ in one] for one in lists
    ]
    for found, (_, expected) in zip(values, chunks, strict=True):
        assert np.array(found).tobytes() == np.array(expected).tobytes()


@settings(max_examples=25, deadline=None)
@given(samples=sample_lists)
def test_a_text_is_what_any_language_reads_as_numbers(samples: list[tuple[int, float]]) -> None:
    chunk = ([ms / 1000 for ms, _ in samples], [value for _, value in samples])
    (row,) = encode_chunks(chunk_batch([chunk])).to_pylist()
    assert [float(text) for text in row["values"].split(" ")] == chunk[1]
    assert [round(float(text) * 1000) for text in row["timestamps"].split(" ")] == [
        ms for ms, _ in samples
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (21.0, "21"),
        (0.067, "0.067"),
        (-0.5, "-0.5"),
        (1e-7, "1e-7"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e21, "1e+21"),
    ],
)
def test_a_value_is_its_shortest_decimal(value: float, text: str) -> None:
    batch = chunk_batch([([1704067200.0], [value])])
    assert encode_chunks(batch).column("values").to_pylist() == [text]


def test_a_time_has_three_decimals() -> None:
    batch = chunk_batch([([1704067200.0, 1704067200.5, 1704153599.999], [1.0, 2.0, 3.0])])
    (text,) = encode_chunks(batch).column("timestamps").to_pylist()
    assert text == "1704067200.000 1704067200.500 1704153599.999"


def test_the_sign_of_zero_is_kept() -> None:
    texts = encode_chunks(chunk_batch([([0.0, 1.0], [-0.0, 0.0])])).column("values")
    assert [math.copysign(1, value) for value in decode_numbers(texts)[0].as_py()] == [-1, 1]


def test_a_part_of_a_batch_gives_its_own_chunks() -> None:
    whole = chunk_batch([([1.0], [1.0]), ([2.0, 3.0], [2.0, 3.0]), ([4.0], [4.0])])
    assert encode_chunks(whole.slice(1, 1)).column("values").to_pylist() == ["2 3"]
    assert encode_chunks(whole.slice(1, 1)).column("timestamps").to_pylist() == ["2.000 3.000"]
