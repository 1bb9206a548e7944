"""Reporting on change of value: the compiled loop against the rule as it is said."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from basetype_benchmark.dataset.simulation import change_of_value
from basetype_benchmark.dataset.simulation.arrays import DAY_MS
from basetype_benchmark.dataset.simulation.change_of_value import Reports, Stored, report

INTERVAL_MS = 60_000


def points(count: int) -> Reports:
    return Reports(
        interval_ms=INTERVAL_MS,
        phase_ms=np.arange(count) * 7_000,
        resolution=np.ones(count),
        deadband=np.ones(count),
        heartbeat_ms=np.full(count, DAY_MS),
        lost_from_ms=np.zeros(count, np.int64),
        lost_to_ms=np.zeros(count, np.int64),
    )


def report_slowly(ticks: list[int], deadband: int, heartbeat: int, lost: range) -> list[int]:
    """Positions reported, written as the rule is said."""
    kept = [0]
    for position, value in enumerate(ticks):
        far = abs(value - ticks[kept[-1]]) >= deadband
        if position and position not in lost and (far or position - kept[-1] >= heartbeat):
            kept.append(position)
    return kept


def samples_of(stored: Stored, reports: Reports, point: int) -> list[int]:
    """Positions of the samples that a point stored."""
    begin = int(stored.counts[:point].sum())
    times = stored.time_ms[begin : begin + int(stored.counts[point])]
    return ((times - reports.phase_ms[point]) // INTERVAL_MS).tolist()


@settings(deadline=None)
@given(
    arrays.arrays(np.int32, (3, 40), elements=st.integers(-8, 8)),
    st.lists(st.integers(0, 5), min_size=3, max_size=3),
    st.lists(st.integers(1, 12), min_size=3, max_size=3),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), min_size=3, max_size=3),
)
@pytest.mark.parametrize("compiled", [True, False])
def test_reports_what_the_rule_says(compiled: bool, ticks, deadbands, heartbeats, gaps):
    reports = replace(
        points(3),
        deadband=np.array(deadbands, float),
        heartbeat_ms=np.array(heartbeats) * INTERVAL_MS,
        lost_from_ms=np.array([first for first, _ in gaps]) * INTERVAL_MS + np.arange(3) * 7_000,
        lost_to_ms=np.array([first + many for first, many in gaps]) * INTERVAL_MS
        + np.arange(3) * 7_000,
    )
    with pytest.MonkeyPatch.context() as patch, np.errstate(over="ignore"):
        if not compiled:
            patch.setattr(change_of_value, "_run", change_of_value.follow)
        stored = report(ticks.astype(np.float32), reports, 5)
    for point in range(3):
        first, many = gaps[point]
        expected = report_slowly(
            ticks[point].tolist(), deadbands[point], heartbeats[point], range(first, first + many)
        )
        assert samples_of(stored, reports, point) == expected


def test_deadband_of_zero_reports_every_sample():
    reports = replace(points(2), deadband=np.zeros(2))
    assert report(np.zeros((2, 5), np.float32), reports, 1).counts.tolist() == [5, 5]


def test_samples_are_up_to_two_seconds_late_in_an_irregular_way():
    reports = replace(points(1), deadband=np.zeros(1))
    stored = report(np.zeros((1, 500), np.float32), reports, 9)
    late = stored.time_ms - np.arange(500) * INTERVAL_MS
    assert late.min() >= 0
    assert late.max() < 2_000
    assert late.std() == pytest.approx(2_000 / 12**0.5, rel=0.1)
    assert len(set(np.diff(late).tolist())) > 300


def test_no_sample_is_later_than_its_day():
    reports = replace(points(1), phase_ms=np.array([INTERVAL_MS - 1]), deadband=np.zeros(1))
    stored = report(np.zeros((1, 1440), np.float32), reports, 3)
    assert stored.time_ms.max() == DAY_MS - 1
    assert (np.diff(stored.time_ms) > 0).all()


def test_values_are_written_as_decimals():
    reports = replace(points(4), resolution=np.array([0.1, 0.1, 0.5, 10.0]))
    values = np.array([[0.31], [21.46], [-3.6], [26.0]], np.float32)
    assert report(values, reports, 1).value.tolist() == [0.3, 21.5, -3.5, 30.0]


def test_minus_zero_is_written_as_zero():
    value = report(np.full((1, 1), -0.2, np.float32), points(1), 1).value
    assert not np.signbit(value).any()


def test_deadband_and_heartbeat_round_up():
    ticks = change_of_value.deadband_in_ticks(np.array([0.25, 0.3, 0.0]), np.full(3, 0.1))
    assert ticks.tolist() == [3, 3, 0]
    beats = change_of_value.heartbeat_in_samples(np.array([1000, 900]), 450)
    assert beats.tolist() == [3, 2]
