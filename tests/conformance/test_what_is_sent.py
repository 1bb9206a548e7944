"""What ``btb queries show`` says is sent, against what a proxy before each server has seen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import psycopg
import pytest
from psycopg.adapt import Transformer
from psycopg.pq import Format

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.engines import engines_of
from basetype_benchmark.infrastructure.clients.messages import Message, SentValue
from basetype_benchmark.infrastructure.clients.postgres_client import connect
from basetype_benchmark.infrastructure.clients.postgres_messages import EXTENDED, SIMPLE
from basetype_benchmark.queries.catalog import Question, load_questions
from basetype_benchmark.queries.federation import FederationHandler
from basetype_benchmark.queries.statement import Statement, build_statement
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.runners.hybrid import order_columns
from basetype_benchmark.workflows.sent import ExecutionKind, SentStatement, describe_sent
from tests.conformance.answers import known_answers
from tests.conformance.bench import Bench
from tests.conformance.recording import recorded
from tests.wire.proxy import RecordingProxy
from tests.wire.requests import READERS, Request

pytestmark = pytest.mark.servers

DUCKDB_TYPES = {str: "VARCHAR", datetime: "TIMESTAMP WITH TIME ZONE"}
BOLT_TYPES = {str: "String", int: "Integer", float: "Float"}


def parameters_of(question: Question) -> Mapping[str, Any]:
    return next(a.parameters for a in known_answers() if a.question_id == question.id)


def test_every_question_is_sent_as_it_is_shown(
    scenario: Scenario, bench: Bench, toy_runner: BenchmarkRunner, toy: Dataset
) -> None:
    with recorded(scenario, bench, toy) as recording:
        for question in load_questions().values():
            if question.id in scenario.cannot:
                continue
            parameters = parameters_of(question)
            statement = build_statement(question, scenario, parameters)
            shown = describe_sent(question, scenario, parameters, bench.timeout_s)
            found = recording.requests_of(statement)
            rows = graph_rows(toy_runner, statement) if is_federated(shown) else []
            for engine in engines_of(scenario):
                expected = messages_to(engine.id, shown)
                assert [as_message(r, expected, rows) for r in found[engine.id]] == expected


def test_the_form_with_a_temporary_table_is_sent_as_it_is_shown(
    scenario: Scenario, bench: Bench, toy_runner: BenchmarkRunner
) -> None:
    if scenario.series is None:
        assert not any(is_federated(shown_for(q, scenario)) for q in load_questions().values())
        return
    service = bench.services(scenario)[scenario.series.engine]
    for question in load_questions().values():
        shown = shown_for(question, scenario)
        statement = build_statement(question, scenario, parameters_of(question))
        if not is_federated(shown) or statement.series is None:
            continue
        rows = graph_rows(toy_runner, statement)
        with RecordingProxy(service) as proxy:
            with connect(proxy.endpoint) as connection:
                FederationHandler(connection, batch_threshold=0).execute_federated_query(
                    question, rows, statement.series.text, statement.series.parameters
                )
            (sent,) = proxy.sent
        found = list(READERS[scenario.series.engine](sent))
        copied = [request for request in found if request.kind == "CopyData"]
        asked = [request for request in found if request.kind != "CopyData"]
        expected = list(shown.parts[-1].messages)
        assert [as_message(r, expected, rows) for r in asked] == expected
        assert b"".join(r.values[0] for r in copied).count(b"\n") == len(rows)


def shown_for(question: Question, scenario: Scenario) -> SentStatement:
    return describe_sent(question, scenario, parameters_of(question), timeout_s=60)


def is_federated(shown: SentStatement) -> bool:
    return shown.execution is ExecutionKind.FEDERATED


def graph_rows(runner: BenchmarkRunner, statement: Statement) -> Sequence[Sequence[Any]]:
    graph_alone = replace(statement, series=None)
    return order_columns(statement.question, runner.execute(graph_alone))


def messages_to(engine: str, shown: SentStatement) -> list[Message]:
    """Give what an engine is sent, in the form for few rows where there are two."""
    parts = shown.parts[:2] if is_federated(shown) else shown.parts
    return [message for part in parts if part.engine == engine for message in part.messages]


def as_message(
    request: Request, expected: Sequence[Message], rows: Sequence[Sequence[Any]]
) -> Message:
    """Write what was sent as it is shown; arrays of the graph's rows are compared here."""
    match request.kind.partition(" ")[0]:
        case "Query":
            return Message(command=SIMPLE, text=request.text)
        case "Bind":
            return bound_message(request, expected, rows)
        case "POST":
            headers = "".join(f", {n}: {request.extra[n]}" for n in ("Content-Type", "Accept"))
            line = request.kind.removesuffix(" HTTP/1.1")
            return Message(command=line + headers, text=request.text)
        case "RUN":
            run, pull = map(written_map, request.extra)
            command = f"RUN <text> <values> {run}, PULL {pull}"
            return Message(
                command=command, text=request.text, values=named_values(request, BOLT_TYPES)
            )
        case "Request":
            command = f"Request <text> <values> limit_s={request.extra:g}"
            return Message(
                command=command, text=request.text, values=named_values(request, DUCKDB_TYPES)
            )
    key, *options = request.extra
    return Message(command=f"{request.kind} {key} <text> {' '.join(options)}", text=request.text)


def named_values(request: Request, types: Mapping[type, str]) -> tuple[SentValue, ...]:
    return tuple(
        SentValue(place=f"${name}", name=name, type=types[type(value)], value=value)
        for name, value in dict(request.values).items()
    )


def written_map(found: Mapping[str, Any]) -> str:
    return f"{{{', '.join(f'{name}: {value}' for name, value in sorted(found.items()))}}}"


def bound_message(
    request: Request, expected: Sequence[Message], rows: Sequence[Sequence[Any]]
) -> Message:
    assert request.extra["answer"] == [Format.BINARY]
    shown = next((m for m in expected if m.text == request.text), Message(command="", text=""))
    names = [value.name for value in shown.values]
    decoded = [
        (type_name(oid, form), Transformer().get_loader(oid, Format(form)).load(raw))
        for raw, (oid, form) in zip(request.values, request.extra["forms"], strict=True)
    ]
    arrays = [value for _, value in decoded if isinstance(value, list)]
    if arrays:
        assert sorted(zip(*arrays, strict=True), key=str) == sorted(set(map(tuple, rows)), key=str)
    values = tuple(
        shown_array(shown.values[place], kind)
        if isinstance(value, list)
        else SentValue(place=f"${place + 1}", name=name, type=kind, value=value)
        for place, (name, (kind, value)) in enumerate(zip(names, decoded, strict=True))
    )
    return Message(command=EXTENDED, text=request.text, values=values)


def shown_array(shown: SentValue, kind: str) -> SentValue:
    """Give what is shown of an array, if the type that was sent is among those shown."""
    element, _, form = kind.partition(", ")
    is_among = element in shown.type and shown.type.endswith(form)
    return shown if is_among else replace(shown, type=kind)


def type_name(oid: int, form: int) -> str:
    written = "binary" if form == Format.BINARY else "as text"
    if oid == 0:
        return f"no type, {written}"
    found = psycopg.adapters.types[oid]
    return f"{found.name}{'[]' if found.array_oid == oid else ''}, {written}"
