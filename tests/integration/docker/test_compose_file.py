"""What ``btb compose`` prints starts every engine, and btb reaches it at the URL that it gives.

Compose itself is not everywhere that Docker is: here its file is carried out by hand.
"""

from __future__ import annotations

import re
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import docker
import pytest
import yaml
from docker.models.containers import Container

from basetype_benchmark.engines import ENGINES
from basetype_benchmark.infrastructure.docker.labels import OURS
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.units import MIB

pytestmark = pytest.mark.servers

READY_DEADLINE_S = 120.0


@pytest.mark.parametrize("engine", ["postgresql", "oxigraph", "falkordb", "arcadedb"])
def test_a_service_of_the_file_runs_and_is_reached_at_its_url(
    engine: str, images: Mapping[str, str], daemon: docker.DockerClient
) -> None:
    text = compose(engine, images[engine])
    [service] = yaml.safe_load(text)["services"].values()
    found = re.search(r"--url \w+=(\S+)", text)
    assert found is not None
    with carried_out(daemon, service) as container:
        url = at_port(found[1], published_port(container, service))
        wait_until(
            "the server",
            ENGINES[engine].open_external(url).why_not_ready,
            deadline_s=READY_DEADLINE_S,
        )
        with ENGINES[engine].open_external(url) as external:
            assert ENGINES[engine].title in external.version
        limits = container.attrs["HostConfig"]
        assert (limits["Memory"], limits["MemorySwap"]) == (512 * MIB, 512 * MIB)
        assert OURS not in container.labels, "btb would remove it"


def compose(engine: str, image: str) -> str:
    command = ("compose", "--ram", "0.5", "--engines", engine, "--image", f"{engine}={image}")
    return subprocess.run(
        (sys.executable, "-m", "basetype_benchmark", *command),
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@contextmanager
def carried_out(daemon: docker.DockerClient, service: Mapping[str, Any]) -> Iterator[Container]:
    """Run a service as Compose would, but at any free port."""
    volume = daemon.volumes.create(f"compose-file-{uuid.uuid4().hex}")
    try:
        container = daemon.containers.run(detach=True, **options_of(service, volume.name))
        try:
            container.reload()
            yield container
        finally:
            container.remove(force=True, v=True)
    finally:
        volume.remove()


def options_of(service: Mapping[str, Any], volume: str) -> dict[str, Any]:
    [mount], [port] = service["volumes"], service["ports"]
    host, _, inside = port.split(":")
    environment = service.get("environment", {})
    return {
        "image": service["image"],
        "command": service.get("command"),
        "environment": {name: interpolate(value) for name, value in environment.items()},
        "ports": {f"{inside}/tcp": (host, None)},
        "mem_limit": service["mem_limit"],
        "memswap_limit": service["memswap_limit"],
        "shm_size": service.get("shm_size"),
        "init": service.get("init"),
        "stop_signal": service["stop_signal"],
        "volumes": {volume: {"bind": mount.split(":")[1], "mode": "rw"}},
        "labels": service["labels"],
    }


def interpolate(value: str) -> str:
    """Take the default of a variable that the caller did not set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", lambda found: found[1], value)


def published_port(container: Container, service: Mapping[str, Any]) -> int:
    inside = service["ports"][0].split(":")[2]
    [published] = container.ports[f"{inside}/tcp"]
    assert published["HostIp"] == "127.0.0.1"
    return int(published["HostPort"])


def at_port(url: str, port: int) -> str:
    return re.sub(r"(?<=127\.0\.0\.1:)\d+", str(port), url)
