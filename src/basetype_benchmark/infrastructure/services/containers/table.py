"""THE TABLE of the containers: how each engine that has one is described and opened."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from basetype_benchmark.infrastructure.docker.service import ContainerEngine, DockerService
from basetype_benchmark.infrastructure.service import ServerStart
from basetype_benchmark.infrastructure.services.containers.arcadedb import arcadedb_container
from basetype_benchmark.infrastructure.services.containers.falkordb import falkordb_container
from basetype_benchmark.infrastructure.services.containers.memgraph import memgraph_container
from basetype_benchmark.infrastructure.services.containers.oxigraph import oxigraph_container
from basetype_benchmark.infrastructure.services.containers.timescaledb import (
    timescaledb_container,
)

DescribeContainer = Callable[[ServerStart, str | None, int], ContainerEngine]
"""Takes the start, the image instead of the pinned one, and how many CPUs the server may use."""

CONTAINERS: Mapping[str, DescribeContainer] = {
    "postgresql": timescaledb_container,
    "oxigraph": oxigraph_container,
    "falkordb": falkordb_container,
    "arcadedb": arcadedb_container,
    "memgraph": memgraph_container,
}
"""By engine id."""


def container_opener(engine: str) -> Callable[[ServerStart, str | None], DockerService]:
    """Give what makes the service of an engine; nothing starts before that is entered."""

    def open_container(start: ServerStart, image: str | None) -> DockerService:
        described = CONTAINERS[engine](start, image, len(os.sched_getaffinity(0)))
        return DockerService(engine=described, start=start)

    return open_container
