"""Percentiles of latencies that are made up: their intervals hold the truth as often as said."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from basetype_benchmark.benchmark.percentiles import (
    Percentile,
    Sorted,
    estimate_percentile,
    fewest,
    sort_latencies,
)

LATENCIES = st.lists(
    st.tuples(st.integers(0, 10**13), st.integers(1, 4)), min_size=1, max_size=80
).map(lambda pairs: ([float(x) for x, _ in pairs], [v for _, v in pairs]))
SHARES = st.sampled_from([0.5, 0.95])


def of(latencies: tuple[list[float], list[int]], share: float) -> Percentile:
    return estimate_percentile(sort_latencies(*latencies), share)


def drawn(rng: np.random.Generator, medians: list[float], runs: int) -> Sorted:
    """Log-normal latencies of variants with these medians."""
    values = np.concatenate([m * rng.lognormal(0, 0.2, runs) for m in medians])
    return sort_latencies(values, np.repeat(np.arange(len(medians)), runs))


@given(LATENCIES, SHARES)
def test_the_interval_holds_the_estimate_and_lies_in_the_sample(
    latencies: tuple[list[float], list[int]], share: float
) -> None:
    found = of(latencies, share)
    assert found.value == pytest.approx(np.percentile(latencies[0], 100 * share))
    fewest_of_one = min(Counter(latencies[1]).values())
    is_few = len(latencies[0]) < fewest(share) or fewest_of_one < fewest(0.5)
    assert (found.low is None) == is_few
    assert (found.deviation is None) == (fewest_of_one < 2)
    if found.low is not None and found.high is not None:
        assert min(latencies[0]) <= found.low <= found.value <= found.high <= max(latencies[0])


@given(LATENCIES, SHARES, st.integers(2, 1000))
def test_everything_scales_with_the_latencies(
    latencies: tuple[list[float], list[int]], share: float, factor: int
) -> None:
    one = of(latencies, share)
    many = of(([factor * x for x in latencies[0]], latencies[1]), share)
    assert many.value == pytest.approx(factor * one.value, rel=1e-9)
    if one.low is not None:
        assert many.low == pytest.approx(factor * one.low, rel=1e-9)
        assert many.high == pytest.approx(factor * (one.high or 0), rel=1e-9)
    if one.deviation is not None:
        tolerance = 1e-6 * factor * max(latencies[0])
        assert many.deviation == pytest.approx(factor * one.deviation, abs=tolerance)


@given(LATENCIES, SHARES, st.randoms())
def test_neither_order_nor_numbering_of_the_variants_matters(
    latencies: tuple[list[float], list[int]], share: float, random: Random
) -> None:
    pairs = list(zip(*latencies, strict=True))
    random.shuffle(pairs)
    shuffled = ([x for x, _ in pairs], [10 * v for _, v in pairs])
    assert of(shuffled, share) == of(latencies, share)


def test_one_latency_says_nothing_of_its_spread() -> None:
    assert of(([7.0], [1]), 0.5) == Percentile(value=7, low=None, high=None, deviation=None)


def test_variants_that_ran_once_say_nothing_of_their_spread() -> None:
    found = of(([float(n) for n in range(100)], list(range(100))), 0.5)
    assert (found.low, found.high, found.deviation) == (None, None, None)
    assert of(([1.0, 1.1, 3.0], [1, 1, 2]), 0.5).deviation is None


def test_of_fewer_than_six_of_a_variant_there_is_no_interval() -> None:
    """The percentile may lie amid that one."""
    values = [float(n) for n in range(100)]
    assert of((values, [1] * 5 + [2] * 95), 0.5).low is None
    assert of((values, [1] * 5 + [2] * 95), 0.95).low is None
    assert of((values, [1] * 6 + [2] * 94), 0.5).low is not None


@pytest.mark.parametrize("runs", [2, 3, 5])
@pytest.mark.parametrize("medians", [[1.0] * 3, [1.0, 1.5, 3.0], [1.0] * 13])
def test_the_deviation_of_few_runs_holds_the_truth_in_about_95_of_100_cases(
    medians: list[float], runs: int
) -> None:
    """Of 1 000 samples, with Student's quantile for the differences within variants."""
    rng = np.random.default_rng(20240106)
    samples = [drawn(rng, medians, runs) for _ in range(1000)]
    quantile = special.stdtrit(samples[0].degrees_of_freedom, 0.975)
    truth = 1.5 if len(set(medians)) > 1 else 1.0
    held = 0
    for sample in samples:
        found = estimate_percentile(sample, 0.5)
        assert found.deviation is not None
        held += abs(np.log(found.value / truth)) <= quantile * found.deviation / found.value
    assert held >= 920


def test_too_few_latencies_have_a_deviation_and_no_interval() -> None:
    assert (fewest(0.5), fewest(0.95)) == (6, 59)
    five, six = ([float(x) for x in range(n)] for n in (5, 6))
    assert of((five, [1] * 5), 0.5).low is None
    assert of((five, [1] * 5), 0.5).deviation is not None
    assert (of((six, [1] * 6), 0.5).low, of((six, [1] * 6), 0.5).high) == (0, 5)


def test_the_deviation_is_that_of_real_draws() -> None:
    """Against 4 000 resamples of 60 latencies in three unlike variants."""
    rng = np.random.default_rng(1)
    values = np.stack([m * rng.lognormal(0, 0.2, 20) for m in (1.0, 1.5, 3.0)])
    picked = rng.integers(0, 20, size=(4000, 3, 20))
    resampled = np.take_along_axis(values[None].repeat(4000, axis=0), picked, axis=2)
    medians = np.median(resampled.reshape(4000, -1), axis=1)
    found = estimate_percentile(sort_latencies(values.ravel(), np.repeat([1, 2, 3], 20)), 0.5)
    assert found.deviation == pytest.approx(medians.std(), rel=0.15)
    low, high = np.percentile(medians, [2.5, 97.5])
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.05)


@pytest.mark.parametrize(
    ("medians", "runs", "share", "truth"),
    [
        ([1.0], 6, 0.5, 1.0),
        ([1.0], 30, 0.5, 1.0),
        ([1.0], 300, 0.5, 1.0),
        ([1.0, 3.0, 10.0], 6, 0.5, 3.003),
        ([1.0, 3.0, 10.0], 10, 0.5, 3.003),
        ([1.0] * 13, 6, 0.5, 1.0),
        ([1.0], 100, 0.95, 1.3895),
        ([1.0], 500, 0.95, 1.3895),
    ],
)
def test_the_interval_holds_the_truth_in_about_95_of_100_cases(
    medians: list[float], runs: int, share: float, truth: float
) -> None:
    """Of 1 000 samples; by the seed, always the same ones."""
    rng = np.random.default_rng(20240105)
    found = [estimate_percentile(drawn(rng, medians, runs), share) for _ in range(1000)]
    held = sum(f.low is not None and f.high is not None and f.low <= truth <= f.high for f in found)
    assert 920 <= held <= 985
