"""What a scenario sends for a question: texts with their parameters, the same for run and show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from basetype_benchmark.config.scenarios import Scenario, Side, StorageModel
from basetype_benchmark.errors import UsageError
from basetype_benchmark.queries.catalog import (
    Kind,
    Parameters,
    ParameterValue,
    Question,
)
from basetype_benchmark.queries.loader import find_text, read_text
from basetype_benchmark.queries.sparql import bind_parameters


@dataclass(frozen=True, kw_only=True)
class BoundText:
    """One text for one engine. `parameters` are bound by the driver; empty for SPARQL."""

    text: str
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """All that is sent for one execution.

    Native: `main` only, to the graph side's engine. Series question of a federated scenario:
    `series` only. Federated: `main` gives the rows that `series` joins with.
    """

    question: Question
    main: BoundText | None
    series: BoundText | None


def build_statement(question: Question, scenario: Scenario, parameters: Parameters) -> Statement:
    """Compose what `scenario` sends for `question` with these parameters.

    Raises:
        UsageError: a parameter is missing or unknown, or the scenario cannot express the question.
    """
    _check_parameters(question, parameters)
    if question.id in scenario.cannot:
        raise UsageError(f"{scenario.id} cannot run {question.id}: {scenario.cannot[question.id]}")
    if scenario.series is None or question.kind is Kind.GRAPH:
        return Statement(
            question=question, main=_bind(question, scenario.graph, parameters), series=None
        )
    series = _bind(question, scenario.series, parameters)
    if question.kind is Kind.SERIES:
        return Statement(question=question, main=None, series=series)
    return Statement(
        question=question, main=_bind(question, scenario.graph, parameters), series=series
    )


def _bind(question: Question, side: Side, parameters: Parameters) -> BoundText:
    path = find_text(question, side.model, side.engine)
    if path is None:
        raise UsageError(f"{question.id} has no text for {side.model.value} on {side.engine}")
    text = read_text(path)
    if side.model is StorageModel.RDF:
        return BoundText(text=bind_parameters(text, question, parameters))
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
