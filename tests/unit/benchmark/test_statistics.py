import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.benchmark.statistics import (
    Interval,
    LatencyStatistics,
    geometric_mean,
    summarise,
)

LATENCIES = st.lists(st.integers(min_value=1, max_value=10**13), min_size=1, max_size=40)


def test_percentiles_interpolate_linearly() -> None:
    found = summarise([10, 20, 30, 40, 50])
    assert found is not None
    assert (found.n, found.min_ns, found.p50_ns, found.max_ns, found.mean_ns) == (5, 10, 30, 50, 30)
    assert found.p95_ns == pytest.approx(48.0)
    assert found.p99_ns == pytest.approx(49.6)


def test_nothing_measured_gives_none_and_not_zero() -> None:
    assert summarise([]) is None
    assert geometric_mean([]) is None


def test_one_latency_has_no_interval() -> None:
    found = summarise([7])
    assert found is not None
    assert found.p50_ns == found.p99_ns == 7
    assert found.p50_interval is None
    assert found.p95_interval is None


@given(LATENCIES)
def test_percentiles_never_fall_and_stay_inside_the_sample(values: list[int]) -> None:
    found = summarise(values)
    assert found is not None
    ladder = [found.min_ns, found.p50_ns, found.p95_ns, found.p99_ns, found.max_ns]
    assert all(low <= high for low, high in itertools.pairwise(ladder))
    assert found.min_ns == min(values)
    assert found.max_ns == max(values)


@given(LATENCIES)
def test_order_of_the_samples_does_not_matter(values: list[int]) -> None:
    assert summarise(values) == summarise(values[::-1])


def test_bootstrap_interval_holds_the_median_of_a_known_distribution() -> None:
    values = np.random.Generator(np.random.Philox(1)).normal(1e6, 1e5, size=200).astype(int)
    found = summarise(values.tolist())
    assert found is not None
    assert found.p50_interval is not None
    assert found.p50_interval.low_ns < 1e6 < found.p50_interval.high_ns
    # The standard error of this median is about 1e5 * sqrt(pi / 2 / 200) = 8 900.
    assert 2 * 8_900 < found.p50_interval.high_ns - found.p50_interval.low_ns < 6 * 8_900


def test_statistics_that_fall_are_refused() -> None:
    with pytest.raises(ValueError, match="must not fall"):
        LatencyStatistics(
            n=2,
            min_ns=1,
            p50_ns=3,
            p95_ns=2,
            p99_ns=4,
            max_ns=5,
            mean_ns=2,
            p50_interval=None,
            p95_interval=None,
        )
    with pytest.raises(ValueError, match="cannot run from"):
        Interval(low_ns=2, high_ns=1)


def test_geometric_mean_of_a_known_series() -> None:
    assert geometric_mean([1.0, 10.0, 100.0]) == pytest.approx(10.0)


@given(st.lists(st.floats(min_value=1, max_value=1e12), min_size=1, max_size=20), st.integers(2, 9))
def test_geometric_mean_scales_with_its_values(values: list[float], factor: int) -> None:
    one = geometric_mean(values)
    many = geometric_mean([factor * value for value in values])
    assert one is not None
    assert many is not None
    assert math.isclose(many, factor * one, rel_tol=1e-9)


@pytest.mark.parametrize("value", [0.0, -1.0])
def test_a_latency_of_zero_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        geometric_mean([1.0, value])
