"""Chunks read back as the samples they were made of: all, in order, cut to the window."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basetype_benchmark.dataset.chunks import chunks
from basetype_benchmark.dataset.export.chunk_texts import encode_chunks
from basetype_benchmark.dataset.model import DAY, EPOCH, SERIES_SCHEMA
from basetype_benchmark.errors import QueryFailed, QueryTimeout
from basetype_benchmark.queries.chunks.samples import (
    SAMPLE_SCHEMA,
    ChunkSamples,
    decode_chunks,
)
from basetype_benchmark.queries.window import Window

Sample = tuple[str, datetime, float]
ChunkRow = tuple[str, int, str, str]

WHOLE = Window(start=EPOCH, end=EPOCH + 3 * DAY)
DAY_MS = 86_400_000

instants = st.integers(0, 3 * DAY_MS - 1).map(lambda ms: EPOCH + timedelta(milliseconds=ms))
values = st.floats(allow_nan=False, allow_infinity=False)
series = st.dictionaries(st.tuples(st.sampled_from(["a", "b.é", "c c"]), instants), values)
bounds = st.integers(-1000, 3 * DAY_MS * 1000).map(lambda us: EPOCH + timedelta(microseconds=us))


def encode(samples: Sequence[Sample]) -> list[ChunkRow]:
    """Give the chunks of samples as a store hands them out."""
    ordered = sorted(samples, key=lambda sample: sample[:2])
    batch = pa.record_batch(
        [
            pa.array([time for _, time, _ in ordered], SERIES_SCHEMA.field("time").type),
            pa.array([point for point, _, _ in ordered], pa.string()).dictionary_encode(),
            pa.array([value for _, _, value in ordered], pa.float64()),
        ],
        schema=SERIES_SCHEMA,
    )
    return [
        (row["point_id"], row["n"], row["timestamps"], row["values"])
        for gathered in chunks([batch])
        for row in encode_chunks(gathered).to_pylist()
    ]


def no_limit() -> None:
    """Let the decoding take as long as it takes."""


def decode(rows: Sequence[ChunkRow], window: Window = WHOLE) -> ChunkSamples:
    return decode_chunks(rows, window, check_time=no_limit)


def samples_of(decoded: ChunkSamples) -> list[Sample]:
    assert decoded.frame.schema == SAMPLE_SCHEMA
    return [(decoded.points[point], time, value) for point, time, value in decoded.frame.rows()]


@settings(max_examples=50, deadline=None)
@given(drawn=series, start=bounds, end=bounds, batch=st.integers(1, 200))
def test_samples_come_back_to_the_last_bit_and_only_those_of_the_window(
    drawn: dict[tuple[str, datetime], float], start: datetime, end: datetime, batch: int
) -> None:
    samples = [(point, time, value) for (point, time), value in drawn.items()]
    rows = encode(samples)
    decoded = decode_chunks(
        rows, Window(start=start, end=end), check_time=no_limit, batch_characters=batch
    )
    expected = sorted(s for s in samples if start <= s[1] < end)
    found = sorted(samples_of(decoded))
    assert [s[:2] for s in found] == [s[:2] for s in expected]
    assert [s[2].hex() for s in found] == [s[2].hex() for s in expected]
    assert (decoded.chunks, decoded.decoded) == (len(rows), len(samples))


def test_no_chunks_are_no_samples() -> None:
    decoded = decode([])
    assert (decoded.points, decoded.chunks, decoded.decoded) == ((), 0, 0)
    assert decoded.frame.is_empty()
    assert decoded.frame.schema == SAMPLE_SCHEMA


def test_chunks_of_several_days_are_of_one_point() -> None:
    rows = encode([("p", EPOCH + day * DAY, float(day)) for day in range(3)])
    assert len(rows) == 3
    decoded = decode(rows)
    assert decoded.points == ("p",)
    assert decoded.frame["value"].to_list() == [0, 1, 2]


def test_a_window_within_a_millisecond_holds_nothing() -> None:
    rows = encode([("p", EPOCH, 1.0), ("p", EPOCH + timedelta(milliseconds=1), 2.0)])
    between = Window(
        start=EPOCH + timedelta(microseconds=1), end=EPOCH + timedelta(microseconds=999)
    )
    assert decode(rows, between).frame.is_empty()
    assert decode(rows, Window(start=EPOCH, end=between.start)).frame["value"].to_list() == [1]


@pytest.mark.parametrize(
    ("timestamps", "values", "told"),
    [
        ("1704067200.000", "1 2", "a chunk of p has 1 timestamps instead of 2: its literal is cut"),
        ("1704067200.000 1704067201.000", "1", "a chunk of p has 1 values instead of 2"),
        ("1704067200.000 1704067201.000", "1 2 3", "a chunk of p has 3 values instead of 2"),
        ("1704067200.000 1704067201.000", "1 ", "the values of a chunk are no numbers"),
        ("1704067200.000 1704067201.000", "1 2.5.", "the values of a chunk are no numbers"),
        ("1704067200.000 170406720l.000", "1 2", "the timestamps of a chunk are no numbers"),
        ("", "", "are no numbers"),
    ],
)
def test_a_literal_that_is_cut_or_spoilt_is_a_failed_query_in_one_line(
    timestamps: str, values: str, told: str
) -> None:
    whole = encode([("o", EPOCH, 1.0)])
    with pytest.raises(QueryFailed, match=told) as caught:
        decode([*whole, ("p", 2, timestamps, values)])
    assert type(caught.value) is QueryFailed
    assert "\n" not in str(caught.value)


@settings(max_examples=25, deadline=None)
@given(data=st.data(), count=st.integers(2, 20))
def test_a_literal_that_lost_a_number_is_never_taken_for_a_shorter_chunk(
    data: st.DataObject, count: int
) -> None:
    ((point, n, timestamps, numbers),) = encode(
        [("p", EPOCH + timedelta(seconds=i), i / 8) for i in range(count)]
    )
    last = numbers.rindex(" ")
    cut = numbers[: data.draw(st.integers(0, last + 1))]
    with pytest.raises(QueryFailed):
        decode([(point, n, timestamps, cut)])


def test_the_time_limit_is_looked_at_between_batches() -> None:
    rows = encode([(f"p{number}", EPOCH, 1.0) for number in range(10)])
    looks = 0

    def check_time() -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            raise QueryTimeout("too late")

    with pytest.raises(QueryTimeout, match="too late"):
        decode_chunks(rows, WHOLE, check_time=check_time, batch_characters=1)
    assert looks == 3


def test_times_are_in_utc() -> None:
    ((_, time, _),) = samples_of(decode(encode([("p", EPOCH, 1.0)])))
    assert time == EPOCH
    assert time.utcoffset() == timedelta(0)
    assert time.astimezone(UTC).tzinfo is UTC
    assert isinstance(SAMPLE_SCHEMA["time"], pl.Datetime)
