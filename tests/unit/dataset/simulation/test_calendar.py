"""Days and people: published holidays, and people who do not get lost."""

from datetime import date, timedelta

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation import calendar
from basetype_benchmark.dataset.simulation.arrays import STEPS
from basetype_benchmark.dataset.simulation.calendar import Presence
from basetype_benchmark.dataset.streams import stream

HOLIDAYS = {
    2024: "01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25",
    2025: "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25",
}
"""Public holidays as service-public.fr lists them."""

SEATS = 200.0


@pytest.mark.parametrize("year", HOLIDAYS)
def test_public_holidays_of_france(year: int):
    days = {date.fromisoformat(f"{year}-{day}") for day in HOLIDAYS[year].split()}
    assert calendar.public_holidays(year) == days


@pytest.mark.parametrize(("year", "working"), [(2024, 252), (2025, 251)])
def test_working_days_of_a_year(year: int, working: int):
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]
    assert sum(calendar.is_working_day(day) for day in days) == working


def test_easter_is_the_sunday_after_the_full_moon_of_spring():
    for year in range(1950, 2100):
        sunday = calendar.easter(year)
        assert sunday.weekday() == 6
        assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


def people(presence: Presence, working: bool, spaces: int = 20) -> np.ndarray:
    rng = stream(5, "people")
    kinds = np.full(spaces, presence.value)
    return calendar.people_in_spaces(rng, kinds, np.full(spaces, SEATS), working)


@pytest.mark.parametrize("presence", Presence)
@pytest.mark.parametrize("working", [True, False])
def test_people_are_whole_and_never_more_than_the_seats(presence: Presence, working: bool):
    found = people(presence, working)
    assert found.shape == (STEPS, 20)
    assert found.min() >= 0
    assert found.max() <= SEATS
    assert (found == np.rint(found)).all()


def test_desks_fill_in_the_morning_empty_at_noon_and_in_the_evening():
    mean = people(Presence.DESK, True).mean(axis=1) / SEATS
    by_hour = mean.reshape(24, -1).mean(axis=1)
    assert by_hour[:6].max() < 0.01
    assert by_hour[10] == pytest.approx(0.76, abs=0.04)  # of 78 % who come, a few are late
    assert by_hour[12] < by_hour[10] - 0.2
    assert by_hour[15] == pytest.approx(by_hour[10], abs=0.05)
    assert by_hour[22:].max() < 0.01


def test_rooms_are_used_at_their_own_hours():
    dining = people(Presence.DINING, True).sum(axis=1)
    meeting = people(Presence.MEETING, True).sum(axis=1)
    assert abs(int(dining.argmax()) * 24 / STEPS - 12.6) < 0.6
    assert meeting[: 9 * STEPS // 24].sum() == 0
    assert people(Presence.RARE, True).mean() / SEATS < 0.02


def test_movements_are_all_who_come_and_go():
    found = people(Presence.DESK, True)
    moved = calendar.movements(found)
    entered = np.maximum(np.diff(found, axis=0), 0).sum()
    left = np.maximum(-np.diff(found, axis=0), 0).sum()
    assert moved.sum() == entered + left
    assert entered == left  # nobody stays overnight


def test_easter_of_known_years():
    known = {2000: (4, 23), 2019: (4, 21), 2024: (3, 31), 2025: (4, 20), 2038: (4, 25)}
    assert {year: calendar.easter(year) for year in known} == {
        year: date(year, *day) for year, day in known.items()
    }


def test_working_days_of_the_first_week():
    week = [calendar.is_working_day(date(2024, 1, day)) for day in range(1, 8)]
    assert week == [False, True, True, True, True, False, False]
    assert not calendar.is_working_day(date(2024, 5, 9))  # Ascension


def test_unknown_schedule_is_an_office():
    assert calendar.find_use("ballroom") == calendar.find_use("office") == calendar.find_use(None)


def test_few_come_on_a_day_of_rest():
    at_ten = slice(120, 132)
    rested = people(Presence.DESK, working=False)[at_ten].mean()
    assert rested < 0.05 * people(Presence.DESK, working=True)[at_ten].mean()
