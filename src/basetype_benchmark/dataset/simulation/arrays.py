"""The grid of time that all models share, and array types.

A day is cut into `STEPS` steps of `STEP_S` seconds. What holds during a step has `STEPS` rows; what
has a value at an instant has `STEPS` + 1 rows, the last being midnight of the next day.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

STEP_S = 300
STEPS = 86_400 // STEP_S
STEP_MS = STEP_S * 1000
DAY_MS = 86_400_000

Array: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]
AnyArray: TypeAlias = npt.NDArray[Any]


def quantised(values: Array) -> Array:
    """Round to multiples of 2^-30, as is done with all that is carried on from day to day.

    Exponentials differ by a last bit between processors; what is carried on must not.
    """
    return np.asarray(np.rint(values * 2.0**30) * 2.0**-30)


def step_hours() -> Array:
    """Hour of the day at which each step begins."""
    return np.asarray(np.arange(STEPS) * (STEP_S / 3600), dtype=np.float64)


def instant_hours() -> Array:
    """Hour of the day at each instant of the grid, 0 to 24 inclusive."""
    return np.asarray(np.arange(STEPS + 1) * (STEP_S / 3600), dtype=np.float64)


def between_knots(knots: Array, hours_apart: float) -> Array:
    """Interpolate values known every `hours_apart` hours (rows) at the instants of the grid."""
    position = instant_hours() / hours_apart
    row = np.minimum(position.astype(np.int64), len(knots) - 2)
    share = (position - row).reshape(-1, *([1] * (knots.ndim - 1)))
    return np.asarray(knots[row] * (1 - share) + knots[row + 1] * share)
