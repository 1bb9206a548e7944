"""Memgraph in a container.

Neither server nor image was run where this was written: what is said here was read in the source
and in the Dockerfile of Memgraph 3. A test runs this very container with another server that
speaks Bolt in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from basetype_benchmark.config.images import IMAGES
from basetype_benchmark.infrastructure.ports import LOOPBACK
from basetype_benchmark.infrastructure.service import Endpoint, ServerStart, Setting
from basetype_benchmark.infrastructure.services import bolt_endpoint
from basetype_benchmark.infrastructure.services.bolt_endpoint import BOLT_PORT
from basetype_benchmark.infrastructure.services.memgraph import (
    DATABASE,
    DEFAULT_RAM_BYTES,
    TITLE,
    memgraph_settings,
    read_version,
)


@dataclass(frozen=True, kw_only=True)
class MemgraphContainer:
    """How to run Memgraph in a container."""

    image: str
    settings: tuple[Setting, ...]
    engine: str = "memgraph"
    title: str = TITLE
    port: int = BOLT_PORT
    data_path: str = "/var/lib/memgraph"
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None  # the image's: memgraph, 101
    stop_signal: str = "SIGTERM"
    stop_patience_s: float = 60.0
    needs_init: bool = False
    shm_bytes: int | None = None

    @property
    def command(self) -> tuple[str, ...]:
        """Give every flag as an argument: they win over the image's configuration file."""
        place = {
            "data-directory": self.data_path,
            "bolt-address": "0.0.0.0",
            "bolt-port": str(self.port),
            # Two more servers, which nobody asks.
            "monitoring-address": LOOPBACK,
            "metrics-address": LOOPBACK,
        }
        given = place | {setting.name: setting.value for setting in self.settings}
        return tuple(f"--{name}={value}" for name, value in given.items())

    def endpoint(self, host: str, port: int) -> Endpoint:
        """Say how the server is reached at the published port."""
        return Endpoint(host=host, port=port, database=DATABASE)

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why ``RETURN 1`` fails now."""
        return bolt_endpoint.why_not_ready(endpoint)

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask for ``Memgraph 3.12.0``."""
        return read_version(endpoint)


def memgraph_container(start: ServerStart, image: str | None, _cpu_count: int) -> MemgraphContainer:
    """Describe the container; without a limit its flags are computed from 1 GiB."""
    return MemgraphContainer(
        image=image or IMAGES["memgraph"],
        settings=memgraph_settings(start.ram_bytes or DEFAULT_RAM_BYTES, start.timeout_s),
    )
