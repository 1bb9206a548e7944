"""A server in a container that does as it is told: Busybox's web server with a few scripts.

``/cgi-bin/eat`` forks a child that takes memory without end, ``/cgi-bin/turn`` has the container's
first process do so itself, ``/cgi-bin/hold`` holds a little, ``/cgi-bin/leave`` ends the container.
``/cgi-bin/fill`` writes 24 MiB into its store.
"""

import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import docker

from basetype_benchmark.infrastructure.docker.labels import OURS, store_name
from basetype_benchmark.infrastructure.docker.service import DockerService
from basetype_benchmark.infrastructure.service import Endpoint, ServerStart, Setting
from basetype_benchmark.units import MIB

EATING = "busybox awk 'BEGIN { s = \"x\"; while (1) s = s s }'"
ROOMY = 128 * MIB
"""A limit under which the kernel takes the one that eats; in 32 MiB it often takes another too."""
SCRIPTS = {
    "eat": f"(echo 1000 > /proc/self/oom_score_adj; exec {EATING}); echo child gone",
    "turn": "touch /tmp/turn; echo turning",
    "leave": "echo FATAL: told to leave > /proc/1/fd/2; touch /tmp/leave; echo leaving",
    "keep": "echo kept > /data/note; echo kept",
    "fill": "busybox dd if=/dev/zero of=/data/big bs=1048576 count=24; echo filled",
    "note": "busybox cat /data/note",
}
MAIN = f"""
until [ -e /tmp/turn ] || [ -e /tmp/leave ]; do busybox sleep 0.02; done
[ -e /tmp/leave ] && exit 7
exec {EATING}
"""


def program() -> str:
    """Write the scripts, serve them, and wait for what process 1 is to do."""
    lines = ["busybox mkdir -p /www/cgi-bin /data", "touch() { : > $1; }"]
    for name, text in SCRIPTS.items():
        body = f"#!/usr/bin/busybox sh\ntouch() {{ : > $1; }}\necho\n{text}\n"
        lines.append(f"busybox cat > /www/cgi-bin/{name} << 'END'\n{body}END")
        lines.append(f"busybox chmod 755 /www/cgi-bin/{name}")
    lines.append("trap 'exit 0' TERM")
    lines.append("busybox httpd -f -p 8080 -h /www &")
    return "\n".join(lines) + MAIN


@dataclass(frozen=True, kw_only=True)
class Obedient:
    """A `ContainerEngine`."""

    image: str
    command: Sequence[str] = field(default_factory=lambda: ("sh", "-c", program()))
    engine: str = "oxigraph"
    title: str = "The server"
    port: int = 8080
    data_path: str = "/data"
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    stop_signal: str = "SIGTERM"
    stop_patience_s: float = 5
    needs_init: bool = False
    shm_bytes: int | None = None
    settings: Sequence[Setting] = ()

    def endpoint(self, host: str, port: int) -> Endpoint:
        return Endpoint(host=host, port=port)

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        try:
            ask(endpoint, "keep")
        except OSError as error:
            return str(error)
        return None

    def read_version(self, endpoint: Endpoint) -> str:
        return "Obedient 1"


@dataclass(frozen=True, kw_only=True)
class NeverReady(Obedient):
    """One that does not answer before it ends."""

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        return "not yet"


def ask(endpoint: Endpoint, script: str) -> str:
    """Run a script of the server; raises OSError when it does not answer."""
    url = f"http://{endpoint.host}:{endpoint.port}/cgi-bin/{script}"
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read().decode().strip()
    except urllib.error.HTTPError as error:
        error.close()
        raise OSError(f"HTTP {error.code}") from None


def eat(service: DockerService) -> None:
    """Have a child killed for lack of memory."""
    assert ask(service.endpoint, "eat") == "child gone"


def open_obedient(image: str, data_dir: Path, **options: object) -> DockerService:
    """Give a service of it; `options` are of `Obedient` and `ServerStart`."""
    of_start = {k: options.pop(k) for k in ("ram_bytes", "is_fresh") if k in options}
    start = ServerStart(data_dir=data_dir, timeout_s=5, **of_start)
    return DockerService(engine=Obedient(image=image, **options), start=start)


def containers_on(daemon: docker.DockerClient, data_dir: Path) -> list[str]:
    """Name the containers that use the store of an obedient service."""
    name = store_name("oxigraph", data_dir)
    filters = {"label": OURS, "volume": name}
    # One that is just being created or removed can be listed and not be looked at.
    found = daemon.containers.list(all=True, filters=filters, ignore_removed=True)
    return [container.name for container in found]
