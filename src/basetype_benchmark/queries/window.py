"""The time window of a question: [start, end), in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from basetype_benchmark.dataset.model import DAY


@dataclass(frozen=True, kw_only=True)
class Window:
    """A half-open interval of time; empty when `end` is not after `start`."""

    start: datetime
    end: datetime

    def days(self) -> Iterator[date]:
        """Give the UTC days that the window touches."""
        day = self.start.astimezone(UTC).date()
        last = (self.end.astimezone(UTC) - timedelta(microseconds=1)).date()
        while day <= last:
            yield day
            day += DAY
