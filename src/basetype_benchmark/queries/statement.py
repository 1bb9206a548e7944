"""What a scenario sends for a question: texts with their parameters, the same for run and show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from basetype_benchmark.config.scenarios import Scenario, Side, StorageModel
from basetype_benchmark.errors import UsageError
from basetype_benchmark.queries.catalog import BoundValue, Kind, Parameters, Question
from basetype_benchmark.queries.cypher import cypher_parameters
from basetype_benchmark.queries.loader import find_text, read_text
from basetype_benchmark.queries.sparql import bind_parameters


@dataclass(frozen=True, kw_only=True)
class BoundText:
    """One text for one engine. `parameters` are bound by the driver; empty for SPARQL."""

    text: str
    parameters: Mapping[str, BoundValue] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """All that is sent for one execution.

    Native: `main` only, to the graph side's engine. Series question of a federated scenario:
    `series` only. Federated: `main` gives the rows that `series` joins with. Chunks that the client
    decodes: `main` gives the same rows as in the federated scenario, `series` the chunks, both from
    one engine; `parameters` say what the client is to make of them.
    """

    question: Question
    main: BoundText | None
    series: BoundText | None
    parameters: Parameters = field(default_factory=dict)


def build_statement(question: Question, scenario: Scenario, parameters: Parameters) -> Statement:
    """Compose what `scenario` sends for `question` with these parameters.

    Raises:
        UsageError: a parameter is missing or unknown, or the scenario cannot express the question.
    """
    _check_parameters(question, parameters)
    if question.id in scenario.cannot:
        raise UsageError(f"{scenario.id} cannot run {question.id}: {scenario.cannot[question.id]}")
    main, series = _sides_of(question, scenario)
    return Statement(
        question=question,
        main=None if main is None else _bind(question, main, parameters),
        series=None if series is None else _bind(question, series, parameters),
        parameters=parameters,
    )


def text_files(question: Question, scenario: Scenario) -> Iterator[tuple[str, Path]]:
    """Give the files that `build_statement` reads, with the leg they are for."""
    legs = ("graph", "chunks" if scenario.series is None else "series")
    for leg, side in zip(legs, _sides_of(question, scenario), strict=True):
        path = None if side is None else find_text(question, side.model, side.engine)
        if path is not None:
            yield leg, path


def _sides_of(question: Question, scenario: Scenario) -> tuple[Side | None, Side | None]:
    """Give the sides of the main text and of that of the series; None where there is no such."""
    graph, series = _sides(scenario)
    if series is None or question.kind is Kind.GRAPH:
        return graph, None
    return None if question.kind is Kind.SERIES else graph, series


def _sides(scenario: Scenario) -> tuple[Side, Side | None]:
    """Give where the graph's text goes and where that of the series.

    RDF chunks are fetched apart from the graph's rows: joined with them, a chunk would be sent
    once for every row of its point.
    """
    graph = scenario.graph
    if graph.model is StorageModel.RDF_CHUNKS:
        return Side(engine=graph.engine, model=graph.model.of_graph), graph
    return graph, scenario.series


def _bind(question: Question, side: Side, parameters: Parameters) -> BoundText:
    path = find_text(question, side.model, side.engine)
    if path is None:
        raise UsageError(f"{question.id} has no text for {side.model.value} on {side.engine}")
    text = read_text(path)
    match side.model:
        case StorageModel.RDF | StorageModel.RDF_CHUNKS:
            return BoundText(text=bind_parameters(text, question, parameters))
        case StorageModel.PROPERTY_GRAPH | StorageModel.PROPERTY_GRAPH_CHUNKS:
            return BoundText(text=text, parameters=cypher_parameters(parameters))
        case _:
            return BoundText(text=text, parameters=dict(parameters))


def _check_parameters(question: Question, parameters: Parameters) -> None:
    expected = {parameter.name for parameter in question.parameters}
    missing, unknown = sorted(expected - parameters.keys()), sorted(parameters.keys() - expected)
    if missing or unknown:
        problem = [f"lacks {name}" for name in missing] + [f"does not know {n}" for n in unknown]
        raise UsageError(
            f"{question.id} {' and '.join(problem)}; its parameters are: "
            f"{', '.join(sorted(expected)) or 'none'}"
        )
