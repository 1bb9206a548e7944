"""FalkorDB in a container.

What is said here of the official image was read in the Dockerfile and the start script of
``falkordb/falkordb`` v4.20.4; the image itself was not run where this was written. The test image
keeps to the same contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import psutil

from basetype_benchmark.config.images import IMAGES
from basetype_benchmark.infrastructure.service import Endpoint, ServerStart, Setting
from basetype_benchmark.infrastructure.services import falkordb_identity
from basetype_benchmark.infrastructure.services.falkordb import SNAPSHOT
from basetype_benchmark.infrastructure.services.falkordb_settings import falkordb_settings


@dataclass(frozen=True, kw_only=True)
class FalkorDBContainer:
    """How to run FalkorDB in a container.

    The image's start script heeds no argument: it takes two variables, Redis's options and the
    module's, apart at their spaces. Ours replace the module's of the image, among them a limit of
    10 000 rows for an answer.
    """

    image: str
    settings: tuple[Setting, ...]
    engine: str = "falkordb"
    title: str = "FalkorDB"
    port: int = 6379
    data_path: str = "/var/lib/falkordb/data"
    command: tuple[str, ...] = ()
    user: str | None = None
    # It writes nothing at its end, and waits for no query.
    stop_signal: str = "SIGTERM"
    stop_patience_s: float = 10.0
    needs_init: bool = False
    shm_bytes: int | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        """Give every setting; and no browser, whose server would count in the memory limit."""
        module = (f"{s.name} {s.value}" for s in self.settings if s.name.isupper())
        return {
            "BROWSER": "0",
            "REDIS_ARGS": " ".join(self._redis_options()),
            "FALKORDB_ARGS": " ".join(module),
        }

    def _redis_options(self) -> Iterator[str]:
        """Write an empty value as none: Redis reads ``--save`` before another option so."""
        place = {"dbfilename": SNAPSHOT}
        given = place | {s.name: s.value for s in self.settings if s.name.islower()}
        for name, value in given.items():
            yield f"--{name} {value}".rstrip()

    def endpoint(self, host: str, port: int) -> Endpoint:
        """Say how the server is reached at the published port."""
        return Endpoint(host=host, port=port)

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why a query fails now; while the snapshot is read, that it is."""
        return falkordb_identity.why_not_ready(endpoint)

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask for ``FalkorDB 4.16.3 (Redis 8.2.3)``."""
        return falkordb_identity.read_version(endpoint)


def falkordb_container(start: ServerStart, image: str | None, cpu_count: int) -> FalkorDBContainer:
    """Describe the container; without a limit its settings are computed from half the memory."""
    budget = start.ram_bytes or psutil.virtual_memory().total // 2
    return FalkorDBContainer(
        image=image or IMAGES["falkordb"], settings=falkordb_settings(budget, cpu_count)
    )
