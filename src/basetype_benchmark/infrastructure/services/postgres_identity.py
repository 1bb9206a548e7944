"""What a PostgreSQL server says of itself, whoever started it."""

from __future__ import annotations

from typing import Any

import psycopg

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.service import Endpoint

CONNECT_DEADLINE_S = 10
TIMESCALEDB_QUERY = """
SELECT
    coalesce(installed_version, default_version),
    current_setting('timescaledb.license', true)
FROM pg_available_extensions
WHERE
    name = 'timescaledb'
    AND current_setting('timescaledb.max_background_workers', true) IS NOT NULL
"""
"""Gives version and licence of TimescaleDB where the server has it, else no row.

It must be preloaded, or nothing of it can be used; then its settings are there. The licence is
known once the extension is created in our database.
"""

EDITIONS = {"apache": "Apache", "timescale": "Community"}
"""What its makers call a build, by the licence that it states: only Community has all features."""


def why_not_ready(endpoint: Endpoint) -> str | None:
    """Give the reason why ``SELECT 1`` fails now; None when the server answers."""
    try:
        with _connect(endpoint) as connection:
            connection.execute("SELECT 1").fetchone()
    except psycopg.Error as error:
        return " ".join(str(error).split()) or type(error).__name__
    return None


def read_version(endpoint: Endpoint) -> str:
    """Ask for ``PostgreSQL 18.6 (no TimescaleDB)`` or what `version_label` makes of more.

    TimescaleDB counts when the server can use it, even before it is created in our database.

    Raises:
        ServiceUnavailable: the server does not answer.
    """
    try:
        with _connect(endpoint) as connection:
            server = connection.info.parameter_status("server_version") or "of unknown version"
            row = connection.execute(TIMESCALEDB_QUERY).fetchone()
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise ServiceUnavailable(f"PostgreSQL did not tell its version: {reason}") from None
    timescaledb, licence = (None, None) if row is None else row
    return version_label(server, timescaledb, licence)


def version_label(server: str, timescaledb: str | None, licence: str | None = None) -> str:
    """Name the server in results: ``PostgreSQL 17.11 + TimescaleDB 2.19.3 (Apache)``.

    A server's ``18.6 (Debian 18.6-1)`` loses its packager's note.
    """
    number = server.partition(" ")[0]
    if timescaledb is None:
        return f"PostgreSQL {number} (no TimescaleDB)"
    edition = "" if licence is None else f" ({EDITIONS.get(licence, licence)})"
    return f"PostgreSQL {number} + TimescaleDB {timescaledb}{edition}"


def _connect(endpoint: Endpoint) -> psycopg.Connection[tuple[Any, ...]]:
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
