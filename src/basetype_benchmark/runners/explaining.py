"""Asks the engines for their plans once the measurement is over; no plan is no failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from basetype_benchmark.errors import DiskFull, QueryFailed, QueryTimeout, ServerDied
from basetype_benchmark.queries.statement import Statement
from basetype_benchmark.runners.measurement import Trial


def explain_trials(trials: Sequence[Trial], explain: Callable[[Statement], str | None]) -> None:
    """Give the first variant of each query that was answered its plan.

    Where an engine refuses, what it says stands for the plan. Once one has gone away or does not
    answer, no more is asked.
    """
    asked: set[str] = set()
    for trial in trials:
        question = trial.question.id
        if question in asked or not trial.is_answered:
            continue
        asked.add(question)
        try:
            trial.plan = explain(trial.statement)
        except (ServerDied, QueryTimeout):
            return
        except (QueryFailed, DiskFull) as error:
            trial.plan = f"(no plan: {error})"


def join_plans(plans: Mapping[str, str | None]) -> str | None:
    """Join the plans of two engines, each under its id; one alone stands by itself."""
    told = {engine: plan for engine, plan in plans.items() if plan is not None}
    if len(told) < 2 and len(plans) < 2:
        return next(iter(told.values()), None)
    return "\n\n".join(f"{engine}:\n{plan}" for engine, plan in told.items()) or None
