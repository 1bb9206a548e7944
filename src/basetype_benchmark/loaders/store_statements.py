"""What the loaders send to make a store ready, beside the data: tables, keys, indexes, statistics.

The very texts that they execute, for disclosure.
"""

from __future__ import annotations

from basetype_benchmark.config.scenarios import Side, StorageModel
from basetype_benchmark.dataset.export.document import scripts as document
from basetype_benchmark.dataset.export.relational import scripts as relational
from basetype_benchmark.infrastructure.clients.bolt_dialect import BoltDialect
from basetype_benchmark.infrastructure.services.arcadedb import ARCADEDB
from basetype_benchmark.infrastructure.services.memgraph import MEMGRAPH
from basetype_benchmark.loaders import bolt, duckdb, falkordb

_VACUUM = "VACUUM (FREEZE, ANALYZE) -- every table"
_OXIGRAPH = (
    "-- nothing: Oxigraph has neither schema nor indexes of ours; it writes its three orders of "
    "the triples itself",
)


def store_statements(side: Side, *, has_timescaledb: bool) -> tuple[str, ...]:
    """Give the texts in their order, before and after the data.

    `has_timescaledb` says which kind of table PostgreSQL makes of the series.
    """
    match side.engine:
        case "postgresql":
            return (*_postgres_graph(side.model), *_postgres_series(has_timescaledb), _VACUUM)
        case "duckdb":
            return (*duckdb.table_statements(), *duckdb.key_statements(), "CHECKPOINT")
        case "falkordb":
            return tuple(falkordb.index_statements())
        case "arcadedb":
            return _bolt(ARCADEDB)
        case "memgraph":
            return _bolt(MEMGRAPH)
        case _:
            return _OXIGRAPH


def _postgres_graph(model: StorageModel) -> tuple[str, ...]:
    scripts = {StorageModel.RELATIONAL: relational, StorageModel.DOCUMENT: document}.get(model)
    if scripts is None:
        return ()
    names = (relational.TABLES, relational.CONSTRAINTS)
    return tuple(scripts.read_script(name).decode() for name in names)


def _postgres_series(has_timescaledb: bool) -> tuple[str, ...]:
    table = relational.SERIES_TIMESCALEDB if has_timescaledb else relational.SERIES_NATIVE
    return tuple(relational.read_script(n).decode() for n in (table, relational.SERIES_INDEX))


def _bolt(dialect: BoltDialect) -> tuple[str, ...]:
    return (*dialect.before_load, *bolt.index_statements(dialect), *dialect.after_load)
