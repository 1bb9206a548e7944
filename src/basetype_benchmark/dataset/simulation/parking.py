"""The car park: cars come with the people of the building, and their exhaust with them.

Carbon monoxide in ppm is a well-mixed balance of what moving cars emit and of the air change, the
design problem of ASHRAE Handbook, HVAC Applications, chapter on enclosed vehicular facilities. Cars
a person and what one emits are our own figures.
"""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import STEP_S, Array

_CARS_PER_PERSON = 0.25
_CARS_PER_MOVEMENT = 0.003  # most movements are from room to room
_CLEAN_PPM = 1.0
_PPM_PER_CAR = 20.0  # that moves in five minutes, in a ventilated level
_AIR_CHANGE_S = 1800.0


def cars_parked(people: Array, spaces: Array) -> Array:
    """Cars that stand in the car park, of as many spaces as there are, one of them always."""
    return np.asarray(np.minimum(np.floor(1 + _CARS_PER_PERSON * people), spaces))


def cars_come(movements: Array) -> Array:
    """Cars that have come, of the movements of persons so far."""
    return np.asarray(np.floor(_CARS_PER_MOVEMENT * movements))


def carbon_monoxide_ppm(movements: Array) -> Array:
    """Carbon monoxide in ppm by the cars that move (movements of persons, by time).

    What cars give off mixes with the air and is drawn off within `_AIR_CHANGE_S`.
    """
    keep = np.exp(-STEP_S / _AIR_CHANGE_S)
    weights = (1 - keep) * keep ** np.arange(len(movements))
    lasting = np.convolve(movements, weights)[: len(movements)]
    return np.asarray(_CLEAN_PPM + _PPM_PER_CAR * _CARS_PER_MOVEMENT * lasting)
