"""What one measurement took of another's time, and whether that is shown at all.

The ratio is that of medians, or of geometric means of medians; its interval is Student's with the
standard errors of both sides, see `estimate`. Where both sides have repetitions those are what was
drawn; with one repetition on a side its executions are, and what differs from restart to restart is
not in the interval.
"""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.analysis.summary import LevelSummary, QuerySummary
from basetype_benchmark.benchmark.estimate import Estimate
from basetype_benchmark.benchmark.medians import geometric_mean_of_medians
from basetype_benchmark.benchmark.ratio import Ratio, ratio_of

NO_DIFFERENCE = "no difference shown"
TOO_FEW = "too few runs to tell"


def compare_queries(query: QuerySummary, base: QuerySummary) -> Ratio | None:
    """Give the median of a query over that of another one; None unless both are ok."""
    return _ratio(query.p50, base.p50) if query.is_ok and base.is_ok else None


def compare_levels(level: LevelSummary, base: LevelSummary) -> Ratio | None:
    """Give the geometric mean of the medians over that of another level.

    Over the queries that are ok in both; None when there is none.
    """
    pairs = [(found, base.find(found.query)) for found in level.queries]
    both = [(a, b) for a, b in pairs if b is not None and a.is_ok and b.is_ok]
    return _ratio(geometric_mean_of([a for a, _ in both]), geometric_mean_of([b for _, b in both]))


def geometric_mean_of(queries: Sequence[QuerySummary]) -> Estimate | None:
    """Estimate the geometric mean of the medians of queries of one level that are all ok.

    None where there is none, or one execution alone says nothing of its spread.
    """
    medians = [query.p50 for query in queries if query.p50 is not None]
    if not queries or len(medians) < len(queries):
        return None
    return geometric_mean_of_medians(medians, [query.p50_by_repetition_ns for query in queries])


def describe_ratio(ratio: Ratio) -> str:
    """Say it in words: a ratio whose interval holds 1 shows no difference."""
    ends = f"{ratio.low:.3g} to {ratio.high:.3g}" if ratio.is_telling else TOO_FEW
    if not ratio.is_distinguishable:
        return f"{NO_DIFFERENCE} ({ends})"
    return f"{ratio.value:.3g} times the time ({ends})"


def _ratio(estimate: Estimate | None, base: Estimate | None) -> Ratio | None:
    """Give the ratio; None unless both tell their spread."""
    return None if estimate is None or base is None else ratio_of(estimate, base)
