"""Of how many executions figures are: the same in the terminal and on pages."""

from __future__ import annotations

from basetype_benchmark.analysis.summary import LevelSummary, QuerySummary

NOT_ASKED = "-"
RUN_COUNT_LEGEND = "n: answered executions, or repetitions x executions"


def runs_of_query(query: QuerySummary | None) -> str:
    """Write the executions that were answered: ``16``, and of three repetitions ``3 x 16``."""
    return NOT_ASKED if query is None else _write(query.answered_runs, len(query.cells))


def runs_of_level(level: LevelSummary) -> str:
    """Write those of all queries of a level."""
    return _write(sum(query.answered_runs for query in level.queries), len(level.cells))


def runs_of_both(a: QuerySummary | None, b: QuerySummary | None) -> str:
    """Write those of two sides: once where they are equal, else ``3 x 16 / 16``."""
    return " / ".join(dict.fromkeys(runs_of_query(side) for side in (a, b)))


def _write(runs: int, repetitions: int) -> str:
    each, left = divmod(runs, max(1, repetitions))
    return str(runs) if repetitions < 2 or left or not each else f"{repetitions} x {each}"
