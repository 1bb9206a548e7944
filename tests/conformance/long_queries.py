"""One query per storage model that runs for longer than anybody waits, whatever the store holds."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from basetype_benchmark.config.scenarios import Scenario, StorageModel
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.statement import BoundText, Statement, build_statement
from tests.conformance.answers import known_answers

_BIG = 100_000  # its third power is out of reach of every engine, itself it is no burden
_SQL = "SELECT count(*) AS n FROM " + ", ".join(
    f"generate_series(1, {_BIG}) AS s{i}" for i in "abc"
)
_CYPHER = " ".join(f"UNWIND range(1, {_BIG}) AS {i}" for i in "abc") + " RETURN count(a) AS n"
# Combinations of nodes: where nothing is looked up, Oxigraph does not heed its own limit.
_SPARQL = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?s{i} a ?type{i} ." for i in "abcdefghi") + " }"

LONG_QUERIES: Mapping[StorageModel, str] = {
    StorageModel.RELATIONAL: _SQL,
    StorageModel.DOCUMENT: _SQL,
    StorageModel.SERIES: _SQL,
    StorageModel.PROPERTY_GRAPH: _CYPHER,
    StorageModel.PROPERTY_GRAPH_CHUNKS: _CYPHER,
    StorageModel.RDF: _SPARQL,
    StorageModel.RDF_CHUNKS: _SPARQL,
}


def long_statements(scenario: Scenario) -> Iterator[tuple[str, Statement]]:
    """Give what each engine of a scenario, by its id, never answers: as a leg of a question."""
    hybrid = _known("Q12", scenario)
    yield (
        scenario.graph.engine,
        replace(hybrid, main=BoundText(text=LONG_QUERIES[scenario.graph.model])),
    )
    if scenario.series is not None:
        series = _known("Q6", scenario)
        yield (
            scenario.series.engine,
            replace(series, series=BoundText(text=LONG_QUERIES[scenario.series.model])),
        )


def _known(question_id: str, scenario: Scenario) -> Statement:
    parameters = next(a.parameters for a in known_answers() if a.question_id == question_id)
    return build_statement(find_question(question_id), scenario, parameters)
