"""Invariants of the air in rooms: CO2 follows the people, temperature the setpoint."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from basetype_benchmark.dataset.invariants.day import GRID, DaySamples
from basetype_benchmark.dataset.invariants.finding import Finding, Violation, found
from basetype_benchmark.dataset.invariants.invariant import SeriesInvariant, each_day
from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation.arrays import Array, Mask

_HOUR = GRID // 24
_CALM = slice(3 * _HOUR, 5 * _HOUR)  # nobody has been there for long
_STAY = 3 * _HOUR // 2
_MANY = 0.3  # of the seats
_RISE_PPM = 50.0
_ABSENCE = 3 * _HOUR
_NOISE_PPM = 5.0

_COLDER_K = 1.0
_WARMER_K = 2.0  # cooling sets in a degree above the setpoint
_UNHEATED_K = 2.0  # in summer, heating sets in so much below it
_SETTLED = 2 * _HOUR
_CAPACITY = 95.0  # a valve that is further open has no more to give


def _check_co2(day: DaySamples) -> Finding:
    rooms = day.building.by_place(Behaviour.ZONE_CO2)
    counters = day.building.by_place(Behaviour.PEOPLE_COUNT)
    result = Finding()
    for space in sorted(rooms.keys() & counters.keys()):
        co2, people = _mean(day, rooms[space]), _together(day, counters[space], np.fmax)
        seats = day.building.capacities.get(space, 0.0)
        for wrong in (_rise(co2, people, seats), _decay(co2, people)):
            if wrong is not None:
                subject = day.building.ids[rooms[space][0]]
                broken = [Violation(subject=subject, what=wrong, time=day.instant(0))]
                result += found(1, broken if wrong else [])
    return result


def _rise(co2: Array, people: Array, seats: float) -> str | None:
    """Say how CO2 fails to rise with many people; nothing if it does, None if none were many."""
    calm = co2[_CALM].mean()
    begins = _first_stretch(people >= max(1.0, _MANY * seats), _STAY)
    if begins is None or not (people[: _CALM.stop] == 0).all():
        return None
    crowded = co2[begins + _STAY - _HOUR // 2 : begins + _STAY].mean()
    if not np.isfinite(crowded - calm):
        return None
    if crowded > calm + _RISE_PPM:
        return ""
    return f"{crowded:.0f} ppm after 1 h with many people, {calm:.0f} ppm before with none"


def _decay(co2: Array, people: Array) -> str | None:
    """Say how CO2 fails to decay after the people; nothing if it does, None if none had been."""
    present = np.flatnonzero(~(people == 0))
    gone = int(present[-1]) + 2 if len(present) else GRID
    if gone > GRID - _ABSENCE or not np.isfinite(people[gone - 2]):
        return None
    before, after = co2[gone], co2[-1]
    if not np.isfinite(after - before) or not before > co2[_CALM].mean() + _RISE_PPM:
        return None
    rest = co2[gone:][np.isfinite(co2[gone:])]
    if after < before and rest.max() < before + _NOISE_PPM and after < rest.mean() + _NOISE_PPM:
        return ""
    return f"{before:.0f} ppm when the last person had left, {after:.0f} ppm at midnight"


def _first_stretch(holds: Mask, length: int) -> int | None:
    """Find where something first holds for `length` instants."""
    sums = np.convolve(holds, np.ones(length), "valid")
    starts = np.flatnonzero(sums == length)
    return int(starts[0]) if len(starts) else None


def _check_setpoint(day: DaySamples) -> Finding:
    building = day.building
    rooms = building.by_place(Behaviour.ZONE_TEMPERATURE)
    setpoints = building.by_place(Behaviour.ZONE_TEMPERATURE_SETPOINT)
    counters = building.by_place(Behaviour.PEOPLE_COUNT)
    heating = building.by_place(Behaviour.HEATING_VALVE)
    cooling = building.by_place(Behaviour.COOLING_VALVE)
    result = Finding()
    for space in sorted(rooms.keys() & setpoints.keys() & counters.keys()):
        heat = _together(day, heating.get(space, ()), np.fmax)
        cold = _together(day, cooling.get(space, ()), np.fmax)
        wanted = day.held(setpoints[space][0])
        occupied = _together(day, counters[space], np.fmin) > 0
        hours = _held_hours(wanted, occupied, np.fmax(heat, cold) < _CAPACITY)
        least = wanted - _COLDER_K - np.where(heat > 0, 0.0, _UNHEATED_K)
        result += _judge_hours(day, rooms[space], wanted, least, hours)
    return result


def _held_hours(wanted: Array, occupied: Mask, is_free: Mask) -> list[int]:
    """Find the hours with people, after the plant has come on, settled, and within its capacity."""
    hours = []
    for hour in range(_SETTLED // _HOUR, 24):
        now = slice(hour * _HOUR, (hour + 1) * _HOUR)
        settling = slice(now.start - _SETTLED, now.stop)
        is_settled = wanted[settling].min() == wanted[settling].max() > wanted[0]
        if is_settled and occupied[now].all() and is_free[settling].all():
            hours.append(hour)
    return hours


def _judge_hours(
    day: DaySamples, rooms: Sequence[int], wanted: Array, least: Array, hours: list[int]
) -> Finding:
    room = _mean(day, rooms)
    wrong = []
    for hour in hours:
        now = slice(hour * _HOUR, (hour + 1) * _HOUR)
        shown, setpoint, coldest = room[now].mean(), wanted[now][0], least[now].min()
        if not coldest <= shown <= setpoint + _WARMER_K and np.isfinite(shown):
            what = f"{shown:.1f} °C in an occupied hour with a setpoint of {setpoint:.1f} °C"
            time = day.instant(hour * 3_600_000)
            wrong.append(Violation(subject=day.building.ids[rooms[0]], what=what, time=time))
    return found(len(hours), wrong)


def _mean(day: DaySamples, places: Sequence[int]) -> Array:
    """Mean of points, on the grid; NaN where one is cut off."""
    return np.asarray(np.mean([day.held(place) for place in places], axis=0))


def _together(
    day: DaySamples, places: Sequence[int], combine: Callable[[Array, Array], Array]
) -> Array:
    """Combine points that show the same, on the grid; zero without any."""
    result = day.held(places[0]) if places else np.zeros(GRID)
    for place in places[1:]:
        result = combine(result, day.held(place))
    return result


CO2_FOLLOWS_PEOPLE = SeriesInvariant(
    name="co2-follows-the-people",
    meaning="CO2 rises with many people in a room, and decays once the last one has left",
    begin=each_day(_check_co2),
)
SETPOINT_HELD = SeriesInvariant(
    name="occupied-rooms-are-held-near-the-setpoint",
    meaning=f"in occupied hours a room that is heated is at most {_COLDER_K:g} K colder than its "
    f"setpoint, another {_COLDER_K + _UNHEATED_K:g} K, and none more than {_WARMER_K:g} K warmer, "
    "while the plant has capacity",
    begin=each_day(_check_setpoint),
)
