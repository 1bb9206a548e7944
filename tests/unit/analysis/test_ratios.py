"""Ratios of summaries whose latencies are made up, so that the right ratio is known."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.analysis.comparison import Verdict, verdict_of
from basetype_benchmark.analysis.level_samples import QueryLatencies
from basetype_benchmark.analysis.query_summaries import figures_of
from basetype_benchmark.analysis.ratios import compare_levels, compare_queries
from basetype_benchmark.benchmark.estimate import (
    Estimate,
    ResampledUnit,
    from_repetitions,
    mean_of,
)
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.percentiles import sort_latencies
from basetype_benchmark.benchmark.ratio import Ratio, ratio_of
from basetype_benchmark.benchmark.ratio_words import format_ratio
from tests.measured import MadeCell, Variants, log_normal, measured_query, summarise_made

ESTIMATES = st.builds(
    Estimate,
    log_value=st.floats(0, 30),
    variance=st.floats(0, 4),
    degrees_of_freedom=st.integers(1, 1000).map(float),
    unit=st.sampled_from(ResampledUnit),
)


def estimated(repetitions: list[Variants]) -> Estimate:
    parts = tuple(
        sort_latencies(np.concatenate(r), np.repeat(np.arange(len(r)), len(r[0])))
        for r in repetitions
    )
    together = parts[0] if len(parts) == 1 else sort_latencies(np.concatenate(repetitions, None))
    latencies = QueryLatencies(query="Q1", repetitions=parts, together=together)
    found = figures_of(latencies).p50.estimate
    assert found is not None
    return found


def repeated(seed: int, repetitions: int, *, apart: float = 0.05) -> list[Variants]:
    """Repetitions that differ among each other by `apart`."""
    rng = np.random.default_rng(seed)
    return [
        log_normal(1000 * seed + n, runs=20, median_ns=1e6 * rng.lognormal(0, apart))
        for n in range(repetitions)
    ]


@given(ESTIMATES)
def test_a_thing_over_itself_is_not_distinguishable(estimate: Estimate) -> None:
    ratio = ratio_of(estimate, estimate)
    assert ratio is not None
    assert ratio.value == 1
    assert not ratio.is_distinguishable


@given(ESTIMATES, ESTIMATES)
def test_the_inverse_ratio_has_the_inverse_interval(one: Estimate, other: Estimate) -> None:
    there, back = one.over(other), other.over(one)
    assert there.ends == pytest.approx([1 / end for end in reversed(back.ends)], rel=1e-6)
    assert there.ends[0] <= there.value <= there.ends[1]


@given(st.lists(ESTIMATES, min_size=1, max_size=13))
def test_a_mean_lies_among_its_parts_and_is_known_no_worse_than_the_worst(
    parts: list[Estimate],
) -> None:
    mean = mean_of(parts)
    logs = [part.log_value for part in parts]
    assert min(logs) - 1e-9 <= mean.log_value <= max(logs) + 1e-9
    assert mean.variance <= max(part.variance for part in parts) * (1 + 1e-9)


def test_one_repetition_is_no_sample_of_repetitions() -> None:
    with pytest.raises(ValueError, match="one repetition"):
        from_repetitions(0.0, [0.0])


@pytest.mark.parametrize("repetitions", [1, 2, 3, 5])
def test_equal_things_are_told_apart_in_about_5_of_100_cases(repetitions: int) -> None:
    """Of 400 pairs; by the seeds, always the same ones."""
    apart = 0.0 if repetitions == 1 else 0.05
    found = [estimated(repeated(seed, repetitions, apart=apart)) for seed in range(401)]
    ratios = [ratio_of(a, b) for a, b in pairwise(found)]
    told_apart = sum(ratio is not None and ratio.is_distinguishable for ratio in ratios)
    assert 2 <= told_apart <= 28


@pytest.mark.parametrize("runs", [2, 3, 10])
def test_few_runs_of_each_variant_tell_equal_things_apart_no_more_often(runs: int) -> None:
    """Of 400 pairs, of five unlike variants each; by the seeds, always the same ones."""
    found = [
        estimated([[m for n in (1, 2, 3, 5, 8) for m in one_variant(seed, n, runs)]])
        for seed in range(401)
    ]
    ratios = [ratio_of(a, b) for a, b in pairwise(found)]
    assert sum(ratio is not None and ratio.is_distinguishable for ratio in ratios) <= 28


def one_variant(seed: int, factor: int, runs: int) -> Variants:
    return log_normal(1000 * seed + factor, runs=runs, median_ns=1e6 * factor, sigma=0.2)


def test_scenarios_are_compared_by_query_and_as_a_whole(tmp_path: Path) -> None:
    summary = summarise_made(
        tmp_path,
        *(
            MadeCell(
                queries={
                    "Q1": log_normal(n, median_ns=1e6 * factor),
                    "Q2": log_normal(10 + n, median_ns=5e6 / factor),
                },
                scenario=scenario,
                repetition=n,
            )
            for scenario, factor in (("P1", 1.0), ("O2", 2.0))
            for n in (1, 2, 3)
        ),
    )
    base, level = summary.levels
    slower = compare_queries(level.queries[0], base.queries[0])
    faster = compare_queries(level.queries[1], base.queries[1])
    assert slower is not None
    assert faster is not None
    assert slower.value == pytest.approx(2, rel=0.05)
    assert slower.low > 1.5
    assert faster.value == pytest.approx(0.5, rel=0.05)
    assert faster.high < 0.75
    whole = compare_levels(level, base)
    assert whole is not None
    assert whole.value == pytest.approx(1, rel=0.05)
    assert not whole.is_distinguishable


def test_what_failed_on_a_side_is_not_compared(tmp_path: Path) -> None:
    wrong = measured_query("Q1", log_normal(1), Outcome.WRONG_ANSWER)
    summary = summarise_made(
        tmp_path,
        MadeCell(queries={"Q1": log_normal(2), "Q2": log_normal(3)}),
        MadeCell(queries={"Q1": wrong, "Q2": log_normal(4, median_ns=2e6)}, scenario="O2"),
    )
    base, level = summary.levels
    assert compare_queries(level.queries[0], base.queries[0]) is None
    only = compare_levels(level, base)
    assert only is not None
    assert only.value == pytest.approx(2, rel=0.1)
    assert compare_levels(level, replace(base, queries=())) is None


def test_a_single_execution_is_not_compared(tmp_path: Path) -> None:
    (level,) = summarise_made(tmp_path, MadeCell(queries={"Q1": [[1_000_000]]})).levels
    assert level.geometric_mean_p50_ns == pytest.approx(1e6)
    assert level.geometric_mean_interval is None
    assert compare_levels(level, level) is None


def test_variants_that_ran_once_each_are_not_compared(tmp_path: Path) -> None:
    """The spread among variants is none of a measurement: btb run --runs 1 tells nothing of it."""
    summary = summarise_made(
        tmp_path,
        MadeCell(queries={"Q1": log_normal(1, runs=1, variants=8)}),
        MadeCell(queries={"Q1": log_normal(2, runs=1, variants=8)}, scenario="O2"),
    )
    a, b = summary.levels
    assert a.geometric_mean_interval is None
    assert a.queries[0].latency is not None
    assert a.queries[0].latency.p50_interval is None
    assert compare_queries(b.queries[0], a.queries[0]) is None
    assert compare_levels(b, a) is None


def test_an_interval_over_many_powers_of_ten_is_not_worth_its_figures() -> None:
    ratio = Ratio(value=1.5, low=6.8e-06, high=3.4e05)
    assert format_ratio(ratio) == "1.50 (too few runs to tell)"
    wide = Ratio(value=1.5, low=0.15, high=15)
    assert format_ratio(wide) == "1.50 (0.15 to 15)"


def test_an_interval_that_tells_nothing_gives_no_verdict() -> None:
    assert verdict_of(Ratio(value=12, low=1.1, high=132)) is Verdict.NO_DIFFERENCE
    assert verdict_of(Ratio(value=0.08, low=0.007, high=0.9)) is Verdict.NO_DIFFERENCE
    assert verdict_of(Ratio(value=12, low=1.4, high=132)) is Verdict.SLOWER
