"""What one measurement took of another's time, and whether that is shown at all.

The ratio is that of medians, or of geometric means of medians; its interval is Student's with the
standard errors of both sides, see `estimate`. Where both sides have repetitions those are what was
drawn; with one repetition on a side its executions are, and what differs from restart to restart is
not in the interval.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from basetype_benchmark.analysis.estimate import Estimate, from_repetitions, mean_of
from basetype_benchmark.analysis.query_summaries import LEAST_NS
from basetype_benchmark.analysis.summary import LevelSummary, QuerySummary
from basetype_benchmark.benchmark.ratio import Ratio

NO_DIFFERENCE = "no difference shown"


def ratio_of(estimate: Estimate | None, base: Estimate | None) -> Ratio | None:
    """Give the estimate over its base; None unless both tell their spread."""
    if estimate is None or base is None:
        return None
    found = estimate.over(base)
    low, high = found.ends
    return Ratio(value=found.value, low=low, high=high)


def compare_queries(query: QuerySummary, base: QuerySummary) -> Ratio | None:
    """Give the median of a query over that of another one; None unless both are ok."""
    return ratio_of(query.p50, base.p50) if query.is_ok and base.is_ok else None


def compare_levels(level: LevelSummary, base: LevelSummary) -> Ratio | None:
    """Give the geometric mean of the medians over that of another level.

    Over the queries that are ok in both; None when there is none.
    """
    pairs = [(found, base.find(found.query)) for found in level.queries]
    both = [(a, b) for a, b in pairs if b is not None and a.is_ok and b.is_ok]
    return ratio_of(
        geometric_mean_of([a for a, _ in both]), geometric_mean_of([b for _, b in both])
    )


def geometric_mean_of(queries: Sequence[QuerySummary]) -> Estimate | None:
    """Estimate the geometric mean of the medians of queries of one level that are all ok.

    With repetitions, from the geometric mean that each of them had: what slowed one repetition down
    slowed all of its queries. Else the queries were drawn independently. None where one execution
    alone says nothing of its spread.
    """
    medians = [query.p50 for query in queries if query.p50 is not None]
    if not queries or len(medians) < len(queries):
        return None
    by_query = [query.p50_by_repetition_ns for query in queries]
    if len(by_query[0]) < 2:
        return mean_of(medians)
    logs = np.log(np.maximum(LEAST_NS, by_query)).mean(axis=0)
    return from_repetitions(mean_of(medians).log_value, logs.tolist())


def describe_ratio(ratio: Ratio) -> str:
    """Say it in words: a ratio whose interval holds 1 shows no difference."""
    ends = f"{ratio.low:.3g} to {ratio.high:.3g}"
    if not ratio.is_distinguishable:
        return f"{NO_DIFFERENCE} ({ends})"
    return f"{ratio.value:.3g} times the time ({ends})"
