"""Answers from samples: what real servers are not needed for. All questions: tests/conformance."""

from datetime import UTC, date, datetime, timedelta, timezone

import polars as pl
import pytest

from basetype_benchmark.dataset.model import EPOCH
from basetype_benchmark.errors import ConfigError
from basetype_benchmark.queries.catalog import ColumnType, Kind, find_question, load_questions
from basetype_benchmark.queries.chunks.aggregation import make_aggregation
from basetype_benchmark.queries.chunks.samples import SAMPLE_SCHEMA, ChunkSamples
from basetype_benchmark.queries.window import Window

NOON = EPOCH + timedelta(hours=12)
WINDOW = {"start": EPOCH, "end": EPOCH + timedelta(days=1)}
NO_SAMPLES = ChunkSamples(frame=pl.DataFrame(schema=SAMPLE_SCHEMA), points=(), chunks=0, decoded=0)
OF_CHUNKS = [question for question in load_questions().values() if question.kind is not Kind.GRAPH]
A_VALUE = {ColumnType.TEXT: "x", ColumnType.INTEGER: 3}


def samples(*rows: tuple[int, datetime, float], points: tuple[str, ...] = ("p",)) -> ChunkSamples:
    frame = pl.DataFrame(rows, schema=SAMPLE_SCHEMA, orient="row")
    return ChunkSamples(frame=frame, points=points, chunks=len(points), decoded=len(rows))


@pytest.mark.parametrize("question", OF_CHUNKS, ids=lambda question: question.id)
def test_an_answer_has_the_columns_of_its_contract_with_rows_or_without(question) -> None:
    aggregation = make_aggregation(question, WINDOW)
    assert aggregation.answer([], NO_SAMPLES).columns == list(question.column_names)
    assert aggregation.answer([], NO_SAMPLES).is_empty()
    row = tuple(A_VALUE[column.type] for column in question.federated)
    for given in (NO_SAMPLES, samples((0, NOON, 1.0), points=("x",))):
        answer = aggregation.answer([row], given)
        assert answer.columns == list(question.column_names)


def test_points_without_samples_are_counted_and_have_no_mean() -> None:
    aggregation = make_aggregation(find_question("Q12"), WINDOW)
    rows = [("a", "temperature"), ("b", "temperature"), ("c", "power")]
    answer = aggregation.answer(rows, samples((0, NOON, 2.0), (0, NOON, 4.0), points=("b",)))
    assert answer.rows() == [
        ("power", 1, 0, 0, None, None, None),
        ("temperature", 2, 1, 2, 3.0, 2.0, 4.0),
    ]


def test_a_rack_without_points_has_a_row() -> None:
    aggregation = make_aggregation(find_question("Q11"), WINDOW)
    rows = [("r1", "Rack 1", 2, 0, None, None), ("r2", "Rack 2", 0, 1, "p", "active_power")]
    answer = aggregation.answer(rows, samples((0, NOON, 5.0)))
    assert answer.rows() == [("r1", "Rack 1", 2, 0, None, None), ("r2", "Rack 2", 0, 1, None, 5.0)]


def test_a_row_that_comes_twice_counts_once() -> None:
    aggregation = make_aggregation(find_question("Q8"), WINDOW)
    rows = [("p", "m1", "hvac")] * 2
    assert aggregation.answer(rows, samples((0, NOON, 5.0))).rows() == [("hvac", 1, 5.0)]


def test_a_point_of_two_meters_counts_for_each() -> None:
    aggregation = make_aggregation(find_question("Q8"), WINDOW)
    rows = [("p", "m1", "hvac"), ("p", "m2", "plugs")]
    answer = aggregation.answer(rows, samples((0, NOON, 5.0)))
    assert answer.rows() == [("hvac", 1, 5.0), ("plugs", 1, 5.0)]


def test_carbon_needs_the_intensity_of_the_hour_that_the_window_begins_in() -> None:
    start = NOON + timedelta(minutes=30)
    aggregation = make_aggregation(
        find_question("Q9"), {"start": start, "end": start + timedelta(minutes=30)}
    )
    assert aggregation.window == Window(start=NOON, end=start + timedelta(minutes=30))
    rows = [("c", "carbon_intensity"), ("e", "energy_interval")]
    given = samples((0, NOON, 500.0), (1, NOON, 100.0), (1, start, 2.0), points=("c", "e"))
    assert aggregation.answer(rows, given).rows() == [(date(2024, 1, 1), 2.0, 1.0)]


def test_the_hour_a_window_begins_in_is_one_of_utc() -> None:
    start = datetime(2024, 1, 1, 12, 40, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    aggregation = make_aggregation(find_question("Q9"), {"start": start, "end": NOON})
    assert aggregation.window.start == datetime(2024, 1, 1, 7, 0, tzinfo=UTC)


def test_other_questions_are_cut_to_their_window() -> None:
    start = NOON + timedelta(minutes=30)
    aggregation = make_aggregation(find_question("Q8"), {"start": start, "end": WINDOW["end"]})
    assert aggregation.window == Window(start=start, end=WINDOW["end"])


@pytest.mark.parametrize(
    ("question_id", "parameters"), [("Q1", WINDOW), ("Q6", {}), ("Q6", {"start": "x", "end": "y"})]
)
def test_what_has_no_answer_from_chunks_is_refused(question_id, parameters) -> None:
    with pytest.raises(ConfigError, match=f"{question_id} is not a question"):
        make_aggregation(find_question(question_id), parameters)
