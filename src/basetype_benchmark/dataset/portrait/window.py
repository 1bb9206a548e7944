"""Which days a portrait shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.dataset.portrait.figure import TimeAxis
from basetype_benchmark.dataset.simulation.calendar import is_working_day
from basetype_benchmark.errors import UsageError

LONGEST_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Window:
    """Consecutive days of a history."""

    first_day: date
    days: int

    @property
    def start(self) -> datetime:
        """First instant."""
        return datetime.combine(self.first_day, datetime.min.time(), UTC)

    @property
    def dates(self) -> tuple[date, ...]:
        """The days in turn."""
        return tuple(self.first_day + timedelta(days=offset) for offset in range(self.days))

    @property
    def busiest_day(self) -> date:
        """A day on which people work, the first such; the first day where there is none."""
        return next((day for day in self.dates if is_working_day(day)), self.first_day)

    @property
    def axis(self) -> TimeAxis:
        """The days as an axis."""
        off = tuple(place for place, day in enumerate(self.dates) if not is_working_day(day))
        return TimeAxis(first_day=self.first_day, days=self.days, days_off=off)


def choose_window(manifest: Manifest, first_day: date | None) -> Window:
    """Take up to a week from `first_day`, or from the beginning.

    Raises:
        UsageError: `first_day` is not in the history.
    """
    begin, end = manifest.start.date(), manifest.end.date()
    chosen = begin if first_day is None else first_day
    if not begin <= chosen < end:
        raise UsageError(
            f"{manifest.profile} has no {chosen}: give a day from {begin} to "
            f"{end - timedelta(days=1)}"
        )
    return Window(first_day=chosen, days=min(LONGEST_DAYS, (end - chosen).days))
