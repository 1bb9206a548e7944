"""Why a cell is not viable, in a few words, and whether memory may be the reason."""

from __future__ import annotations

from dataclasses import dataclass

from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import BenchmarkResult, worst_outcome

_CELL_WORDS = {
    CellOutcome.OOM_LOAD: "oom load",
    CellOutcome.OOM_QUERY: "oom",
    CellOutcome.OOM_RECOVERY: "oom recovery",
    CellOutcome.LOAD_REFUSED: "refused load",
    CellOutcome.LOAD_TIMEOUT: "timeout load",
    CellOutcome.LOAD_STALLED: "stalled load",
    CellOutcome.CONTAINER_FAILED: "server failed",
    CellOutcome.ERROR: "error",
}

_NO_SERVER = {CellOutcome.OOM_LOAD: "oom start", CellOutcome.CONTAINER_FAILED: "no start"}
"""When a server did not start, nothing is known of any query."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """`words` as in ``oom load``, ``refused Q7``; `is_memory_matter`: more might mend it."""

    words: str
    reason: str
    is_memory_matter: bool


def find_failure(result: BenchmarkResult) -> Failure | None:
    """Say why a cell is not viable; None when every query is ok, or cannot be expressed.

    An error of a cell is one that no amount of memory mends: wrong counts, a full disk, a mistake
    of ours. A query that ends in an error may well lack memory: a Java server says it that way.
    """
    if result.is_ok:
        return None
    if result.outcome is CellOutcome.COMPLETED:
        return _query_failure(result)
    return Failure(
        words=_cell_words(result),
        reason=result.reason or "no reason is known",
        is_memory_matter=result.outcome is not CellOutcome.ERROR,
    )


def _cell_words(result: BenchmarkResult) -> str:
    """Name the query that did it, where there is one: what came of the server after it is less."""
    killed = _name_queries(result, Outcome.OOM)
    if killed:
        return f"oom{killed}"
    if not result.queries:
        words = _NO_SERVER.get(result.outcome)
        if words is not None:
            return words
    return _CELL_WORDS[result.outcome]


def _query_failure(result: BenchmarkResult) -> Failure:
    outcomes = [query.outcome for query in result.queries]
    worst = worst_outcome([o for o in outcomes if o is not Outcome.UNSUPPORTED])
    words = worst.value.replace("_", " ")
    reasons = (q.reason for q in result.queries if q.outcome is worst and q.reason is not None)
    return Failure(
        words=f"{words}{_name_queries(result, worst)}",
        reason=next(reasons, "no reason is known"),
        is_memory_matter=worst is not Outcome.WRONG_ANSWER,
    )


def _name_queries(result: BenchmarkResult, outcome: Outcome) -> str:
    named = [query.query for query in result.queries if query.outcome is outcome]
    more = f" +{len(named) - 1}" if len(named) > 1 else ""
    return f" {named[0]}{more}" if named else ""
