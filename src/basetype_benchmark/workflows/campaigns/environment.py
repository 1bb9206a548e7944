"""Records what a campaign ran on: host, code, servers with their settings and reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from basetype_benchmark.benchmark.campaign import (
    EnvironmentRecord,
    ServiceRecord,
    SettingRecord,
)
from basetype_benchmark.benchmark.fingerprint import code_version
from basetype_benchmark.infrastructure.host import read_host_facts
from basetype_benchmark.infrastructure.service import Service


def describe_service(scenario: str, service: Service) -> ServiceRecord:
    """Describe a running server."""
    return ServiceRecord(
        scenario=scenario,
        engine=service.engine,
        provider=service.provider,
        version=service.version,
        ram_bytes=service.ram_bytes,
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
        services=tuple({(s.scenario, s.engine, s.ram_bytes): s for s in services}.values()),
    )
