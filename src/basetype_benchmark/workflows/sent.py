"""All that a scenario sends for a question, engine by engine, and what the application adds."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from basetype_benchmark.config.scenarios import SCENARIOS, Scenario, StorageModel
from basetype_benchmark.engines import ENGINES
from basetype_benchmark.infrastructure.clients.messages import Message
from basetype_benchmark.queries.catalog import Parameters, Question
from basetype_benchmark.queries.chunks.aggregation import find_aggregate
from basetype_benchmark.queries.federation import BATCH_THRESHOLD
from basetype_benchmark.queries.federation_messages import array_messages, table_messages
from basetype_benchmark.queries.loader import read_text
from basetype_benchmark.queries.statement import (
    BoundText,
    Statement,
    build_statement,
    text_files,
)
from basetype_benchmark.units import group_digits


class ExecutionKind(StrEnum):
    """Who has a part in an answer."""

    NATIVE = "native"  # one statement to one engine
    FEDERATED = "federated"  # rows of the graph's engine enter a statement to the series' engine
    CLIENT = "client"  # the application aggregates what one engine hands out


@dataclass(frozen=True, kw_only=True)
class SentPart:
    """What one engine is sent, in order; `when` where there is another form of the same part."""

    leg: str
    engine: str
    messages: tuple[Message, ...]
    when: str | None = None


@dataclass(frozen=True, kw_only=True)
class SentStatement:
    """All parts in order; `application` says what it does with the answers, if it does anything."""

    execution: ExecutionKind
    parts: tuple[SentPart, ...]
    application: str | None = None


def describe_sent(
    question: Question, scenario: Scenario, parameters: Parameters, timeout_s: float
) -> SentStatement:
    """Say what is sent for one execution with these parameters and this limit.

    Raises:
        UsageError: a parameter is missing or unknown, or the scenario cannot express the question.
    """
    statement = build_statement(question, scenario, parameters)
    match execution_of(scenario, statement):
        case ExecutionKind.FEDERATED:
            return _federated(scenario, statement, timeout_s)
        case ExecutionKind.CLIENT:
            return _client(scenario, statement, timeout_s)
        case _:
            return _native(scenario, statement, timeout_s)


@dataclass(frozen=True, kw_only=True)
class QueryText:
    """One file with a text of a question, as it stands there, and who sends it: ``O2 graph``."""

    file: str
    senders: tuple[str, ...]
    text: str


def list_texts(question: Question) -> tuple[QueryText, ...]:
    """Give every text of a question that some scenario sends, each once."""
    senders: dict[Path, list[str]] = {}
    for scenario in SCENARIOS.values():
        for leg, path in text_files(question, scenario):
            senders.setdefault(path, []).append(f"{scenario.id} {leg}")
    return tuple(
        QueryText(file=path.name, senders=tuple(names), text=read_text(path))
        for path, names in senders.items()
    )


def hybrid_execution(scenario: Scenario) -> ExecutionKind:
    """Say who has a part in the answer of a question about graph and series."""
    if scenario.graph.model is StorageModel.RDF_CHUNKS:
        return ExecutionKind.CLIENT
    return ExecutionKind.FEDERATED if scenario.is_federated else ExecutionKind.NATIVE


def execution_of(scenario: Scenario, statement: Statement) -> ExecutionKind:
    """Say who has a part in the answer of a statement."""
    kind = hybrid_execution(scenario)
    needed = statement.series if kind is ExecutionKind.CLIENT else statement.main
    is_shared = statement.series is not None and needed is not None
    return kind if is_shared else ExecutionKind.NATIVE


def _native(scenario: Scenario, statement: Statement, timeout_s: float) -> SentStatement:
    if statement.main is not None:
        part = _part("graph", scenario.graph.engine, statement.main, timeout_s)
    elif statement.series is not None and scenario.series is not None:
        part = _part("series", scenario.series.engine, statement.series, timeout_s)
    else:
        raise AssertionError("a statement has a text")
    return SentStatement(execution=ExecutionKind.NATIVE, parts=(part,))


def _federated(scenario: Scenario, statement: Statement, timeout_s: float) -> SentStatement:
    main, series, side = statement.main, statement.series, scenario.series
    if main is None or series is None or side is None:
        raise AssertionError("a federated statement has two texts and two engines")
    threshold = group_digits(BATCH_THRESHOLD)
    forms = (
        (f"fewer than {threshold} rows", array_messages(statement.question, series)),
        (f"{threshold} rows or more", table_messages(statement.question, series)),
    )
    return SentStatement(
        execution=ExecutionKind.FEDERATED,
        parts=(
            _part("graph", scenario.graph.engine, main, timeout_s),
            *(
                SentPart(leg="series", engine=side.engine, messages=messages, when=when)
                for when, messages in forms
            ),
        ),
    )


def _client(scenario: Scenario, statement: Statement, timeout_s: float) -> SentStatement:
    texts = (("graph", statement.main), ("chunks", statement.series))
    return SentStatement(
        execution=ExecutionKind.CLIENT,
        parts=tuple(
            _part(leg, scenario.graph.engine, bound, timeout_s)
            for leg, bound in texts
            if bound is not None
        ),
        application=_describe_application(statement.question),
    )


def _describe_application(question: Question) -> str:
    aggregate = find_aggregate(question)
    purpose = (inspect.getdoc(aggregate) or "").partition("\n")[0].partition(": ")[2]
    return (
        "reads the lists of the chunks as numbers, cuts them to the window, then "
        f"{aggregate.__module__}.{aggregate.__name__}: {purpose}"
    )


def _part(leg: str, engine_id: str, bound: BoundText, timeout_s: float) -> SentPart:
    engine = ENGINES[engine_id]
    return SentPart(leg=leg, engine=engine.id, messages=(engine.message(bound, timeout_s),))
