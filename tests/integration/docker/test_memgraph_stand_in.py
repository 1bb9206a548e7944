"""Memgraph's container, run for real with an ArcadeDB in its place: Memgraph cannot be had here.

All of it is what runs Memgraph: image reference aside, command line, volume, port, limit, stop
signal, readiness over Bolt. The image takes Memgraph's flags and refuses others. Two things differ:
ArcadeDB lets nobody in without a password, and tells its version in another way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from basetype_benchmark.errors import ServerDied
from basetype_benchmark.infrastructure.clients.bolt_client import BoltClient
from basetype_benchmark.infrastructure.docker.service import DockerService
from basetype_benchmark.infrastructure.service import Endpoint, ServerStart
from basetype_benchmark.infrastructure.services import arcadedb
from basetype_benchmark.infrastructure.services.containers.memgraph import (
    MemgraphContainer,
    memgraph_container,
)
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.units import MIB

pytestmark = pytest.mark.servers

RAM_BYTES = 448 * MIB
KILLED, ENDED_BY_SIGTERM = 137, 143
DEADLINE_S = 120.0
MORE_THAN_THERE_IS = """
UNWIND range(1, 3000) AS one
UNWIND range(1, 3000) AS other
WITH collect(toString(one * other)) AS texts
RETURN size(texts)
"""


@dataclass(frozen=True, kw_only=True)
class StandIn(MemgraphContainer):
    """What must differ for ArcadeDB to answer."""

    def endpoint(self, host: str, port: int) -> Endpoint:
        asked = super().endpoint(host, port)
        return replace(asked, user=arcadedb.USER, password="memgraph-stand-in")

    def read_version(self, endpoint: Endpoint) -> str:
        return arcadedb.read_version(endpoint)


@pytest.fixture
def service(images: Mapping[str, str], tmp_path: Path) -> Iterator[DockerService]:
    start = ServerStart(
        data_dir=tmp_path / "memgraph", timeout_s=60, is_fresh=True, ram_bytes=RAM_BYTES
    )
    real = memgraph_container(start, images["memgraph"], 2)
    stand_in = StandIn(image=real.image, settings=real.settings)
    assert stand_in.command == real.command
    with DockerService(engine=stand_in, start=start) as service:
        yield service


@pytest.fixture
def client(service: DockerService) -> Iterator[BoltClient]:
    with closing(BoltClient(service, arcadedb.ARCADEDB)) as client:
        client.open()
        yield client


@pytest.fixture
def container(service: DockerService) -> Iterator[Container]:
    client = docker.from_env()
    try:
        [found] = [
            container
            for container in client.containers.list()
            if str(service.endpoint.port) in str(container.ports)
        ]
        yield found
    finally:
        client.close()


def test_it_starts_with_memgraphs_flags_and_answers_over_bolt(
    service: DockerService, container: Container
) -> None:
    assert service.version.startswith("ArcadeDB ")
    assert (service.engine, service.provider) == ("memgraph", "docker")
    assert service.endpoint.database == "memgraph"
    assert service.why_not_ready() is None
    arguments = container.attrs["Args"]
    assert f"--memory-limit={RAM_BYTES * 9 // 10 // MIB}" in arguments
    assert "--data-directory=/var/lib/memgraph" in arguments
    [mount] = [m for m in container.attrs["Mounts"] if m["Destination"] == "/var/lib/memgraph"]
    assert mount["Type"] == "volume"


def test_the_kernel_holds_it_to_its_limit_without_swap(
    service: DockerService, container: Container
) -> None:
    limits = container.attrs["HostConfig"]
    assert (limits["Memory"], limits["MemorySwap"]) == (RAM_BYTES, RAM_BYTES)
    meter = service.open_meter()
    try:
        reading = meter.read()
    finally:
        meter.close()
    assert reading.memory_bytes is not None
    assert 0 < reading.memory_bytes <= RAM_BYTES
    assert service.oom_kills() == 0


def test_a_query_beyond_the_limit_ends_it_and_a_restart_has_its_data_again(
    service: DockerService, client: BoltClient
) -> None:
    client.run("CREATE (:Kept {id: 'one'})", timeout_s=DEADLINE_S)
    with pytest.raises(ServerDied, match="memory"):
        client.run(MORE_THAN_THERE_IS, timeout_s=DEADLINE_S)
    assert service.oom_kills() == 1
    assert "memory" in str(service.why_dead())
    service.restart()
    assert service.why_dead() is None
    assert service.oom_kills() == 1
    kept = client.run("MATCH (k:Kept) RETURN k.id", timeout_s=DEADLINE_S)
    assert kept.rows == [("one",)]


def test_the_stop_signal_ends_it_before_it_would_be_killed(
    service: DockerService, container: Container
) -> None:
    container.stop()
    container.reload()
    assert container.attrs["State"]["ExitCode"] == ENDED_BY_SIGTERM
    wait_until("its end", lambda: None if service.why_dead() else "runs", deadline_s=DEADLINE_S)
    assert str(KILLED) not in str(service.why_dead())
