"""What a PostgreSQL server says of itself, whoever started it."""

from __future__ import annotations

import psycopg

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.service import Endpoint

CONNECT_DEADLINE_S = 10
EXTENSION_QUERY = """
SELECT coalesce(installed_version, default_version)
FROM pg_available_extensions
WHERE name = 'timescaledb'
"""


def why_not_ready(endpoint: Endpoint) -> str | None:
    """Give the reason why ``SELECT 1`` fails now; None when the server answers."""
    try:
        with _connect(endpoint) as connection:
            connection.execute("SELECT 1").fetchone()
    except psycopg.Error as error:
        return " ".join(str(error).split()) or type(error).__name__
    return None


def read_version(endpoint: Endpoint) -> str:
    """Ask for ``PostgreSQL 18.6 (no TimescaleDB)`` or ``PostgreSQL 17.2 + TimescaleDB 2.19.3``.

    TimescaleDB counts when the server has it, even before it is created in our database.

    Raises:
        ServiceUnavailable: the server does not answer.
    """
    try:
        with _connect(endpoint) as connection:
            server = connection.info.parameter_status("server_version") or "of unknown version"
            row = connection.execute(EXTENSION_QUERY).fetchone()
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise ServiceUnavailable(f"PostgreSQL did not tell its version: {reason}") from None
    return version_label(server, None if row is None else row[0])


def version_label(server: str, timescaledb: str | None) -> str:
    """Name the server in results; ``18.6 (Debian 18.6-1)`` loses its packager's note."""
    number = server.partition(" ")[0]
    if timescaledb is None:
        return f"PostgreSQL {number} (no TimescaleDB)"
    return f"PostgreSQL {number} + TimescaleDB {timescaledb}"


def _connect(endpoint: Endpoint) -> psycopg.Connection[tuple[str, ...]]:
    return psycopg.connect(
        host=endpoint.host,
        port=endpoint.port,
        dbname=endpoint.database,
        user=endpoint.user,
        password=endpoint.password,
        connect_timeout=CONNECT_DEADLINE_S,
        application_name="btb service",
        autocommit=True,
    )
