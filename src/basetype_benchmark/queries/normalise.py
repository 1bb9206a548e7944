"""Turns the rows of any driver into the contract's columns and types, forgiving nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeGuard

from basetype_benchmark.queries.answer import Answer, Row
from basetype_benchmark.queries.catalog import ColumnType, Question

_Convert = Callable[[object], object]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MIDNIGHT = time(tzinfo=UTC)


def normalise(question: Question, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Answer:
    """Put the values into the contract's order of columns and into its types.

    Columns are matched by name. Only what loses nothing is converted: any exact number to float,
    an integral float or decimal to int, ISO text to a date or a time with its zone, a time with a
    zone to UTC, and a number where a time or a date is due: seconds since 1970, as Cypher has
    them. A value of another type stays as it is, so that the comparison shows it. Columns that do
    not match the contract, or rows of another width, are `problems` of the answer.
    """
    problems = _column_problems(question, columns) + _width_problems(columns, rows)
    if problems:
        return Answer((tuple(row) for row in rows), problems=problems)
    positions = [columns.index(name) for name in question.column_names]
    converters = [_CONVERTERS[column.type] for column in question.columns]
    plan = list(zip(converters, positions, strict=True))
    return Answer(_convert_row(plan, row) for row in rows)


def _column_problems(question: Question, columns: Sequence[str]) -> list[str]:
    wanted, found = set(question.column_names), Counter(columns)
    return [
        *(f"column {name} is missing" for name in question.column_names if name not in found),
        *(f"column {name} is not in the contract" for name in found if name not in wanted),
        *(f"column {name} comes {times} times" for name, times in found.items() if times > 1),
    ]


def _width_problems(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    for number, row in enumerate(rows, start=1):
        if len(row) != len(columns):
            return [f"row {number} has {len(row)} values for {len(columns)} columns"]
    return []


def _convert_row(plan: Sequence[tuple[_Convert, int]], row: Sequence[Any]) -> Row:
    return tuple(convert(row[position]) for convert, position in plan)


def _to_integer(value: object) -> object:
    if not isinstance(value, (float, Decimal)):
        return value
    try:
        numerator, denominator = value.as_integer_ratio()
    except (OverflowError, ValueError):  # infinite, or not a number
        return value
    return numerator if denominator == 1 else value


def _to_float(value: object) -> object:
    if not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
        return value
    try:
        return float(value)
    except (OverflowError, ValueError):  # an integer beyond all floats, or a signalling NaN
        return value


def _to_timestamp(value: object) -> object:
    if _is_number(value):
        return _from_seconds(value)
    instant = _parse(datetime.fromisoformat, value)
    if isinstance(instant, datetime) and instant.tzinfo is not None:
        return instant.astimezone(UTC)
    return value


def _to_date(value: object) -> object:
    if _is_number(value):
        instant = _from_seconds(value)
        is_midnight = isinstance(instant, datetime) and instant.timetz() == _MIDNIGHT
        return instant.date() if isinstance(instant, datetime) and is_midnight else value
    return _parse(date.fromisoformat, value)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _from_seconds(value: float) -> object:
    """Give the time that so many seconds since 1970 are, to the millisecond."""
    try:
        return _EPOCH + timedelta(milliseconds=round(value * 1000))
    except (OverflowError, ValueError):  # beyond the calendar, or not a number
        return value


def _parse(parse: Callable[[str], date], value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse(value)
    except ValueError:
        return value


def _as_is(value: object) -> object:
    return value


_CONVERTERS: Mapping[ColumnType, _Convert] = {
    ColumnType.TEXT: _as_is,
    ColumnType.INTEGER: _to_integer,
    ColumnType.FLOAT: _to_float,
    ColumnType.TIMESTAMP: _to_timestamp,
    ColumnType.DATE: _to_date,
}
