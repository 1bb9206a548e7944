"""The time window of a question: [start, end), in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

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

    def touches(self, day: date) -> bool:
        """Whether a moment of this UTC day lies in the window."""
        midnight = datetime.combine(day, time.min, UTC)
        return max(self.start, midnight) < min(self.end, midnight + DAY)


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
