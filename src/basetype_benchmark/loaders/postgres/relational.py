"""The layout of scenario P1: a table per node type, and one per many-to-many relation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
from psycopg import sql

from basetype_benchmark.dataset.export.relational.layout import (
    JUNCTIONS,
    NODE_TABLES,
    RELATION_COLUMNS,
)
from basetype_benchmark.dataset.export.relational.scripts import CONSTRAINTS, TABLES, read_script
from basetype_benchmark.dataset.export.relational.tables import relational_tables
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.clients.postgres_client import SCHEMA, PostgresConnection
from basetype_benchmark.loaders.postgres.graph_and_series import GraphLayout, TableRows
from basetype_benchmark.loaders.postgres.store import scalar


def _rows(dataset: Dataset) -> Iterator[TableRows]:
    nodes, edges = dataset.nodes(coded=True), dataset.edges()
    for filled in relational_tables(nodes, edges, biggest_first=True):
        rows = filled.rows
        plain = pa.schema([pa.field(name, pa.string()) for name in rows.column_names])
        yield TableRows(table=filled.table, schema=plain, batches=rows.to_batches())


def _count_nodes(connection: PostgresConnection) -> dict[str, int]:
    count = sql.SQL("SELECT count(*) FROM {}")
    return {
        table.type.value: scalar(connection, count.format(sql.Identifier(SCHEMA, table.table)))
        for table in NODE_TABLES
    }


def _count_relations(connection: PostgresConnection) -> dict[str, int]:
    table_of = {table.type: table.table for table in NODE_TABLES}
    counts: Counter[str] = Counter()
    for column in RELATION_COLUMNS:
        query = sql.SQL("SELECT count({}) FROM {}").format(
            sql.Identifier(column.column), sql.Identifier(SCHEMA, table_of[column.holder])
        )
        counts[column.relation.value] += scalar(connection, query)
    for junction in JUNCTIONS:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(SCHEMA, junction.table))
        counts[junction.relation.value] += scalar(connection, query)
    return dict(counts)


RELATIONAL = GraphLayout(
    scenario="P1",
    tables=read_script(TABLES),
    constraints=read_script(CONSTRAINTS),
    rows=_rows,
    count_nodes=_count_nodes,
    count_relations=_count_relations,
)
