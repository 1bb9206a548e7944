"""The scripts that load an export of CSV files into a graph database with Cypher's LOAD CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from basetype_benchmark.dataset.export.chunk_texts import SEPARATOR
from basetype_benchmark.dataset.export.property_graph import (
    LIST_SEPARATOR,
    LabelledNodes,
    Relationships,
)

Clause = Callable[[str, str], str]


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a product spells what Cypher leaves open.

    `for_each_row` gives the statement that carries out a clause for each `row` of a file;
    `index` that which indexes the property `id`, or another, of a label.
    """

    name: str
    head: str
    for_each_row: Clause
    index: Clause


def _memgraph_rows(file: str, clause: str) -> str:
    return f'LOAD CSV FROM "/import/{file}" WITH HEADER NULLIF "" AS row\n{clause};\n'


def _neo4j_rows(file: str, clause: str) -> str:
    body = clause.replace("\n", "\n  ")
    return (
        f"LOAD CSV WITH HEADERS FROM 'file:///{file}' AS row\n"
        f"CALL {{\n  WITH row\n  {body}\n}} IN TRANSACTIONS OF 10000 ROWS;\n"
    )


MEMGRAPH = Dialect(
    name="memgraph",
    head="""\
// Loads this export into an empty Memgraph 3 or later that sees this folder as /import.
// Run it with: mgconsole < load.memgraph.cypher
""",
    for_each_row=_memgraph_rows,
    index=lambda label, name: f"CREATE INDEX ON :{label}({name});\n",
)
NEO4J = Dialect(
    name="neo4j",
    head="""\
// Loads this export into an empty Neo4j 5 or later that has this folder as its import directory.
// Set db.import.csv.legacy_quote_escaping=false there: backslashes in the files are plain text.
// Run it with: cypher-shell -f load.neo4j.cypher
""",
    for_each_row=_neo4j_rows,
    index=lambda label, name: f"CREATE INDEX FOR (n:{label}) ON (n.{name});\n",
)
DIALECTS = (MEMGRAPH, NEO4J)

_CONVERSIONS: Mapping[pa.DataType, str] = {
    pa.string(): "row.{}",
    pa.int64(): "toInteger(row.{})",
    pa.float64(): "toFloat(row.{})",
    pa.bool_(): "toBoolean(row.{})",
    pa.list_(pa.string()): f'split(row.{{}}, "{LIST_SEPARATOR}")',
}
_NUMBERS = f'[x IN split(row.{{}}, "{SEPARATOR}") | toFloat(x)]'
_CREATE_CHUNK = f"""\
MATCH (p:Point {{id: row.point_id}})
CREATE (p)-[:HAS_CHUNK]->(:Chunk {{
  point_id: row.point_id, day: toInteger(row.day), n: toInteger(row.n),
  timestamps: {_NUMBERS.format("timestamps")},
  values: {_NUMBERS.format("values")}
}})"""


def load_script(
    dialect: Dialect,
    nodes: Mapping[str, LabelledNodes],
    relations: Mapping[str, Relationships],
    chunk_files: Sequence[str] = (),
) -> str:
    """Write the script; nodes and relations by the names of their files."""
    parts = [dialect.head]
    parts += [dialect.for_each_row(file, _create_node(n)) for file, n in nodes.items()]
    parts += [dialect.index(n.label, "id") for n in nodes.values()]
    parts += [dialect.for_each_row(file, _create_relation(r)) for file, r in relations.items()]
    parts += [dialect.for_each_row(file, _CREATE_CHUNK) for file in chunk_files]
    if chunk_files:
        parts.append(dialect.index("Chunk", "point_id"))
    return "\n".join(parts)


def _create_node(nodes: LabelledNodes) -> str:
    return f"CREATE (:{nodes.label} {_map(nodes.rows.schema)})"


def _create_relation(relations: Relationships) -> str:
    own = pa.schema([f for f in relations.rows.schema if f.name not in ("src_id", "dst_id")])
    properties = f" {_map(own)}" if own.names else ""
    return (
        f"MATCH (a:{relations.source} {{id: row.src_id}})\n"
        f"MATCH (b:{relations.target} {{id: row.dst_id}})\n"
        f"CREATE (a)-[:{relations.relation}{properties}]->(b)"
    )


def _map(schema: pa.Schema) -> str:
    pairs = (f"{field.name}: {_CONVERSIONS[field.type].format(field.name)}" for field in schema)
    return "{" + ", ".join(pairs) + "}"
