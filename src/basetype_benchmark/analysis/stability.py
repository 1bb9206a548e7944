"""When a figure means little: the rules, each with how often it is wrong about a stable query.

- A wide interval. The 95 % interval of the median is wider than a quarter of the median: two
  scenarios would have to differ by more than that to be told apart. Or there is no interval, as
  there are too few executions. No test of anything: it says how much is known.
- A drift. The later runs are slower, or faster, than the earlier ones by more than a tenth, and a
  trend so strong comes up once in a hundred stable queries (see `drift`).
- Restarts that differ. The medians of the repetitions lie more than a tenth apart, and by the test
  of Kruskal and Wallis (JASA 47, 1952) executions of one and the same distribution would differ so
  once in a hundred times. The interval from repetitions allows for it; one repetition would not
  have shown it.

So a stable query is marked by mistake at most once in fifty times for drift and restarts together,
and more rarely the less its executions spread, as both also ask for a tenth.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from basetype_benchmark.analysis.drift import Trend
from basetype_benchmark.analysis.level_samples import QueryLatencies
from basetype_benchmark.benchmark.statistics import LatencyStatistics

WIDEST_INTERVAL = 0.25
RELEVANT_CHANGE = 0.10
FALSE_ALARM_RATE = 0.01


def find_instability(
    latency: LatencyStatistics, latencies: QueryLatencies, trend: Trend | None
) -> Iterator[str]:
    """Say in words why a figure means little; nothing where it is stable."""
    yield from _width(latency, latencies)
    if trend is not None:
        yield from _drift(trend)
    if len(latencies.repetitions) > 1:
        yield from _restarts(latencies)


def _width(latency: LatencyStatistics, latencies: QueryLatencies) -> Iterator[str]:
    interval, p50_ns = latency.p50_interval, max(1.0, latency.p50_ns)
    if interval is None:
        variants = latencies.together.executions.size
        of = f" of {variants} variants" if variants > 1 else ""
        yield f"n={latency.n}{of} is too few for an interval of the median"
    elif interval.high_ns - interval.low_ns > WIDEST_INTERVAL * p50_ns:
        low, high = (end / p50_ns - 1 for end in (interval.low_ns, interval.high_ns))
        yield f"the interval of the median is wide: {low:+.0%} to {high:+.0%}"


def _drift(trend: Trend) -> Iterator[str]:
    is_relevant = abs(np.log(trend.change)) > np.log1p(RELEVANT_CHANGE)
    if is_relevant and trend.p_value < FALSE_ALARM_RATE:
        yield f"it drifted: the later runs took {trend.change - 1:+.0%} against the earlier ones"


def _restarts(latencies: QueryLatencies) -> Iterator[str]:
    medians = [float(np.median(one.values)) for one in latencies.repetitions]
    low, high = max(1.0, min(medians)), max(1.0, *medians)
    if high > (1 + RELEVANT_CHANGE) * low and _differ(latencies):
        yield (
            f"the medians of its {len(medians)} restarts lie {high / low - 1:.0%} apart,"
            " more than its executions explain"
        )


def _differ(latencies: QueryLatencies) -> bool:
    from scipy import stats  # noqa: PLC0415 - takes most of a second, and few queries come here

    found = stats.kruskal(*(one.values for one in latencies.repetitions))
    return bool(found.pvalue < FALSE_ALARM_RATE)
