"""The Compose file of the engines that have a container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.engines import ENGINES
from basetype_benchmark.errors import UsageError
from basetype_benchmark.infrastructure.compose import ComposedService, write_compose
from basetype_benchmark.infrastructure.docker.service import ContainerEngine
from basetype_benchmark.infrastructure.ports import LOOPBACK
from basetype_benchmark.infrastructure.service import Endpoint, ServerStart
from basetype_benchmark.infrastructure.services.containers.arcadedb import ArcadeDBContainer
from basetype_benchmark.infrastructure.services.containers.table import CONTAINERS

PASSWORD = "basetype-benchmark"
"""ArcadeDB takes nobody without one. Like the others, it is reached on loopback alone."""

_PASSWORD_VARIABLE = f"${{BTB_ARCADEDB_PASSWORD:-{PASSWORD}}}"
_NAMES = {"postgresql": "timescaledb"}


def compose_file(
    engines: Sequence[str],
    *,
    ram_bytes: int,
    cpu_count: int,
    images: Mapping[str, str],
    command: str,
) -> str:
    """Write the file for these engines, each with `ram_bytes` of its own.

    `images` are to be taken instead of the pinned ones, by engine id; `command` is what asked.

    Raises:
        UsageError: an engine has no container.
    """
    services: list[ComposedService] = []
    for engine_id in _require_containers(engines):
        engine = _describe(engine_id, ram_bytes, cpu_count, images)
        port = _free_port(engine.port, services)
        services.append(
            ComposedService(
                name=_NAMES.get(engine_id, engine_id),
                engine=engine,
                host_port=port,
                ram_bytes=ram_bytes,
                note=f"btb run ... --url {engine_id}={_url(engine, port)}",
            )
        )
    return write_compose(services, command=command)


def _require_containers(engines: Sequence[str]) -> Sequence[str]:
    if unknown := [engine for engine in engines if engine not in CONTAINERS]:
        raise UsageError(
            f"there is no container of {', '.join(unknown)}; choose from: {', '.join(CONTAINERS)}"
        )
    return list(dict.fromkeys(engines)) or list(CONTAINERS)


def _describe(
    engine_id: str, ram_bytes: int, cpu_count: int, images: Mapping[str, str]
) -> ContainerEngine:
    start = ServerStart(data_dir=Path(engine_id), timeout_s=Protocol.timeout_s, ram_bytes=ram_bytes)
    engine = CONTAINERS[engine_id](start, images.get(engine_id), cpu_count)
    if isinstance(engine, ArcadeDBContainer):
        return replace(engine, password=_PASSWORD_VARIABLE)
    return engine


def _free_port(wanted: int, services: Sequence[ComposedService]) -> int:
    """Give the port that the engine has by default, or the next one: two of them speak Bolt."""
    taken = {service.host_port for service in services}
    return next(port for port in range(wanted, wanted + 10) if port not in taken)


def _url(engine: ContainerEngine, port: int) -> str:
    endpoint = engine.endpoint(LOOPBACK, port)
    scheme = urlsplit(str(ENGINES[engine.engine].url_example)).scheme
    database = f"/{endpoint.database}" if endpoint.database else ""
    return f"{scheme}://{_user(endpoint)}{endpoint.host}:{endpoint.port}{database}"


def _user(endpoint: Endpoint) -> str:
    if not endpoint.user:
        return ""
    return f"{endpoint.user}@" if endpoint.password is None else f"{endpoint.user}:{PASSWORD}@"
