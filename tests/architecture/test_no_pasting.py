"""No value reaches a query by pasting: what puts a text together is listed, with the reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src/basetype_benchmark"
QUERY = re.compile(
    r"^\s*(?:SELECT|INSERT|UPDATE|DELETE|COPY|CREATE|DROP|ALTER|TRUNCATE|ANALYZE|SET|WITH|MATCH"
    r"|OPTIONAL|UNWIND|MERGE|RETURN|CALL|ASK|CONSTRUCT|DESCRIBE|PREFIX|LOAD|CYPHER|VALUES"
    r"|EXPLAIN|VACUUM)\s"
    r"|\b(?:SELECT|FROM|WHERE|JOIN|VALUES|LIMIT|FILTER|BIND)\s+(?:$|[\"'(\w?$*])"
)
PASTING = {"format", "format_map", "replace", "join", "substitute", "safe_substitute"}

NAMES = "names of the data model: labels, relations, tables, columns"
OURS = "constants of this module"
SCRIPT = "a script for people's own servers, of names and of files and days that we named"
READS = "reads or shows what was answered or sent"
ALLOWED = {
    "queries/sparql.py: bind_parameters": "SPARQL binds nothing: every value becomes a term",
    "dataset/export/rdf.py: escape_text": "makes a literal of a text, for N-Triples and SPARQL",
    "infrastructure/clients/falkordb_parameters.py: parameter_header": "FalkorDB's CYPHER header",
    "infrastructure/clients/postgres_messages.py: extended_message": READS,
    "infrastructure/clients/sparql_results.py: _unescape": READS,
    "dataset/export/copy_script.py: _copy": SCRIPT,
    "dataset/export/copy_script.py: _day_partitions": SCRIPT,
    "dataset/export/cypher.py: MEMGRAPH": SCRIPT,
    "dataset/export/cypher.py: NEO4J": SCRIPT,
    "dataset/export/cypher.py: _CREATE_CHUNK": SCRIPT,
    "dataset/export/cypher.py: _create_node": SCRIPT,
    "dataset/export/cypher.py: _create_relation": SCRIPT,
    "dataset/export/cypher.py: _memgraph_rows": SCRIPT,
    "dataset/export/cypher.py: _neo4j_rows": SCRIPT,
    "infrastructure/clients/bolt_client.py: BoltClient.explain": READS,
    "runners/duckdb.py: DuckDBSession.explain": READS,
    "infrastructure/services/arcadedb.py: ARCADEDB": NAMES,
    "infrastructure/services/memgraph.py: MEMGRAPH": NAMES,
    "loaders/bolt.py: _CREATE_MARK": OURS,
    "loaders/bolt.py: _FIND_MARK": OURS,
    "loaders/duckdb.py: DuckDBLoader.clear": NAMES,
    "loaders/duckdb.py: key_statements": NAMES,
    "loaders/duckdb.py: _Load.insert_graph": NAMES,
    "loaders/duckdb.py: _count": NAMES,
    "loaders/falkordb.py: index_statements": NAMES,
    "loaders/oxigraph.py: _FIND_FOREIGN": OURS,
    "loaders/oxigraph_counts.py: COUNT_NODES": NAMES,
    "loaders/oxigraph_counts.py: COUNT_RELATIONS": NAMES,
    "loaders/oxigraph_counts.py: COUNT_SAMPLES": NAMES,
    "loaders/property_graph.py: COUNT_NODES": NAMES,
    "loaders/property_graph.py: COUNT_RELATIONSHIPS": NAMES,
    "loaders/property_graph.py: COUNT_SAMPLES": NAMES,
    "loaders/property_graph.py: CREATE_CHUNKS": NAMES,
    "loaders/property_graph.py: create_nodes": NAMES,
    "loaders/property_graph.py: create_relationships": NAMES,
}

VALUES = {
    "queries/sparql.py: bind_parameters",
    "infrastructure/clients/falkordb_parameters.py: parameter_header",
}
"""They write values, as their protocols have no other way; the tests feed them hostile ones."""


def test_no_text_is_put_together_but_by_those_listed() -> None:
    assert found_in_source() == ALLOWED.keys()


def test_of_what_a_query_passes_on_its_way_two_write_values_into_texts() -> None:
    on_the_way = ("queries/", "runners/", "workflows/", "infrastructure/", "benchmark/")
    writing = {place for place in found_in_source() if place.startswith(on_the_way)}
    harmless = {NAMES, READS}
    assert {place for place in writing if ALLOWED[place] not in harmless} == VALUES


@pytest.mark.parametrize(
    "code",
    [
        "text = f\"SELECT * FROM point WHERE id = '{point_id}'\"",
        "text = \"SELECT * FROM point WHERE id = '%s'\" % point_id",
        'text = "MATCH (n) WHERE n.id = \'" + point_id + "\' RETURN n"',
        "text = 'MATCH (n {id: \"{}\"}) RETURN n.id'.format(point_id)",
        "text = 'SELECT ?x WHERE { $id btb:feeds ?x }'.replace('$id', iri)",
        "text = ' UNION '.join(f'SELECT {i}' for i in ids)",
        "text = b'CYPHER ' + header",
        "text = pattern.sub(value, template)",
    ],
)
def test_pasting_is_recognised(code: str) -> None:
    assert any(pastes(node) for node in ast.walk(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "raise QueryFailed(f'{question.id} has no text for {scenario.id}')",
        "cursor.execute('SELECT * FROM point WHERE id = %(id)s', {'id': point_id})",
        "text = sql.SQL('SELECT DISTINCT * FROM {}').format(sql.Identifier(name))",
        "text = pattern.sub('$1', template)",
        "text = 'MATCH (n) ' 'RETURN count(n) AS found'",
    ],
)
def test_what_pastes_nothing_is_let_be(code: str) -> None:
    assert not any(pastes(node) for node in ast.walk(ast.parse(code)))


def found_in_source() -> set[str]:
    return {
        f"{path.relative_to(SOURCE)}: {name}"
        for path in SOURCE.rglob("*.py")
        for name, node in named_nodes(ast.parse(path.read_text(encoding="utf-8")), "")
        if pastes(node)
    }


def named_nodes(tree: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
    """Give every node with the function, class or module-level name that it is in."""
    for node in ast.iter_child_nodes(tree):
        inner = name
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{name}.{node.name}".lstrip(".")
        elif not name and isinstance(node, ast.Assign | ast.AnnAssign):
            inner = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        yield inner, node
        yield from named_nodes(node, inner)


def pastes(node: ast.AST) -> bool:
    """Whether a text that looks like a query becomes another one here."""
    match node:
        case ast.JoinedStr(values=parts):
            texts = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
            return len(texts) < len(parts) and QUERY.search(" ".join(texts)) is not None
        case ast.BinOp(op=ast.Mod() | ast.Add(), left=left, right=right):
            return is_query(left) or is_query(right)
        case ast.Call(func=ast.Attribute(attr="sub"), args=[new, *_]):
            return not isinstance(new, ast.Constant | ast.Lambda)
        case ast.Call(func=ast.Attribute(attr=attr, value=value)):
            return attr in PASTING and is_query(value)
    return False


def is_query(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Constant) else None
    text = value.decode(errors="replace") if isinstance(value, bytes) else value
    return isinstance(text, str) and QUERY.search(text) is not None
