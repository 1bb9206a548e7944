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

    @property
    def whole_days(self) -> int:
        """How many times 24 hours fit in."""
        return (self.end - self.start) // DAY

    def days(self) -> Iterator[date]:
        """Give the UTC days that the window touches."""
        day = self.start.astimezone(UTC).date()
        last = (self.end.astimezone(UTC) - timedelta(microseconds=1)).date()
        while day <= last:
            yield day
            day += DAY


def spread_windows(whole: Window, days: int, count: int) -> list[Window]:
    """Give at most `count` windows of so many days inside `whole`: the last one, then further back.

    They are spread over all there is; fewer where there is no room for so many different ones.
    """
    room = whole.whole_days - days
    count = min(count, room + 1)
    steps = max(1, count - 1)
    shifts = dict.fromkeys(position * room // steps for position in range(count))
    last = whole.start + room * DAY
    return [
        Window(start=start, end=start + days * DAY)
        for start in (last - shift * DAY for shift in shifts)
    ]
