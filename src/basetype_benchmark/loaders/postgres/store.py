"""What both loaders do with our schema as a whole, whatever is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from typing import LiteralString

from psycopg import sql

from basetype_benchmark.errors import ServerDied
from basetype_benchmark.infrastructure.postgres_client import (
    SCHEMA,
    PostgresConnection,
    connect,
    explain_death,
    translated,
)
from basetype_benchmark.infrastructure.service import CLIENT_GRACE_S, Service


def run_script(connection: PostgresConnection, name: str) -> None:
    """Execute one of the SQL files of this package, as one transaction."""
    connection.execute((files(__package__) / name).read_bytes())


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
    """Create our schema; it must not exist."""
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)))


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
