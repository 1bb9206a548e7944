"""Every Cypher text and every statement that Memgraph can be sent keeps to its rules."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest

from basetype_benchmark.config.scenarios import SCENARIOS, StorageModel
from basetype_benchmark.dataset.export.property_graph import labelled_nodes, relationships
from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.infrastructure.clients import bolt_client
from basetype_benchmark.infrastructure.services import bolt_endpoint, memgraph
from basetype_benchmark.infrastructure.services.memgraph import MEMGRAPH
from basetype_benchmark.loaders import bolt, property_graph
from basetype_benchmark.queries.catalog import Question, load_questions
from basetype_benchmark.queries.loader import find_text
from tests.toy import build_toy_graph
from tests.unit.queries import memgraph_rules as rules
from tests.unit.queries.memgraph_rules import RULES, Rule

MODELS = (StorageModel.PROPERTY_GRAPH, StorageModel.PROPERTY_GRAPH_CHUNKS)
SENDING = (bolt, property_graph, bolt_client, bolt_endpoint, memgraph)
"""Modules that have statements for Memgraph of their own."""
STATEMENT = re.compile(
    r"(?:MATCH|UNWIND|CREATE|MERGE|RETURN|CALL|DROP|SHOW|STORAGE|FREE|SET|ANALYZE)\s[^a-z]*"
)
NOT_STATEMENTS = {"title", "create_indexes", "timeout_marks", "refusal_marks"}
MAKERS = {"create_nodes", "create_relationships"}
"""Functions that put a statement together from labels and names; below, they are made to."""

BREACHES: list[tuple[Rule, str, str]] = [
    (
        rules.values_are_parameters,
        "MATCH (n {id: %(id)s}) RETURN n.id AS id",
        "MATCH (n {id: $id}) RETURN n.id AS id",
    ),
    (
        rules.values_are_parameters,
        "MATCH (n) WHERE n.id = {id} RETURN n.id AS id",
        "MATCH (n) WHERE n.id = $id RETURN n.id AS id",
    ),
    (rules.exponents_have_no_plus, "RETURN 1.5e+3 AS x", "RETURN 1.5e3 AS x"),
    (rules.exponents_have_no_plus, "RETURN 1E+3 AS x", "RETURN 1E-3 AS x, 'e+3' AS y"),
    (
        rules.hops_are_bounded,
        "MATCH (a)-[:T*]->(b) RETURN b.id AS id",
        "MATCH (a)-[:T*1..10]->(b) RETURN b.id AS id",
    ),
    (
        rules.hops_are_bounded,
        "MATCH (a)-[:T|U*2..]->(b) RETURN b.id AS id",
        "MATCH (a)-[r:T|U*0..20]->(b) RETURN b.id AS id",
    ),
    (
        rules.hops_are_bounded,
        "MATCH (a)-[:T*..3]->(b) RETURN b.id AS id",
        "MATCH (a)-[:T]->(b) RETURN b.x * 3 AS x",
    ),
    (
        rules.everything_has_a_name,
        "MATCH (n) WITH n.id RETURN 1 AS one",
        "MATCH (n) WITH n, n.id AS id RETURN id",
    ),
    (rules.everything_has_a_name, "MATCH (n) RETURN count(n)", "MATCH (n) RETURN count(n) AS n"),
    (
        rules.everything_has_a_name,
        "MATCH (n) WITH n, [n.a, n.b] RETURN 1 AS x",
        "MATCH (n) WITH DISTINCT n, [n.a, n.b] AS ab RETURN 1 AS x",
    ),
    (
        rules.no_aggregate_is_in_a_case,
        "MATCH (n) RETURN CASE WHEN count(n) > 1 THEN 'x' ELSE 'y' END AS many",
        "MATCH (n) WITH count(n) AS c RETURN CASE WHEN c > 1 THEN 'x' ELSE 'y' END AS many",
    ),
    (
        rules.no_aggregate_is_in_a_case,
        "MATCH (n) RETURN case when true then case when true then sum(n.x) end end AS x",
        "MATCH (n) RETURN sum(CASE WHEN n.x = 0 THEN 1 ELSE 0 END) AS x",
    ),
    (
        rules.no_aggregate_is_in_an_aggregate,
        "MATCH (n) RETURN max(count(n)) AS x",
        "MATCH (n) RETURN max(n.x) + count(n) AS x",
    ),
    (
        rules.aggregates_are_in_with_or_return,
        "MATCH (n) WITH n WHERE count(n) > 1 RETURN 1 AS x",
        "MATCH (n) WITH count(n) AS c WHERE c > 1 RETURN 1 AS x",
    ),
    (
        rules.aggregates_are_in_with_or_return,
        "MATCH (n) RETURN n.x AS x ORDER BY sum(n.y)",
        "MATCH (n) RETURN n.x AS x, sum(n.y) AS y ORDER BY y",
    ),
    (
        rules.no_match_follows_an_optional_match,
        "MATCH (a) OPTIONAL MATCH (a)-[:T]->(b) MATCH (c) RETURN 1 AS x",
        "MATCH (a) OPTIONAL MATCH (a)-[:T]->(b) WITH a, b MATCH (c) RETURN 1 AS x",
    ),
    (
        rules.no_match_follows_an_optional_match,
        "optional match (a) match (b) return 1 AS x",
        "MATCH (a) OPTIONAL MATCH (a)-[:T]->(b) OPTIONAL MATCH (b)-[:T]->(c) RETURN 1 AS x",
    ),
    (
        rules.no_read_follows_a_write,
        "CREATE (a:A) MATCH (b) RETURN 1 AS x",
        "CREATE (a:A) WITH a MATCH (b) RETURN 1 AS x",
    ),
    (
        rules.no_read_follows_a_write,
        "MATCH (a) SET a.x = 1 UNWIND [1] AS i RETURN i",
        "UNWIND $rows AS r MATCH (a {id: r[0]}) SET a.x = r[1]",
    ),
    (
        rules.no_read_follows_a_write,
        "MATCH (a) DETACH DELETE a MATCH (b) RETURN 1 AS x",
        "MATCH (a) DETACH DELETE a",
    ),
    (
        rules.functions_are_known_to_all,
        "MATCH (n) RETURN stDev(n.x) AS x",
        "MATCH (n) RETURN avg(n.x) AS x",
    ),
    (
        rules.functions_are_known_to_all,
        "RETURN datetime.truncate('hour', $start) AS hour",
        "RETURN toInteger($start / 3600) * 3600 AS hour",
    ),
    (
        rules.functions_are_known_to_all,
        "MATCH p = shortestPath((a)-[:T*1..3]->(b)) RETURN 1 AS x",
        "MATCH (a)-[:T*1..3]->(b) WHERE NOT (a)-[:U]->(b) AND (a.x = 1 OR (b.x IN (a.y))) "
        "RETURN 1 AS x",
    ),
    (
        rules.functions_are_known_to_all,
        "RETURN date() AS today",
        "// date()\nRETURN 'date()' AS today",
    ),
    (
        rules.syntax_is_known_to_all,
        "MATCH (n) WHERE EXISTS { (n)-[:T]->() } RETURN 1 AS x",
        "MATCH (n) WHERE NOT (n)-[:T]->() RETURN 1 AS x",
    ),
    (
        rules.syntax_is_known_to_all,
        "MATCH (n) WHERE exists((n)-[:T]->()) RETURN 1 AS x",
        "MATCH (n) WHERE n.x IS NOT NULL RETURN 1 AS x",
    ),
    (
        rules.syntax_is_known_to_all,
        "MATCH (n) RETURN COUNT { (n)-[:T]->() } AS x",
        "MATCH (n) RETURN count(n) AS x",
    ),
    (
        rules.syntax_is_known_to_all,
        "MATCH (n) WHERE n.id =~ 'b.*' RETURN 1 AS x",
        "MATCH (n) WHERE n.id = 'b=~' RETURN 1 AS x",
    ),
    (
        rules.syntax_is_known_to_all,
        "MATCH (n:A|B) RETURN 1 AS x",
        "MATCH (n:A)-[:T|U]->() RETURN 1 AS x",
    ),
    (
        rules.syntax_is_known_to_all,
        "MATCH (a)-[:T|:U]->() RETURN 1 AS x",
        "MATCH (a)-[:T|U]->() RETURN 1 AS x",
    ),
    (rules.syntax_is_known_to_all, "RETURN 'a' || 'b' AS x", "RETURN 'a' + 'b' AS x"),
    (
        rules.syntax_is_known_to_all,
        "MATCH (n) RETURN [(n)-[:T]->(m) | m.id] AS x",
        "MATCH (n)-[:T]->(m) RETURN collect(m.id) AS x, [n.a, n.b] AS y",
    ),
    (
        rules.syntax_is_known_to_all,
        "MATCH (a)-[:T]->{1,3}(b) RETURN 1 AS x",
        "MATCH (a {x: 1})-[:T*1..3]->(b {y: 2}) RETURN 1 AS x",
    ),
    (
        rules.syntax_is_known_to_all,
        "CALL { MATCH (n) RETURN n.id AS id } RETURN id",
        "MATCH (n) RETURN n.id AS id",
    ),
    (
        rules.order_is_by_columns,
        "MATCH (n) RETURN DISTINCT n.id AS id ORDER BY n.name",
        "MATCH (n) RETURN DISTINCT n.id AS id, n.name AS name ORDER BY name DESC, id LIMIT 20",
    ),
    (rules.answers_are_scalars, "MATCH (n:A) RETURN n", "MATCH (n:A) RETURN n.id AS n"),
    (
        rules.answers_are_scalars,
        "MATCH (a)-[r:T]->() RETURN r AS x",
        "MATCH (a)-[r:T]->() RETURN type(r) AS x",
    ),
    (
        rules.answers_are_scalars,
        "MATCH p = (a)-[:T]->() RETURN p",
        "MATCH (n:A) WITH n.id AS id RETURN id",
    ),
    (
        rules.answers_are_scalars,
        "MATCH (n:A) WITH n AS m, n RETURN n",
        "MATCH (t)-[:T]->() WITH 1 AS t RETURN t",
    ),
    (
        rules.unions_have_the_same_columns,
        "RETURN 1 AS a UNION RETURN 1 AS b",
        "RETURN 1 AS a UNION RETURN 2 AS a",
    ),
    (
        rules.unions_have_the_same_columns,
        "RETURN 1 AS a UNION RETURN 2 AS a UNION ALL RETURN 3 AS a",
        "RETURN 1 AS a UNION ALL RETURN 2 AS a",
    ),
    (rules.one_statement_is_sent, "RETURN 1 AS a; RETURN 2 AS b", "RETURN 'a;b' AS a;\n"),
    (
        rules.it_answers_or_changes_something,
        "MATCH (n) WITH n.id AS id",
        "MATCH (n) WITH n.id AS id RETURN id",
    ),
    (
        rules.it_answers_or_changes_something,
        "MATCH (n)",
        "UNWIND $rows AS r CREATE (:A {id: r[0]})",
    ),
    (
        rules.indexes_are_made_in_its_way,
        "CREATE INDEX IF NOT EXISTS FOR (n:A) ON (n.id)",
        "CREATE INDEX ON :A(id)",
    ),
    (
        rules.indexes_are_made_in_its_way,
        "CREATE INDEX FOR (n:A) ON (n.id)",
        "CREATE (:A {id: 'INDEX'})",
    ),
]


def memgraph_texts() -> Iterator[tuple[Question, Path]]:
    for question in load_questions().values():
        for model in MODELS:
            path = find_text(question, model, "memgraph")
            if path is not None:
                yield question, path


def dialect_statements() -> Iterator[str]:
    for field in fields(MEMGRAPH):
        value = getattr(MEMGRAPH, field.name)
        if field.name not in NOT_STATEMENTS and isinstance(value, str | tuple):
            yield from [value] if isinstance(value, str) else value
    for label in NodeType:
        yield from MEMGRAPH.create_indexes(label.value)


def module_statements(module: ModuleType) -> Iterator[str]:
    """What is written out in a module, alone or by a name."""
    for value in vars(module).values():
        for text in value.values() if isinstance(value, Mapping) else [value]:
            if isinstance(text, str) and STATEMENT.match(text):
                yield text
    for node in ast.walk(ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call | ast.Tuple | ast.List):
            for part in [*getattr(node, "args", []), *getattr(node, "elts", [])]:
                if isinstance(part, ast.Constant) and STATEMENT.match(str(part.value)):
                    yield str(part.value)


def batch_statements() -> Iterator[str]:
    graph = build_toy_graph()
    for nodes in labelled_nodes(graph.nodes):
        yield property_graph.create_nodes(nodes)
    for found in relationships(graph.nodes, graph.edges):
        yield property_graph.create_relationships(found)


SENT = sorted({
    *dialect_statements(), *batch_statements(), *(s for m in SENDING for s in module_statements(m)),
})  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "bad", "good"), BREACHES, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_rule_bites(rule: Rule, bad: str, good: str) -> None:
    assert rule(bad)
    assert not rule(good)


def test_every_rule_is_seen_to_bite() -> None:
    assert {rule for rule, _, _ in BREACHES} == set(RULES)


@pytest.mark.parametrize(
    ("question", "path"), list(memgraph_texts()), ids=lambda v: getattr(v, "id", None) or v.stem
)
def test_a_text_keeps_to_the_rules(question: Question, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert broken_rules(text) == {}
    asked = set(re.findall(r"\$(\w+)", text))
    assert asked <= {parameter.name for parameter in question.parameters}


@pytest.mark.parametrize("statement", SENT, ids=lambda text: text[:40])
def test_a_statement_of_the_load_keeps_to_the_rules(statement: str) -> None:
    assert broken_rules(statement.replace("RETURN 1", "RETURN 1 AS one")) == {}


def test_no_statement_is_overlooked() -> None:
    """Every text in braces that becomes a statement is one that is made above."""
    found = set()
    for module in SENDING:
        tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and any(
                map(_is_statement, ast.walk(function))
            ):
                found.add(function.name)
    assert found == MAKERS
    assert {"RETURN 1", "FREE MEMORY", property_graph.CREATE_CHUNKS} <= set(SENT)


def test_memgraph_is_asked_with_the_texts_that_were_run_elsewhere() -> None:
    """No text is Memgraph's own: what the other engines answer with is what it would."""
    own = [path.name for _, path in memgraph_texts() if "memgraph" in path.name]
    assert own == []
    assert "memgraph" in {scenario.graph.engine for scenario in SCENARIOS.values()}


def broken_rules(text: str) -> dict[str, list[str]]:
    problems = {rule.__name__: rule(text) for rule in RULES}
    return {name: found for name, found in problems.items() if found}


def _is_statement(node: ast.AST) -> bool:
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else None
    return isinstance(first, ast.Constant) and STATEMENT.match(str(first.value)) is not None
