"""A chunk holds the samples of one point and UTC day: all of them, in order, and no others."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from basetype_benchmark.dataset.chunks import CHUNK_SCHEMA, chunks
from basetype_benchmark.dataset.model import SERIES_SCHEMA
from basetype_benchmark.dataset.partitions import series_partitions
from basetype_benchmark.dataset.reader import Dataset

Sample = tuple[str, int, float]  # point, milliseconds, value
Chunks = dict[tuple[str, date], tuple[list[int], list[float]]]

DAY_MS = 86_400_000
EPOCH_MS = 1_704_067_200_000


def series(samples: list[Sample], rows: int) -> Iterator[pa.RecordBatch]:
    """Samples in batches of at most so many rows, each with a dictionary of its own."""
    for start in range(0, len(samples), rows):
        part = samples[start : start + rows]
        times = pa.array([time for _, time, _ in part], pa.int64())
        yield pa.record_batch(
            [
                times.cast(SERIES_SCHEMA.field("time").type),
                pa.array([point for point, _, _ in part]).dictionary_encode(),
                pa.array([value for _, _, value in part], pa.float64()),
            ],
            schema=SERIES_SCHEMA,
        )


def gathered(batches: Iterator[pa.RecordBatch]) -> Chunks:
    """Chunks by point and day, in the order they come in; none comes twice."""
    found: Chunks = {}
    for batch in chunks(batches):
        assert batch.schema == CHUNK_SCHEMA
        for row in batch.to_pylist():
            key = (row["point_id"], row["day"])
            assert key not in found
            assert row["n"] == len(row["timestamps"]) == len(row["values"])
            found[key] = ([round(s * 1000) for s in row["timestamps"]], row["values"])
    return found


def expected(samples: list[Sample]) -> Chunks:
    by_day: defaultdict[tuple[str, date], tuple[list[int], list[float]]] = defaultdict(
        lambda: ([], [])
    )
    for point, time, value in samples:
        times, values = by_day[point, datetime.fromtimestamp(time // 1000, UTC).date()]
        times.append(time)
        values.append(value)
    return dict(by_day)


points = st.sampled_from(["a", "a.b", "b01.m01", "é"])
times = st.integers(EPOCH_MS, EPOCH_MS + 3 * DAY_MS)
sample_sets = st.dictionaries(st.tuples(points, times), st.floats(-1e6, 1e6), min_size=1)


@settings(max_examples=25, deadline=None)
@given(drawn=sample_sets, rows=st.integers(1, 7))
def test_chunks_are_the_samples_by_point_and_day_however_they_are_cut(
    drawn: dict[tuple[str, int], float], rows: int
) -> None:
    samples = sorted((point, time, value) for (point, time), value in drawn.items())
    found = gathered(series(samples, rows))
    assert found == expected(samples)
    assert list(found) == sorted(found)


def test_the_last_instant_of_a_day_is_in_it_and_the_first_of_the_next_is_not() -> None:
    samples = [("p", EPOCH_MS + DAY_MS - 1, 1.0), ("p", EPOCH_MS + DAY_MS, 2.0)]
    assert gathered(series(samples, 10)) == {
        ("p", date(2024, 1, 1)): ([EPOCH_MS + DAY_MS - 1], [1.0]),
        ("p", date(2024, 1, 2)): ([EPOCH_MS + DAY_MS], [2.0]),
    }


def test_batches_without_rows_are_no_chunks() -> None:
    empty = [batch.slice(0, 0) for batch in series([("p", EPOCH_MS, 1.0)], 1)]
    assert gathered(iter(empty)) == {}
    assert len(gathered(iter([*empty, *series([("p", EPOCH_MS, 1.0)], 1), *empty]))) == 1


def test_only_the_samples_of_one_point_wait_for_the_next_batch() -> None:
    samples = [(f"p{number:03}", EPOCH_MS, 1.0) for number in range(100)]
    taken = 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal taken
        for batch in series(samples, 10):
            taken += 1
            yield batch

    given = chunks(counted())
    assert next(given).num_rows == 9
    assert taken == 1
    assert next(given).num_rows == 10
    assert taken == 2


def test_the_chunks_of_a_generated_dataset_hold_its_samples(tiny: Dataset) -> None:
    for partition in series_partitions(tiny):
        batches = list(tiny.series_batches(partition.files))
        ids = np.concatenate([b.column("point_id").cast(pa.string()) for b in batches])
        times = np.concatenate([b.column("time").cast(pa.int64()) for b in batches])
        values = np.concatenate([b.column("value") for b in batches])
        found = list(chunks(tiny.series_batches(partition.files, rows=5_000)))
        lengths = np.concatenate([batch.column("n") for batch in found])
        seconds = np.concatenate([batch.column("timestamps").flatten() for batch in found])
        assert {day for batch in found for day in batch.column("day").to_pylist()} == {
            partition.day
        }
        chunk_ids = np.concatenate([batch.column("point_id") for batch in found])
        assert len(set(chunk_ids)) == len(chunk_ids)
        assert np.array_equal(np.repeat(chunk_ids, lengths), ids)
        assert np.array_equal(np.rint(seconds * 1000).astype(np.int64), times)
        assert np.array_equal(
            np.concatenate([batch.column("values").flatten() for batch in found]), values
        )
