"""Sampling and reporting by exception."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from basetype_benchmark.dataset.simulation import sampling
from basetype_benchmark.dataset.simulation.arrays import STEP_MS, STEPS


def report_slowly(ticks: list[int], deadband: int, heartbeat: int) -> list[int]:
    """Positions reported, written as the rule is said."""
    kept = [0]
    for position, value in enumerate(ticks):
        if position and (
            abs(value - ticks[kept[-1]]) >= deadband or position - kept[-1] >= heartbeat
        ):
            kept.append(position)
    return kept


@settings(deadline=None)
@given(
    arrays.arrays(np.int32, (40, 3), elements=st.integers(-8, 8)),
    st.lists(st.integers(0, 5), min_size=3, max_size=3),
    st.lists(st.integers(1, 12), min_size=3, max_size=3),
)
def test_reports_what_the_rule_says(ticks, deadbands, heartbeats):
    kept = sampling.report(ticks, np.array(deadbands, np.int32), np.array(heartbeats, np.int32))
    for point in range(3):
        expected = report_slowly(ticks[:, point].tolist(), deadbands[point], heartbeats[point])
        assert np.flatnonzero(kept[:, point]).tolist() == expected


def test_deadband_of_zero_reports_every_sample():
    ticks = np.zeros((5, 1), np.int32)
    kept = sampling.report(ticks, np.zeros(1, np.int32), np.full(1, 100, np.int32))
    assert kept.all()


@pytest.mark.parametrize("interval_ms", [60_000, 300_000, 420_000, 900_000, 3_600_000])
def test_interpolates_a_line_exactly(interval_ms: int):
    grid = np.arange(STEPS + 1, dtype=np.float64)[:, None] * [1.0, -2.0]
    phase = np.array([0, interval_ms - 1])
    values = sampling.interpolate(grid, phase, interval_ms)
    times = sampling.sample_times(phase, interval_ms)
    np.testing.assert_allclose(values, times / STEP_MS * [1.0, -2.0], rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("interval_ms", [60_000, 300_000, 420_000, 900_000])
def test_holds_the_value_of_the_step(interval_ms: int):
    grid = np.arange(STEPS + 1, dtype=np.float64)[:, None].repeat(2, axis=1)
    phase = np.array([0, interval_ms - 1])
    values = sampling.hold(grid, phase, interval_ms)
    assert (values == sampling.sample_times(phase, interval_ms) // STEP_MS).all()


def test_values_are_written_as_decimals():
    ticks = np.array([3, 215, -7])
    resolution = np.array([0.1, 0.1, 0.5])
    assert sampling.from_ticks(ticks, resolution).tolist() == [0.3, 21.5, -3.5]
    assert sampling.from_ticks(np.array([3]), np.array([10.0])).tolist() == [30.0]


def test_deadband_and_heartbeat_round_up():
    ticks = sampling.deadband_in_ticks(np.array([0.25, 0.3, 0.0]), np.array([0.1, 0.1, 0.1]))
    assert ticks.tolist() == [3, 3, 0]
    assert sampling.heartbeat_in_samples(np.array([1000, 900]), 450).tolist() == [3, 2]
