"""Lifts: where the cars are, and how full, from the people who move (CIBSE Guide D)."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import AnyArray, Array

_PERSONS_PER_CAR = 13.0
_HANDLED_PER_STEP = 4.0  # trips of a car in five minutes
RIDES_PER_MOVEMENT = 0.1
"""Part of the movements between rooms that a lift is taken for."""


def floors_of(rng: np.random.Generator, moved: Array, floors: Array) -> Array:
    """Draw the floor where each car is during the steps (steps x lifts); 0 is the ground.

    A car moves in a step with the more likelihood the more people do (`moved`, steps x lifts),
    and stays where it is otherwise; every day begins on the ground.
    """
    calls = rng.random(moved.shape) < 1 - np.exp(-moved / _HANDLED_PER_STEP)
    called_to = np.floor(rng.random(moved.shape) * floors)
    last_call = np.maximum.accumulate(np.where(calls, np.arange(len(moved))[:, None], -1), axis=0)
    known: AnyArray = np.take_along_axis(called_to, np.maximum(last_call, 0), axis=0)
    return np.where(last_call >= 0, known, 0.0)


def load_pct(moved: Array) -> Array:
    """Mean load of a car in %, of persons who move in a step, shared by its trips."""
    return np.clip(100.0 * moved / (_HANDLED_PER_STEP * _PERSONS_PER_CAR), 0.0, 80.0)
