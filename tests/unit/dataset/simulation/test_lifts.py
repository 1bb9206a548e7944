"""Lifts go where there are floors, because people move."""

import numpy as np

from basetype_benchmark.dataset.simulation import lifts
from basetype_benchmark.dataset.simulation.arrays import STEPS
from basetype_benchmark.dataset.streams import stream


def test_cars_begin_on_the_ground_and_stay_between_the_floors():
    moved = np.full((STEPS, 3), 5.0)
    moved[:20] = 0.0
    floors = np.array([[2.0, 7.0, 12.0]])
    found = lifts.floors_of(stream(1, "lifts"), moved, floors)
    assert not found[:20].any()
    assert (found >= 0).all()
    assert (found < floors).all()
    assert (found.max(axis=0) == floors[0] - 1).all()


def test_cars_stand_while_nobody_moves():
    still = np.zeros((STEPS, 1))
    assert not lifts.floors_of(stream(1, "lifts"), still, np.array([[8.0]])).any()


def test_cars_change_floor_the_more_often_the_more_people_move():
    changes = []
    for people in (0.2, 2.0, 20.0):
        moved = np.full((STEPS, 20), people)
        found = lifts.floors_of(stream(1, "lifts"), moved, np.full((1, 20), 8.0))
        changes.append(int((np.diff(found, axis=0) != 0).sum()))
    assert changes == sorted(changes)
    assert changes[0] < changes[2] / 4


def test_cars_are_filled_to_eight_tenths_at_most():
    """CIBSE Guide D: a car of 13 persons is designed to carry 80 % of them."""
    load = lifts.load_pct(np.array([0.0, 13.0, 26.0, 500.0]))
    assert load[0] == 0.0
    assert load[2] == 2 * load[1]
    assert load[3] == 80.0
