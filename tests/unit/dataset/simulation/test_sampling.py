"""When sensors are read, and what they read between the instants of the grid."""

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation import sampling
from basetype_benchmark.dataset.simulation.arrays import STEP_MS, STEPS


@pytest.mark.parametrize("interval_ms", [60_000, 300_000, 420_000, 900_000, 3_600_000])
def test_interpolates_a_line_exactly(interval_ms: int):
    grid = np.arange(STEPS + 1, dtype=np.float64)[:, None] * [1.0, -2.0]
    phase = np.array([0, interval_ms - 1])
    values = sampling.interpolate(grid, phase, interval_ms)
    times = sampling.sample_times(phase, interval_ms)
    np.testing.assert_allclose(values, times / STEP_MS * [[1.0], [-2.0]], rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("interval_ms", [60_000, 300_000, 420_000, 900_000])
def test_holds_the_value_of_the_step(interval_ms: int):
    grid = np.arange(STEPS + 1, dtype=np.float64)[:, None].repeat(2, axis=1)
    phase = np.array([0, interval_ms - 1])
    values = sampling.hold(grid, phase, interval_ms)
    assert (values == sampling.sample_times(phase, interval_ms) // STEP_MS).all()
