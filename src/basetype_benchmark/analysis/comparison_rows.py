"""The rows of a comparison, whoever shows them: differences, queries, and what stands beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from basetype_benchmark.analysis.comparison import LevelComparison, QueryComparison, Verdict
from basetype_benchmark.analysis.comparison_beside import BESIDE, quotient
from basetype_benchmark.analysis.comparison_words import level_name, verdict_in_words
from basetype_benchmark.analysis.environments import Difference
from basetype_benchmark.analysis.run_counts import runs_of_both
from basetype_benchmark.analysis.summary import QuerySummary
from basetype_benchmark.benchmark.ratio import Ratio


@dataclass(frozen=True, kw_only=True)
class QueryRow:
    """A query on both sides; None as a median: not to be ranked, and so not told.

    What a wrong answer took would tempt to compare.
    """

    query: str
    name: str
    a_p50_ns: float | None
    b_p50_ns: float | None
    n: str
    ratio: Ratio | None
    says: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class BesideRow:
    """What was seen on both sides, `factor` B over A; None: not measured."""

    compared: str
    what: str
    a: float | None
    b: float | None
    factor: float | None


def subject_of(difference: Difference) -> str:
    """Name what differs, and at how many more pairs of cells it does in other words."""
    others = f" (and otherwise at {difference.others} more)" if difference.others else ""
    return f"{difference.what}{others}"


def query_row(query: QueryComparison) -> QueryRow:
    """Give the row of a query."""
    return QueryRow(
        query=query.query,
        name=query.name,
        a_p50_ns=_median_ns(query.a),
        b_p50_ns=_median_ns(query.b),
        n=runs_of_both(query.a, query.b),
        ratio=query.ratio,
        says=verdict_in_words(query),
        verdict=query.verdict,
    )


def beside_rows(levels: Sequence[LevelComparison]) -> Iterator[BesideRow]:
    """Give the rows of loading, disk and memory; none of what neither side has."""
    for level in levels:
        for what, value in BESIDE.items():
            a, b = value(level.a), value(level.b)
            if (a, b) != (None, None):
                factor = quotient(a, b)
                yield BesideRow(compared=level_name(level), what=what, a=a, b=b, factor=factor)


def _median_ns(query: QuerySummary | None) -> float | None:
    if query is None or not query.is_ok or query.latency is None:
        return None
    return query.latency.p50_ns
