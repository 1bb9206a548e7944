"""One execution of a query, as the engine answered it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Legs:
    """Where the time of a federated execution went, in nanoseconds."""

    graph_ns: int
    transfer_ns: int
    series_ns: int


@dataclass(frozen=True, kw_only=True)
class Execution:
    """Rows as the driver decoded them; `columns` names their positions.

    Values are Python natives (str, int, float, bool, datetime, date, None) or, from SPARQL, the
    natives that the literal's datatype stands for.
    """

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    legs: Legs | None = None
