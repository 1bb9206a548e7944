"""Compares an engine's answer with the oracle's: what is wrong, row by row.

Text, integers and times are exact, floats within a tolerance, the order is the contract's, and a
row too many or too few is a difference. Where a ranking is cut, rows that tie may swap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from basetype_benchmark.queries.answer import Answer, Row
from basetype_benchmark.queries.catalog import Column, ColumnType, Question
from basetype_benchmark.queries.normalise import normalise
from basetype_benchmark.queries.tolerance import floats_agree

__all__ = ["Comparison", "Difference", "compare", "normalise"]

_Key = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is wrong. A row is None where one side has none; its text is one line."""

    reason: str
    column: str | None = None
    expected: Row | None = None
    actual: Row | None = None

    def __str__(self) -> str:
        rows = [
            f"{side} {row!r}"
            for side, row in (("expected", self.expected), ("got", self.actual))
            if row is not None
        ]
        return ": ".join([self.reason, ", ".join(rows)]) if rows else self.reason


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What came of comparing two answers."""

    differences: tuple[Difference, ...]

    @property
    def is_equal(self) -> bool:
        """Whether the answer is right."""
        return not self.differences


def compare(question: Question, expected: Sequence[Row], actual: Sequence[Row]) -> Comparison:
    """Compare a normalised answer with the expected one.

    `expected` is best the oracle's own `Answer`: it knows which rows tie at the cut of a ranking.
    """
    problems = actual.problems if isinstance(actual, Answer) else ()
    if problems:
        return Comparison(differences=tuple(Difference(reason=problem) for problem in problems))
    return Comparison(differences=tuple(_Matching(question, expected).differences(actual)))


class _Matching:
    """Finds for each row of an answer the expected row it stands for, by the contract's key."""

    def __init__(self, question: Question, expected: Sequence[Row]) -> None:
        self._question = question
        self._positions = {name: i for i, name in enumerate(question.column_names)}
        self._key_positions = [
            self._positions[order.column]
            for order in question.order
            if _column(question, order.column).type is not ColumnType.FLOAT
        ]
        spares = expected.beyond_cut if isinstance(expected, Answer) else ()
        self._required = {self._key(row): row for row in expected}
        self._spares = {self._key(row): row for row in spares}
        self._cut = expected[-1] if spares else None

    def differences(self, actual: Sequence[Row]) -> list[Difference]:
        """All differences; that of the order only when the rows are the right ones."""
        matched, strangers = self._match(actual)
        lost = self._rows_lost(matched)
        if strangers or lost:
            return strangers + lost + self._wrong_cells(matched)
        return self._wrong_cells(matched) or self._wrong_order(matched)

    def _match(self, actual: Sequence[Row]) -> tuple[dict[_Key, Row], list[Difference]]:
        matched: dict[_Key, Row] = {}
        strangers = []
        for row in actual:
            key = self._key(row) if len(row) == len(self._positions) else None
            if key is None or self._known(key) is None:
                strangers.append(Difference(reason="unexpected row", actual=row))
            elif key in matched:
                strangers.append(
                    Difference(reason="duplicate row", expected=self._known(key), actual=row)
                )
            else:
                matched[key] = row
        return matched, strangers

    def _rows_lost(self, matched: dict[_Key, Row]) -> list[Difference]:
        """Expected rows without a match; a row that ties at the cut may be stood in for."""
        lost = [row for key, row in self._required.items() if key not in matched]
        stand_ins = [row for key, row in matched.items() if key in self._spares]
        replaceable = [row for row in lost if self._ties_at_cut(row)]
        pairs = min(len(stand_ins), len(replaceable))
        replaced = {id(row) for row in replaceable[len(replaceable) - pairs :]}
        return [
            *(
                Difference(reason="missing row", expected=row)
                for row in lost
                if id(row) not in replaced
            ),
            *(Difference(reason="unexpected row", actual=row) for row in stand_ins[pairs:]),
        ]

    def _wrong_cells(self, matched: dict[_Key, Row]) -> list[Difference]:
        return [
            Difference(
                reason=f"{column.name} is {row[i]!r} instead of {wanted[i]!r}",
                column=column.name,
                expected=wanted,
                actual=row,
            )
            for key, row in matched.items()
            if (wanted := self._known(key)) is not None
            for i, column in enumerate(self._question.columns)
            if not _cells_agree(wanted[i], row[i])
        ]

    def _wrong_order(self, matched: dict[_Key, Row]) -> list[Difference]:
        """The first row that comes after one it should come before, by the expected values."""
        furthest: Row | None = None
        for key, row in matched.items():
            here = self._known(key)
            if here is None or furthest is None or self._may_follow(furthest, here):
                furthest = here
            elif not self._tie(furthest, here):
                reason = "wrong order: this row must come before"
                return [Difference(reason=reason, expected=furthest, actual=row)]
        return []

    def _may_follow(self, first: Row, second: Row) -> bool:
        for order in self._question.order:
            left, right = (row[self._positions[order.column]] for row in (first, second))
            if left != right:
                return bool(left > right) if order.descending else bool(left < right)
        return True

    def _tie(self, first: Row, second: Row) -> bool:
        """Whether the contract lets two rows swap: a cut ranking whose rank values tie."""
        if self._question.limit is None:
            return False
        rank = self._positions[self._question.order[0].column]
        return floats_agree(first[rank], second[rank])

    def _ties_at_cut(self, row: Row) -> bool:
        return self._cut is not None and self._tie(row, self._cut)

    def _known(self, key: _Key) -> Row | None:
        return self._required.get(key) or self._spares.get(key)

    def _key(self, row: Row) -> _Key:
        return tuple(_key_text(row[position]) for position in self._key_positions)


def _key_text(value: object) -> str:
    """Write a value so that equal ones are equal: UTC has more than one name in Python."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    return repr(value)


def _column(question: Question, name: str) -> Column:
    return next(column for column in question.columns if column.name == name)


def _cells_agree(expected: object, actual: object) -> bool:
    if isinstance(expected, float) and isinstance(actual, float):
        return floats_agree(expected, actual)
    return type(expected) is type(actual) and expected == actual
