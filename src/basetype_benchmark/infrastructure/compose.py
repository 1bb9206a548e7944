"""A Compose file of the containers, for people who start them by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any

import yaml

from basetype_benchmark.infrastructure.docker.service import ContainerEngine
from basetype_benchmark.infrastructure.ports import LOOPBACK
from basetype_benchmark.units import MIB

MARK = {"io.basetype-benchmark.compose": "true"}
"""The label of what this file starts: another than that of what btb itself starts and removes."""

_HEAD = """\
# The engines of BaseType Benchmark, each with the image, settings and limits that btb gives it.
# Made by: {command}
# docs/how-to/external-servers.md says how to use it. Do not edit it: make it anew.
name: basetype-benchmark
services:
"""


@dataclass(frozen=True, kw_only=True)
class ComposedService:
    """One service of the file. `note` goes above it; the engine listens on `host_port`."""

    name: str
    engine: ContainerEngine
    host_port: int
    ram_bytes: int
    note: str


def write_compose(services: Sequence[ComposedService], *, command: str) -> str:
    """Give the text of the file; `command` is what made it."""
    parts = [indent(_service_text(service), "  ") for service in services]
    volumes = yaml.safe_dump({"volumes": {service.name: {} for service in services}})
    return _HEAD.format(command=command) + "\n".join(parts) + "\n" + volumes


def _service_text(service: ComposedService) -> str:
    content = {service.name: _describe(service)}
    return f"# {service.note}\n{yaml.safe_dump(content, sort_keys=False, width=1000)}"


def _describe(service: ComposedService) -> Mapping[str, Any]:
    engine, megabytes = service.engine, f"{service.ram_bytes // MIB}m"
    said = {
        "image": engine.image,
        "command": list(engine.command),
        "environment": dict(engine.environment),
        "user": engine.user,
        "ports": [f"{LOOPBACK}:{service.host_port}:{engine.port}"],
        "mem_limit": megabytes,
        "memswap_limit": megabytes,  # of memory and swap together: no swap
        "shm_size": None if engine.shm_bytes is None else f"{engine.shm_bytes // MIB}m",
        "init": engine.needs_init or None,
        "stop_signal": engine.stop_signal,
        "stop_grace_period": f"{engine.stop_patience_s:g}s",
        "healthcheck": {"disable": True},  # it would count in what is measured
        "volumes": [f"{service.name}:{engine.data_path}"],
        "labels": MARK,
    }
    return {name: value for name, value in said.items() if value not in (None, [], {})}
