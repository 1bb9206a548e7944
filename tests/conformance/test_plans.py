"""Every engine that has a plan tells it for every query, and answers as before."""

import pytest

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.queries.catalog import Kind, Question, load_questions
from basetype_benchmark.queries.oracle.oracle import Oracle
from basetype_benchmark.queries.statement import build_statement
from basetype_benchmark.queries.variants import choose_variants
from basetype_benchmark.runners.base import BenchmarkRunner

SAID = {
    "postgresql": "cost=",
    "falkordb": "Results",
    "arcadedb": "Execution Plan",
    "memgraph": "Produce",
    "duckdb": "rows",
}
"""A word that is in every plan of an engine; Oxigraph tells none."""


def engines_asked(question: Question, scenario: Scenario) -> list[str]:
    if scenario.series is None:
        return [scenario.graph.engine]
    match question.kind:
        case Kind.GRAPH:
            return [scenario.graph.engine]
        case Kind.SERIES:
            return [scenario.series.engine]
        case _:
            return [scenario.graph.engine, scenario.series.engine]


@pytest.mark.servers
def test_the_plan_of_every_query_is_told(
    scenario: Scenario, tiny_runner: BenchmarkRunner, oracle: Oracle
) -> None:
    for question in load_questions().values():
        if question.id in scenario.cannot:
            continue
        variant = choose_variants(question, oracle, 1, 42)[0]
        statement = build_statement(question, scenario, variant.parameters)
        told = [e for e in engines_asked(question, scenario) if e in SAID]
        plan = tiny_runner.explain(statement)
        assert (plan is not None) == bool(told), (question.id, plan)
        assert all(SAID[engine] in (plan or "") for engine in told), (question.id, plan)
    assert len(tiny_runner.execute(statement).rows) > 0
