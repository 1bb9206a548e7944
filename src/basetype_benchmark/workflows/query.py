"""One query, once: for looking, for scripts, for debugging an engine."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.verify import verify_dataset
from basetype_benchmark.errors import LoadError, QueryFailed, QueryTimeout, ServerDied, UsageError
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.queries.catalog import (
    Parameters,
    ParameterType,
    ParameterValue,
    Question,
)
from basetype_benchmark.queries.statement import Statement, build_statement
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.runners.measurement import Attempt, timed_attempt
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.placement import ServiceChoice, require_engines
from basetype_benchmark.workflows.scenario import RunningScenario, may_hold, open_scenario
from basetype_benchmark.workflows.workload import choose_parameters


@dataclass(frozen=True, kw_only=True)
class QueryAnswer:
    """The rows of one execution, the parameters they answer, and how long it took."""

    statement: Statement
    parameters: Parameters
    execution: Execution
    elapsed_ns: int


def query_once(
    question: Question,
    scenario: Scenario,
    *,
    profile: str,
    seed: int,
    variant: int,
    variants: int,
    given: Mapping[str, str],
    timeout_s: float,
    settings: Settings,
    choice: ServiceChoice,
    progress: Progress = SILENT,
) -> QueryAnswer:
    """Run one query once, on data loaded earlier by the same code, else loaded now.

    `variant` is the number of the curated parameter set, from 1, in a campaign with so many
    `variants`; `given` are parameters by name, as text, that stand in for the variant's.

    Raises:
        UsageError: a parameter is unknown or malformed, there is no such variant, or loading would
            delete what others put into an external server.
        QueryFailed: the query gave no answer.
    """
    dataset = find_dataset(profile, seed, settings)
    require_engines([scenario], choice, to_load=False)
    parameters = resolve_parameters(question, dataset, variant, variants, given)
    statement = build_statement(question, scenario, parameters)
    place = _Place(scenario, settings, dataset, choice, timeout_s)
    attempt = _on_loaded_earlier(place, statement) or _on_loaded_now(place, statement, progress)
    if attempt.execution is None:
        raise attempt.failure or AssertionError("an attempt is an answer or a failure")
    return QueryAnswer(
        statement=statement,
        parameters=parameters,
        execution=attempt.execution,
        elapsed_ns=attempt.elapsed_ns,
    )


def resolve_parameters(
    question: Question, dataset: Dataset, variant: int, variants: int, given: Mapping[str, str]
) -> Parameters:
    """Take a variant's parameters, with those that the user gave instead.

    Raises:
        UsageError: a name is unknown, a time cannot be read, or there is no such variant.
    """
    types = {parameter.name: parameter.type for parameter in question.parameters}
    unknown = sorted(given.keys() - types.keys())
    if unknown:
        raise UsageError(
            f"{question.id} has no parameter {', '.join(unknown)}; "
            f"it has: {', '.join(types) or 'none'}"
        )
    own = {name: _parse(name, text, types[name]) for name, text in given.items()}
    if own.keys() == types.keys():
        return own
    return {**choose_parameters(dataset, question, variant, variants), **own}


class _Place(NamedTuple):
    """What `open_scenario` takes."""

    scenario: Scenario
    settings: Settings
    dataset: Dataset
    choice: ServiceChoice
    timeout_s: float


def _on_loaded_earlier(place: _Place, statement: Statement) -> Attempt | None:
    """Execute on what the stores hold; None when that is not the dataset."""
    if not may_hold(place.scenario, place.settings, place.dataset, place.choice):
        return None
    with open_scenario(*place, fresh=False) as running, _connected(running.runner):
        return _execute(running, statement) if _counts_agree(running) else None


def _on_loaded_now(place: _Place, statement: Statement, progress: Progress) -> Attempt:
    require_engines([place.scenario], place.choice, to_load=True)
    verify_dataset(place.dataset.folder, progress)
    with open_scenario(*place, fresh=True) as running, _connected(running.runner):
        running.forget_loaded()
        progress.note(f"loading {place.dataset.manifest.profile}; kept for the next query")
        running.runner.load_and_verify(progress)
        running.remember_loaded()
        return _execute(running, statement)


def _execute(running: RunningScenario, statement: Statement) -> Attempt:
    return timed_attempt(running.runner.execute, statement, time.perf_counter_ns)


@contextmanager
def _connected(runner: BenchmarkRunner) -> Iterator[None]:
    try:
        runner.connect()
        yield
    finally:
        runner.disconnect()


def _counts_agree(running: RunningScenario) -> bool:
    """Count what the stores hold; a store without our tables holds nothing."""
    try:
        running.runner.verify_counts()
    except (QueryTimeout, ServerDied):
        raise
    except (LoadError, QueryFailed):
        return False
    return True


def _parse(name: str, text: str, kind: ParameterType) -> ParameterValue:
    if kind is not ParameterType.TIMESTAMP:
        return _check_text(name, text)
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # an overflow beyond the years 1 to 9999 in UTC
        raise UsageError(
            f"{name}={text!r} is not a time; write it as 2024-01-01T00:00:00Z"
        ) from None


def _check_text(name: str, text: str) -> str:
    """Refuse what one engine could not even be asked, alike for all of them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{name}={text!r} is not Unicode text") from None
    if "\0" in text:
        raise UsageError(f"{name}={text!r} holds a null character, which no id or text does")
    return text
