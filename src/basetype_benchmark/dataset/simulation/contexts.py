"""Values of spaces carried over to what is served together: zones and the building."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.simulation.arrays import STEPS, Array


def means_by_context(values: Array, shares: Array, default: float = 0.0) -> Array:
    """Add to the values of spaces (time x spaces) their means by area, at the instants.

    `shares` has a row of weights per zone and a last one for the building; `default` is the mean
    over no space.
    """
    at_instants = to_instants(values)
    means = np.einsum("ts,cs->tc", at_instants, shares)
    means[:, shares.sum(axis=1) == 0] = default
    return np.hstack([at_instants, means])


def sums_by_context(values: Array, shares: Array) -> Array:
    """Add to the values of spaces (time x spaces) their sums, at the instants."""
    at_instants = to_instants(values)
    members = (shares > 0).astype(np.float64)
    return np.hstack([at_instants, np.einsum("ts,cs->tc", at_instants, members)])


def to_instants(values: Array) -> Array:
    """Repeat the last row of what holds during steps; what has instants stays as it is."""
    return values if len(values) > STEPS else np.vstack([values, values[-1:]])
