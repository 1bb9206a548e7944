"""What one measurement took of another's time, and whether that is shown at all.

The ratio is that of medians, or of geometric means of medians; its interval is Student's with the
standard errors of both sides, see `estimate`. Where both sides have repetitions those are what was
drawn; with one repetition on a side its executions are, and what differs from restart to restart is
not in the interval.
"""

from __future__ import annotations

from basetype_benchmark.analysis.summary import LevelSummary, QuerySummary
from basetype_benchmark.benchmark.ratio import Ratio, compare_medians, ratio_of


def compare_queries(query: QuerySummary, base: QuerySummary) -> Ratio | None:
    """Give the median of a query over that of another one; None unless both are ok."""
    if not (query.is_ok and base.is_ok):
        return None
    return ratio_of(query.p50, base.p50)


def compare_levels(level: LevelSummary, base: LevelSummary) -> Ratio | None:
    """Give the geometric mean of the medians over that of another level.

    Over the queries that are ok in both; None when there is none, or one of them says nothing of
    its spread.
    """
    pairs = [(found, base.find(found.query)) for found in level.queries]
    both = [(a.median, b.median) for a, b in pairs if b is not None and a.is_ok and b.is_ok]
    return compare_medians([a for a, _ in both], [b for _, b in both])
