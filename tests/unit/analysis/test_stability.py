"""Which figures are marked as unstable: none that is stable, and those that were made unstable."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from basetype_benchmark.analysis.drift import trends
from basetype_benchmark.analysis.level_samples import latencies_by_query
from basetype_benchmark.analysis.stability import find_instability
from basetype_benchmark.benchmark.statistics import summarise_sorted

DRIFT, RESTARTS, WIDE = "it drifted", "restarts lie", "interval of the median is wide"


def answered(repetitions: Sequence[np.ndarray]) -> pl.DataFrame:
    """One query: for each repetition an array of latencies, a row for each run."""
    return pl.concat(
        pl.DataFrame(
            {
                "repetition": np.repeat(np.int32(number), values.size),
                "query": ["Q1"] * values.size,
                "variant": np.tile(np.arange(1, values.shape[1] + 1), len(values)),
                "run": np.repeat(np.arange(1, len(values) + 1), values.shape[1]),
                "elapsed_ns": np.rint(values).astype(np.int64).ravel(),
            }
        )
        for number, values in enumerate(repetitions)
    )


def judged(repetitions: Sequence[np.ndarray]) -> list[str]:
    rows = answered(repetitions)
    (latencies,) = latencies_by_query(rows)
    found = summarise_sorted(latencies.together)
    return list(find_instability(found, latencies, trends(rows).get("Q1")))


def made(
    seed: int, *, runs: int = 30, variants: int = 2, sigma: float = 0.1, scale: float = 1.0
) -> np.ndarray:
    """Latencies of unlike variants."""
    medians = 1e6 * scale * np.geomspace(1, 1.5, variants)
    return medians * np.random.default_rng(seed).lognormal(0, sigma, size=(runs, variants))


@pytest.mark.parametrize(
    ("runs", "sigma", "repetitions"), [(10, 0.1, 1), (10, 0.3, 3), (30, 0.1, 3), (100, 0.3, 1)]
)
def test_a_stable_query_is_marked_at_most_once_in_fifty_times(
    runs: int, sigma: float, repetitions: int
) -> None:
    """Of 200 queries; by the seeds, always the same ones. How wide it is, is another matter."""
    found = [
        judged([made(10 * n + r, runs=runs, sigma=sigma) for r in range(repetitions)])
        for n in range(200)
    ]
    marked = sum(any(WIDE not in reason for reason in reasons) for reasons in found)
    assert marked <= 4


def test_a_trend_comes_up_by_chance_as_often_as_said() -> None:
    """Of 1 000 stable queries, in one frame; by the seed, always the same ones."""
    rng = np.random.default_rng(3)
    rows = pl.concat(
        answered([rng.lognormal(14, 0.2, size=(10, 3))]).with_columns(query=pl.lit(f"Q{n}"))
        for n in range(1000)
    )
    p_values = [trend.p_value for trend in trends(rows).values()]
    assert len(p_values) == 1000
    for level in (0.01, 0.05, 0.2):
        expected = 1000 * level
        assert abs(sum(p < level for p in p_values) - expected) < 4 * np.sqrt(expected)


def test_a_drift_over_the_runs_is_seen_whatever_the_variants_take() -> None:
    slowing = np.linspace(1, 1.5, 30)[:, None] * made(1)
    (reason,) = judged([slowing])
    assert reason.startswith(f"{DRIFT}: the later runs took +2")
    (reason,) = judged([slowing[::-1]])
    assert reason.startswith(f"{DRIFT}: the later runs took -")


def test_the_change_is_that_of_the_halves_over_the_medians_of_the_variants() -> None:
    """Two variants, 10 times apart, five runs: 10 % less before the middle one, 20 % more after."""
    runs = np.array([0.9, 0.9, 1.0, 1.2, 1.2])[:, None] * [1e6, 1e7]
    found = trends(answered([runs]))["Q1"]
    assert found.change == pytest.approx(1.2 / 0.9)
    assert trends(answered([np.ones((1, 2))])) == {}


def test_a_drift_that_does_not_matter_is_not_marked() -> None:
    assert judged([np.linspace(1, 1.05, 100)[:, None] * made(2, runs=100, sigma=0.01)]) == []


def test_restarts_that_differ_are_marked_and_by_how_much() -> None:
    (reason,) = judged(
        [made(n, scale=scale, sigma=0.02) for n, scale in ((1, 1), (2, 1.0), (3, 1.3))]
    )
    assert RESTARTS in reason
    assert "30% apart" in reason or "29% apart" in reason or "31% apart" in reason


def test_a_wide_interval_is_marked_with_its_ends() -> None:
    (reason,) = judged([made(5, runs=6, variants=1, sigma=0.5)])
    assert WIDE in reason
    assert judged([made(6, runs=60, variants=1, sigma=0.1)]) == []


def test_too_few_executions_are_marked_as_such() -> None:
    assert judged([made(7, runs=3, variants=1)]) == ["n=3 is too few for an interval of the median"]
    assert judged([made(7, runs=3, variants=2)]) == [
        "n=6 of 2 variants is too few for an interval of the median"
    ]


def test_latencies_that_do_not_vary_have_no_trend() -> None:
    assert judged([np.full((20, 2), 1e6)]) == []
    assert judged([np.zeros((20, 2))]) == []
