"""The rows of an answer, in the contract's columns, order and types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Row = tuple[Any, ...]


class Answer(list[Row]):
    """Rows of one answer, with what a comparison must know beside them.

    `beyond_cut`: rows that a ranking cut off although they tie with the last one it kept; any of
    them may stand in its place. `problems`: what is wrong with the answer as a whole, for instance
    a column that the contract does not have.
    """

    def __init__(
        self,
        rows: Iterable[Row] = (),
        *,
        beyond_cut: Iterable[Row] = (),
        problems: Iterable[str] = (),
    ) -> None:
        super().__init__(rows)
        self.beyond_cut: tuple[Row, ...] = tuple(beyond_cut)
        self.problems: tuple[str, ...] = tuple(problems)
