"""The readings of one source in one phase, and what follows from them alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from basetype_benchmark.benchmark.monitoring.cadence import Cadence
from basetype_benchmark.benchmark.monitoring.reading_log import FIELDS, Moment
from basetype_benchmark.benchmark.resources import COUNTERS

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PhaseReadings:
    """From the reading at the begin to the one at the end; rows of `RESOURCES_SCHEMA`."""

    rows: Sequence[Row]

    @property
    def phase(self) -> str:
        """Its name."""
        return str(self.begin["phase"])

    @property
    def begin(self) -> Row:
        """The first reading."""
        return self.rows[0]

    @property
    def end(self) -> Row:
        """The last one."""
        return self.rows[-1]

    @property
    def is_whole(self) -> bool:
        """Whether something was read at both ends."""
        return _tells(self.begin) and _tells(self.end)

    @property
    def falls(self) -> int:
        """How often a counter is lower in a reading than in the one before."""
        return sum(
            any(
                before[name] is not None and now[name] is not None and now[name] < before[name]
                for name in COUNTERS
            )
            for before, now in pairwise(self.rows)
        )

    def most(self, name: str) -> int | None:
        """Give the highest value of a field; None when no reading told it."""
        return max((row[name] for row in self.rows if row[name] is not None), default=None)

    def expected(self, interval_ns: int) -> int:
        """Count the moments in it at which the sampler was to read."""
        return int(self.end["t_ns"] // interval_ns - self.begin["t_ns"] // interval_ns)

    def taken(self, interval_ns: int) -> int:
        """Count those at which something was read."""
        cadence = Cadence(0, interval_ns)
        cadence.take(self.begin["t_ns"])
        before = cadence.taken
        for row in self.rows[1:]:
            cadence.take(row["t_ns"], is_read=_tells(row))
        return cadence.taken - before


def part_phases(rows: Sequence[Row]) -> Iterator[PhaseReadings]:
    """Give the phases of one source in order; what was read between them is left out."""
    open_rows: list[Row] = []
    for row in rows:
        if row["moment"] == Moment.BEGIN:
            open_rows = [row]
        elif open_rows:
            open_rows.append(row)
        if row["moment"] == Moment.END and open_rows:
            yield PhaseReadings(rows=open_rows)
            open_rows = []


def _tells(row: Row) -> bool:
    return any(row[name] is not None for name in FIELDS)
