"""Ratios of latencies that are made up, so that the right ratio is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.ratio import (
    Latencies,
    compare_latencies,
    geometric_mean_p50,
    latencies_of,
)
from tests.records import make_query, make_result


def drawn(seed: int, *, scale: float = 1.0, runs: int = 30, repetitions: int = 1) -> Latencies:
    """Two queries of two variants each, some 1 and 5 ms; the same noise for the same seed."""
    rng = np.random.default_rng(seed)

    def variants(median_ns: float) -> list[list[int]]:
        return [
            [round(scale * median_ns * factor) for factor in rng.lognormal(0, 0.1, runs)]
            for _ in range(2)
        ]

    return {
        name: [variants(median_ns) for _ in range(repetitions)]
        for name, median_ns in (("Q1", 1e6), ("Q2", 5e6))
    }


def scaled(latencies: Latencies, factors: list[float]) -> Latencies:
    """Slow every repetition down by a factor of its own."""
    return {
        query: [
            [[round(value * factor) for value in variant] for variant in variants]
            for variants, factor in zip(repetitions, factors, strict=True)
        ]
        for query, repetitions in latencies.items()
    }


def test_the_ratio_is_that_of_the_medians() -> None:
    ratio = compare_latencies(drawn(1), drawn(1, scale=0.5))
    assert ratio is not None
    assert ratio.value == pytest.approx(0.5, rel=1e-5)
    assert 0.45 < ratio.low < 0.5 < ratio.high < 0.55


def test_queries_weigh_alike_whatever_they_take() -> None:
    """One query twice as fast and one twice as slow: together no change."""
    before = {"Q1": [[[1000] * 2]], "Q2": [[[1_000_000] * 2]]}
    after = {"Q1": [[[500] * 2]], "Q2": [[[2_000_000] * 2]]}
    ratio = compare_latencies(before, after)
    assert ratio is not None
    assert (ratio.low, ratio.value, ratio.high) == pytest.approx((1, 1, 1))


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Of 200 pairs drawn from one distribution, 95 % hold 1; by the seeds, always the same ones."""
    ratios = [compare_latencies(drawn(n), drawn(1000 + n)) for n in range(200)]
    held = sum(r is not None and r.low <= 1 <= r.high for r in ratios)
    assert 180 <= held <= 200


def test_what_differs_between_repetitions_widens_the_interval() -> None:
    before, after = drawn(1, repetitions=3), drawn(2, repetitions=3)
    quiet = compare_latencies(before, after)
    noisy = compare_latencies(before, scaled(after, [0.8, 1.0, 1.25]))
    assert quiet is not None
    assert noisy is not None
    assert noisy.high - noisy.low > 2 * (quiet.high - quiet.low)
    assert noisy.low < 0.9 < 1.1 < noisy.high


def test_only_what_both_have_is_compared() -> None:
    before = {"Q1": [[[100] * 2]], "Q2": [[[1] * 2]]}
    after = {"Q1": [[[200] * 2]], "Q3": [[[1] * 2]]}
    ratio = compare_latencies(before, after)
    assert ratio is not None
    assert (ratio.low, ratio.value, ratio.high) == pytest.approx((2, 2, 2))
    assert compare_latencies(before, {}) is None


def test_variants_that_ran_once_each_are_not_compared() -> None:
    """What variants differ by says nothing of how exact a measurement is."""
    once = drawn(1, runs=1)
    assert compare_latencies(once, drawn(2, runs=1)) is None
    assert compare_latencies(once, drawn(2)) is None
    repeated = compare_latencies(drawn(1, runs=1, repetitions=3), drawn(2, runs=1, repetitions=3))
    assert repeated is not None


@given(st.lists(st.integers(1, 10**12), min_size=2, max_size=9), st.integers(1, 10**6))
def test_the_value_lies_in_the_interval(values: list[int], factor: int) -> None:
    ratio = compare_latencies({"Q1": [[values]]}, {"Q1": [[[v * factor for v in values]]]})
    assert ratio is not None
    assert ratio.low <= ratio.value <= ratio.high
    assert ratio.value == pytest.approx(factor)


def test_a_query_counts_when_it_is_ok_in_every_repetition() -> None:
    good = make_result(queries=(make_query("Q1"), make_query("Q2")))
    bad = make_result(queries=(make_query("Q1"), make_query("Q2", outcome=Outcome.TIMEOUT)))
    runs = [1_000_000, 2_000_001, 3_000_002]
    assert latencies_of([good, bad]) == {"Q1": [[runs], [runs]]}
    assert geometric_mean_p50(latencies_of([good])) == pytest.approx(2_000_001)
    assert geometric_mean_p50({}) is None


def test_a_clock_that_did_not_move_counts_as_a_nanosecond() -> None:
    query = make_query("Q1")
    still = replace(query, samples=tuple(replace(s, elapsed_ns=0) for s in query.samples))
    assert latencies_of([make_result(queries=(still,))]) == {"Q1": [[[1, 1, 1]]]}
