"""Rows of any driver become contract rows, and nothing is forgiven on the way."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.compare import compare, normalise

HOURLY = find_question("Q6")  # hour, avg, min, max, samples
CARBON = find_question("Q9")  # day, energy_kwh, carbon_kg
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
ROW = (NOON, 1.0, 1.0, 1.0, 3)


def test_columns_are_matched_by_name() -> None:
    columns = ("samples", "max", "min", "avg", "hour")
    assert normalise(HOURLY, columns, [(3, 2.0, 0.0, 1.0, NOON)]) == [(NOON, 1.0, 0.0, 2.0, 3)]


@pytest.mark.parametrize(
    "hour",
    [
        NOON,
        datetime(2024, 1, 1, 14, tzinfo=timezone(timedelta(hours=2))),
        "2024-01-01T12:00:00Z",
        "2024-01-01T14:00:00+02:00",
        int(NOON.timestamp()),
        NOON.timestamp(),
    ],
)
@pytest.mark.parametrize("one", [1.0, 1, Decimal("1.00")])
@pytest.mark.parametrize("three", [3, 3.0, Decimal(3), Decimal("3.000")])
def test_what_loses_nothing_is_converted(hour: Any, one: Any, three: Any) -> None:
    rows = normalise(HOURLY, HOURLY.column_names, [(hour, one, one, one, three)])
    assert rows == [ROW]
    assert [type(value) for value in rows[0]] == [datetime, float, float, float, int]
    assert compare(HOURLY, [ROW], rows).is_equal


@pytest.mark.parametrize("day", [date(2024, 1, 1), "2024-01-01", 19_723 * 86_400])
def test_a_day_may_come_as_text_or_as_seconds(day: Any) -> None:
    assert normalise(CARBON, CARBON.column_names, [(day, 1, 2)]) == [(date(2024, 1, 1), 1.0, 2.0)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("hour", datetime(2024, 1, 1, 12)),  # a time without a zone
        ("hour", "2024-01-01T12:00:00"),
        ("hour", "noon"),
        ("hour", date(2024, 1, 1)),
        ("hour", NOON.timestamp() * 1000),  # milliseconds
        ("hour", float("nan")),
        ("hour", True),
        ("avg", "1.0"),
        ("avg", True),
        ("avg", None),
        ("avg", float("nan")),
        ("avg", float("inf")),
        ("avg", Decimal("NaN")),
        ("avg", Decimal("sNaN")),
        ("avg", 10**400),
        ("samples", 3.5),
        ("samples", Decimal("3.5")),
        ("samples", float("inf")),
        ("samples", Decimal("Infinity")),
        ("samples", Decimal("sNaN")),
        ("samples", "3"),
        ("samples", True),
        ("samples", None),
        ("samples", [3]),
    ],
)
def test_a_value_of_another_type_is_a_difference(column: str, value: Any) -> None:
    position = HOURLY.column_names.index(column)
    row = (*ROW[:position], value, *ROW[position + 1 :])
    comparison = compare(HOURLY, [ROW], normalise(HOURLY, HOURLY.column_names, [row]))
    assert not comparison.is_equal


def test_seconds_within_a_day_are_no_day() -> None:
    rows = normalise(CARBON, CARBON.column_names, [(19_723 * 86_400 + 1, 1.0, 2.0)])
    assert not compare(CARBON, [(date(2024, 1, 1), 1.0, 2.0)], rows).is_equal


def test_a_day_as_a_time_is_a_difference() -> None:
    rows = normalise(CARBON, CARBON.column_names, [(datetime(2024, 1, 1, tzinfo=UTC), 1.0, 2.0)])
    assert not compare(CARBON, [(date(2024, 1, 1), 1.0, 2.0)], rows).is_equal


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        (("day", "energy_kwh"), "column carbon_kg is missing"),
        (("day", "energy_kwh", "carbon_kg", "cost"), "column cost is not in the contract"),
        (("day", "energy_kwh", "energy_kwh", "carbon_kg"), "column energy_kwh comes 2 times"),
    ],
)
@pytest.mark.parametrize("row_count", [0, 1])
def test_other_columns_are_differences_even_without_rows(
    columns: tuple[str, ...], problem: str, row_count: int
) -> None:
    rows = normalise(CARBON, columns, [tuple(range(len(columns)))] * row_count)
    assert [str(d) for d in compare(CARBON, [], rows).differences] == [problem]


def test_a_row_of_another_width_is_a_difference() -> None:
    rows = normalise(CARBON, CARBON.column_names, [(date(2024, 1, 1), 1.0)])
    differences = compare(CARBON, [(date(2024, 1, 1), 1.0, 2.0)], rows).differences
    assert [str(d) for d in differences] == ["row 1 has 2 values for 3 columns"]


@given(
    st.one_of(
        st.none(),
        st.text(),
        st.floats(),
        st.integers(),
        st.booleans(),
        st.binary(),
        st.decimals(allow_nan=None),
        st.datetimes(),
        st.dates(),
        st.lists(st.integers()),
    )
)
def test_no_value_raises(value: Any) -> None:
    rows = normalise(HOURLY, HOURLY.column_names, [(value,) * 5])
    assert not compare(HOURLY, [ROW], rows).is_equal
