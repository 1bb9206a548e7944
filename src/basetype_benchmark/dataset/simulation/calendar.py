"""Days and people: holidays, what spaces are used for, who is where. Local time is UTC.

Holidays are those of France. People arrive and leave one by one around mean hours by the use of the
space. Hours, levels and spread are our own, in the manner of the schedules of EN 16798-1, annex C.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import STEP_S, STEPS, Array, Ints, step_hours


class Presence(IntEnum):
    """How people come to a space."""

    DESK = 0  # arrive in the morning, lunch, leave in the evening
    MEETING = 1  # in groups, by the hour
    PASSING = 2  # a few at a time while the building is in use
    DINING = 3  # around noon
    RARE = 4  # a technician now and then


@dataclass(frozen=True, kw_only=True)
class SpaceUse:
    """What the schedule of a space means: presence, installed loads, and hours of conditioning."""

    presence: Presence
    lighting_w_m2: float
    plugs_w_m2: float
    always_on: bool = False


_USES = {
    "office": SpaceUse(presence=Presence.DESK, lighting_w_m2=8, plugs_w_m2=10),
    "meeting": SpaceUse(presence=Presence.MEETING, lighting_w_m2=9, plugs_w_m2=6),
    "common": SpaceUse(presence=Presence.PASSING, lighting_w_m2=6, plugs_w_m2=3),
    "dining": SpaceUse(presence=Presence.DINING, lighting_w_m2=8, plugs_w_m2=12),
    "server_room": SpaceUse(presence=Presence.RARE, lighting_w_m2=6, plugs_w_m2=3, always_on=True),
    "technical": SpaceUse(presence=Presence.RARE, lighting_w_m2=4, plugs_w_m2=3),
}


def find_use(schedule: str | None) -> SpaceUse:
    """Look up what a schedule means; an unknown one counts as an office."""
    return _USES.get(schedule or "", _USES["office"])


def easter(year: int) -> date:
    """Date of Easter Sunday (anonymous Gregorian algorithm, Nature 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def public_holidays(year: int) -> frozenset[date]:
    """Public holidays of France."""
    sunday = easter(year)
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (sunday + timedelta(days=offset) for offset in (1, 39, 50))
    return frozenset((*(date(year, month, day) for month, day in fixed), *moving))


def is_working_day(day: date) -> bool:
    """Whether people come to work."""
    return day.weekday() < 5 and day not in public_holidays(day.year)


def people_in_spaces(
    rng: np.random.Generator, presence: Ints, capacity: Array, working_day: bool
) -> Array:
    """Give the people in each space during each step (steps x spaces), at most its capacity."""
    seats = capacity.astype(np.int64)
    drawn = (
        _at_desks(rng, seats, working_day),
        _in_meetings(rng, seats, working_day),
        _by_profile(rng, seats, 0.12 * _use_of_day(working_day)),
        _by_profile(rng, seats, 0.75 * _lunch() * (1.0 if working_day else 0.01)),
        _by_profile(rng, seats, 0.02 * _use_of_day(working_day)),
    )
    people = np.zeros((STEPS, len(seats)))
    for kind, counts in enumerate(drawn):
        people[:, presence == kind] = counts[:, presence == kind]
    return np.minimum(people, seats)


def movements(people: Array) -> Array:
    """People who enter or leave each space as a step begins."""
    return np.abs(np.diff(people, axis=0, prepend=people[:1]))


def _at_desks(rng: np.random.Generator, seats: Ints, working_day: bool) -> Array:
    present = rng.binomial(seats, 0.78 if working_day else 0.02)
    space = np.repeat(np.arange(len(seats)), present)
    arrival = rng.normal(8.6, 0.7, len(space))
    lunch = rng.normal(12.3, 0.35, len(space))
    back = lunch + rng.uniform(0.4, 1.2, len(space))
    departure = np.maximum(rng.normal(17.7, 0.9, len(space)), back + 0.5)
    changes = np.zeros((STEPS, len(seats)))
    for hour, change in ((arrival, 1), (lunch, -1), (back, 1), (departure, -1)):
        step = np.clip((hour * 3600 / STEP_S).astype(np.int64), 1, STEPS - 1)
        np.add.at(changes, (step, space), change)
    return np.asarray(np.cumsum(changes, axis=0))


def _in_meetings(rng: np.random.Generator, seats: Ints, working_day: bool) -> Array:
    hours = np.arange(24)
    chance = np.where((hours >= 9) & (hours < 18) & (hours != 12), 0.6, 0.0)
    held = rng.random((24, len(seats))) < (chance * (1.0 if working_day else 0.01))[:, None]
    guests = rng.binomial(np.maximum(seats - 2, 0), 0.5, (24, len(seats))) + 2
    return np.repeat(held * guests, STEPS // 24, axis=0).astype(np.float64)


def _by_profile(rng: np.random.Generator, seats: Ints, share: Array) -> Array:
    """Draw counts that keep for 15 minutes, by the expected share of the seats."""
    quarter = share[::3]
    drawn = rng.binomial(
        seats[None, :], np.clip(quarter, 0, 1)[:, None], (len(quarter), len(seats))
    )
    return np.repeat(drawn, 3, axis=0).astype(np.float64)


def _use_of_day(working_day: bool) -> Array:
    hours = step_hours()
    rise = 1 / (1 + np.exp(-(hours - 8.3) * 3))
    fall = 1 / (1 + np.exp((hours - 18.2) * 2.5))
    return np.asarray(rise * fall * (1.0 if working_day else 0.04))


def _lunch() -> Array:
    return np.asarray(np.exp(-(((step_hours() - 12.6) / 0.7) ** 2)))
