"""Records what a campaign ran on: host, code, servers with their settings and reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from basetype_benchmark.benchmark.campaign import (
    EnvironmentRecord,
    ServiceRecord,
    SettingRecord,
)
from basetype_benchmark.benchmark.fingerprint import code_version
from basetype_benchmark.infrastructure.docker.service import DockerService
from basetype_benchmark.infrastructure.host import read_host_facts
from basetype_benchmark.infrastructure.service import Service


def describe_service(scenario: str, service: Service) -> ServiceRecord:
    """Describe a running server."""
    container = service if isinstance(service, DockerService) else None
    return ServiceRecord(
        scenario=scenario,
        engine=service.engine,
        provider=service.provider,
        version=service.version,
        ram_bytes=service.ram_bytes,
        image=None if container is None else container.image,
        image_id=None if container is None else container.image_id,
        cold_start=None if container is None else container.cold_start,
        settings=tuple(
            SettingRecord(name=s.name, value=s.value, reason=s.reason) for s in service.settings
        ),
    )


def describe_environment(services: Iterable[ServiceRecord], home: Path) -> EnvironmentRecord:
    """Describe this machine, this code and the servers that ran; each server once
    per RAM limit.

    Disk facts are those of `home`.
    """
    return EnvironmentRecord(
        code=code_version(),
        host=asdict(read_host_facts(home)),
        services=_once_each(services),
    )


def _once_each(services: Iterable[ServiceRecord]) -> tuple[ServiceRecord, ...]:
    """Keep the last of each server and limit; one start that was not cold is told of them all."""
    kept: dict[tuple[str, str, int | None], ServiceRecord] = {}
    for service in services:
        key = (service.scenario, service.engine, service.ram_bytes)
        before = kept.get(key)
        was_warm = before is not None and before.cold_start is False
        kept[key] = replace(service, cold_start=False) if was_warm else service
    return tuple(kept.values())
