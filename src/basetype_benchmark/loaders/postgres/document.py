"""The layout of scenario P2: every node a document in one table, its relations inside."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

from basetype_benchmark.dataset.export.document.documents import (
    ENTITY_SCHEMA,
    MEDIUM_SUFFIX,
    entities,
    relation_key,
)
from basetype_benchmark.dataset.export.document.scripts import read_script
from basetype_benchmark.dataset.export.relational.scripts import CONSTRAINTS, TABLES
from basetype_benchmark.dataset.model import Relation
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.clients.postgres_client import PostgresConnection
from basetype_benchmark.loaders.postgres.graph_and_series import GraphLayout, TableRows
from basetype_benchmark.loaders.postgres.store import scalar

# A target that is fed by two media is one id in the array, and two relations of the dataset.
_COUNT_TARGETS = sql.SQL("""
SELECT coalesce(sum(greatest(1, flow.media)), 0)::bigint
FROM entity
CROSS JOIN jsonb_array_elements_text(entity.doc -> {key}) AS target (id)
CROSS JOIN LATERAL (
    SELECT count(*) AS media
    FROM jsonb_each(entity.doc -> {key_by_medium}) AS flow (medium, targets)
    WHERE flow.targets ? target.id
) AS flow
""")


def _rows(dataset: Dataset) -> Iterator[TableRows]:
    documents = entities(dataset.nodes(coded=True), dataset.edges())
    yield TableRows(table="entity", schema=ENTITY_SCHEMA, batches=documents)


def _count_nodes(connection: PostgresConnection) -> dict[str, int]:
    return dict(connection.execute("SELECT type, count(*) FROM entity GROUP BY type").fetchall())


def _count_relations(connection: PostgresConnection) -> dict[str, int]:
    return {relation.value: _count_relation(connection, relation) for relation in Relation}


def _count_relation(connection: PostgresConnection, relation: Relation) -> int:
    key = relation_key(relation)
    query = _COUNT_TARGETS.format(
        key=sql.Literal(key), key_by_medium=sql.Literal(key + MEDIUM_SUFFIX)
    )
    return scalar(connection, query)


DOCUMENTS = GraphLayout(
    scenario="P2",
    tables=read_script(TABLES),
    constraints=read_script(CONSTRAINTS),
    rows=_rows,
    count_nodes=_count_nodes,
    count_relations=_count_relations,
)
