"""Turns the rows of any driver into the contract's columns and types, forgiving nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from basetype_benchmark.queries.answer import Answer, Row
from basetype_benchmark.queries.catalog import ColumnType, Question

_Convert = Callable[[object], object]


def normalise(question: Question, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Answer:
    """Put the values into the contract's order of columns and into its types.

    Columns are matched by name. Only what loses nothing is converted: any exact number to float,
    an integral float or decimal to int, ISO text to a date or a time with its zone, a time with a
    zone to UTC. A value of another type stays as it is, so that the comparison shows it. Columns
    that do not match the contract, or rows of another width, are `problems` of the answer.
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
    instant = _parse(datetime.fromisoformat, value)
    if isinstance(instant, datetime) and instant.tzinfo is not None:
        return instant.astimezone(UTC)
    return value


def _to_date(value: object) -> object:
    return _parse(date.fromisoformat, value)


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
