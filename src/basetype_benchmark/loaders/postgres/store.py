"""What both loaders do with our schema as a whole, whatever is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import LiteralString

from psycopg import sql

from basetype_benchmark.dataset.export.relational.scripts import read_script
from basetype_benchmark.errors import ServerDied
from basetype_benchmark.infrastructure.clients.postgres_client import (
    SCHEMA,
    PostgresConnection,
    connect,
    explain_death,
    translated,
)
from basetype_benchmark.infrastructure.service import CLIENT_GRACE_S, Service

MARK = "loaded by basetype-benchmark"
"""The comment on our schema: without it a schema of this name is somebody else's."""

LOOK_DEADLINE_S = 30.0


def run_script(connection: PostgresConnection, name: str) -> None:
    """Execute one of the scripts of the relational model, as one transaction."""
    connection.execute(read_script(name))


def scalar(
    connection: PostgresConnection,
    query: LiteralString | sql.SQL | sql.Composed,
    parameters: Sequence[str] = (),
) -> int:
    """Give the one integer that a query answers."""
    row = connection.execute(query, parameters).fetchone()
    if row is None:
        raise AssertionError("an aggregate gave no row")
    return int(row[0])


@contextmanager
def session(service: Service, doing: str, timeout_s: float) -> Iterator[PostgresConnection]:
    """Open a connection for one piece of work, errors translated.

    Raises:
        ServerDied: the server went away; the message says how its process ended.
        QueryFailed: the server refused something.
    """
    try:
        with (
            connect(service.endpoint, statement_timeout_s=timeout_s, name="btb load") as connection,
            connection.deadline(timeout_s + CLIENT_GRACE_S),
            translated(doing),
        ):
            yield connection
    except ServerDied as error:
        raise explain_death(error, service) from error


def create_schema(connection: PostgresConnection) -> None:
    """Create our schema, with our mark on it; it must not exist."""
    schema = sql.Identifier(SCHEMA)
    with connection.transaction():
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(schema, sql.Literal(MARK)))


def describe_foreign(service: Service) -> str | None:
    """Say what a load would delete that we did not load; None when there is no such thing.

    Raises:
        QueryFailed: the server did not answer.
    """
    with session(service, "looking for data of others", LOOK_DEADLINE_S) as connection:
        unmarked = scalar(
            connection,
            "SELECT count(*) FROM pg_namespace WHERE nspname = %s "
            "AND obj_description(oid, 'pg_namespace') IS DISTINCT FROM %s",
            (SCHEMA, MARK),
        )
    return f"a schema {SCHEMA}" if unmarked else None


def drop_schema(connection: PostgresConnection) -> None:
    """Remove everything we ever made."""
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(SCHEMA)))


def settle(connection: PostgresConnection) -> None:
    """Leave the tables as a server at rest has them: frozen, all visible, with statistics.

    A plain COPY leaves that work to the first reader or to autovacuum, which would then do it
    inside a measurement. The day partitions are frozen by their COPY already, so that little
    more than ANALYZE remains of this for them.
    """
    tables = connection.execute(
        "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND NOT c.relispartition",
        (SCHEMA,),
    ).fetchall()
    names = sql.SQL(", ").join(sql.Identifier(SCHEMA, name) for (name,) in tables)
    connection.execute(sql.SQL("VACUUM (FREEZE, ANALYZE) {}").format(names))
