"""Oxigraph in a container.

What is said here of the official image was read in its Dockerfile; the image itself was not run
where this was written. It has no shell: nothing can be run in it but the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from basetype_benchmark.config.images import IMAGES
from basetype_benchmark.infrastructure.service import Endpoint, ServerStart, Setting
from basetype_benchmark.infrastructure.services import oxigraph_client
from basetype_benchmark.infrastructure.services.oxigraph import oxigraph_settings


@dataclass(frozen=True, kw_only=True)
class OxigraphContainer:
    """How to run Oxigraph in a container."""

    image: str
    settings: tuple[Setting, ...]
    engine: str = "oxigraph"
    title: str = "Oxigraph"
    port: int = 7878
    data_path: str = "/data"
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    # It has no orderly stop: the signal ends it, and RocksDB's log holds what was committed. As
    # process 1 it would not heed it, and be killed after ten seconds.
    stop_signal: str = "SIGTERM"
    stop_patience_s: float = 10.0
    needs_init: bool = True
    shm_bytes: int | None = None

    @property
    def command(self) -> tuple[str, ...]:
        """Serve the volume, read and write."""
        place = ("--location", self.data_path, "--bind", f"0.0.0.0:{self.port}")
        limits = [part for s in self.settings for part in (f"--{s.name}", s.value)]
        return ("serve", *place, *limits)

    def endpoint(self, host: str, port: int) -> Endpoint:
        """Say how the server is reached at the published port."""
        return Endpoint(host=host, port=port)

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why ``ASK {}`` fails now."""
        return oxigraph_client.why_not_ready(endpoint)

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask for ``Oxigraph 0.5.13``."""
        return oxigraph_client.read_version(endpoint)


def oxigraph_container(start: ServerStart, image: str | None, _cpu_count: int) -> OxigraphContainer:
    """Describe the container; Oxigraph has no setting for memory."""
    return OxigraphContainer(
        image=image or IMAGES["oxigraph"], settings=oxigraph_settings(start.timeout_s)
    )
