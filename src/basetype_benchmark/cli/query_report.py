"""How the answer of one execution looks: its rows, and where its time went."""

from __future__ import annotations

from basetype_benchmark.benchmark.execution import ClientWork, Execution, Legs
from basetype_benchmark.cli.formatters import (
    format_count,
    format_latency,
    format_value,
    print_note,
    print_table,
)
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.engines import ENGINES
from basetype_benchmark.queries.catalog import ColumnType, Question
from basetype_benchmark.units import format_bytes
from basetype_benchmark.workflows.query import QueryAnswer

_NUMERIC = (ColumnType.INTEGER, ColumnType.FLOAT)


def answer_document(question: Question, scenario: Scenario, answer: QueryAnswer) -> object:
    """Give the answer as a document for other programs."""
    return {
        "query": question.id,
        "scenario": scenario.id,
        "parameters": dict(answer.parameters),
        "elapsed_ns": answer.elapsed_ns,
        "legs": answer.execution.legs,
        "client": answer.execution.client,
        "columns": answer.execution.columns,
        "rows": [list(row) for row in answer.execution.rows],
    }


def print_answer(question: Question, scenario: Scenario, answer: QueryAnswer) -> None:
    """Print the rows on standard output, and all that is said of them beside it."""
    print_note(
        f"{question.id} {question.name} on {scenario.id}, {scenario.title}: {question.title}"
    )
    for name, value in answer.parameters.items():
        print_note(f"  {name} = {value}")
    rows = [[format_value(value) for value in row] for row in answer.execution.rows]
    numeric = [column.name for column in question.columns if column.type in _NUMERIC]
    print_table(answer.execution.columns, rows, numeric=numeric)
    count = "1 row" if len(rows) == 1 else f"{format_count(len(rows))} rows"
    print_note(f"{count} in {format_latency(answer.elapsed_ns)}, executed once and not warmed up")
    for line in _describe_parts(answer.execution, scenario):
        print_note(f"  {line}")


def _describe_parts(execution: Execution, scenario: Scenario) -> list[str]:
    """Say where the time went, when more than one engine alone had a part in the answer."""
    graph = ENGINES[scenario.graph.engine].title
    if execution.legs is not None and scenario.series is not None:
        return _describe_legs(execution.legs, graph, ENGINES[scenario.series.engine].title)
    if execution.client is not None:
        return _describe_client(execution.client, graph)
    return []


def _describe_client(client: ClientWork, graph: str) -> list[str]:
    return [
        f"{graph}: {format_latency(client.fetch_ns)}, {format_bytes(client.received_bytes)} "
        f"received with {format_count(client.chunks)} chunks",
        f"application: {format_latency(client.decode_ns)} to decode "
        f"{format_count(client.decoded_samples)} samples, "
        f"{format_latency(client.aggregate_ns)} to aggregate them",
    ]


def _describe_legs(legs: Legs, graph: str, series: str) -> list[str]:
    return [
        f"{graph}, graph: {format_latency(legs.graph_ns)}",
        f"transfer: {format_latency(legs.transfer_ns)}",
        f"{series}, series: {format_latency(legs.series_ns)}",
    ]
