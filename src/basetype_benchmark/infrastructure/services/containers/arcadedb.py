"""ArcadeDB in a container.

What is said here of the official image was read in the Dockerfile and the start script of
``arcadedata/arcadedb`` of August 2026; the image itself was not run where this was written. The
test image keeps to the same contract.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from basetype_benchmark.config.images import IMAGES
from basetype_benchmark.infrastructure.ports import LOOPBACK
from basetype_benchmark.infrastructure.service import Endpoint, ServerStart, Setting
from basetype_benchmark.infrastructure.services import bolt_endpoint
from basetype_benchmark.infrastructure.services.arcadedb import (
    BOLT_PLUGIN,
    DATABASE,
    DEFAULT_RAM_BYTES,
    JAVA_MODULES,
    TITLE,
    USER,
    read_version,
)
from basetype_benchmark.infrastructure.services.arcadedb_settings import (
    arcadedb_settings,
    java_options,
)
from basetype_benchmark.infrastructure.services.bolt_endpoint import BOLT_PORT


@dataclass(frozen=True, kw_only=True)
class ArcadeDBContainer:
    """How to run ArcadeDB in a container.

    `password` is of this start: the image keeps its users outside the volume of the databases, and
    makes them anew with every container. The image's start script takes variables apart at their
    spaces; what it puts last wins.
    """

    image: str
    password: str
    java: tuple[Setting, ...]
    product: tuple[Setting, ...]
    engine: str = "arcadedb"
    title: str = TITLE
    port: int = BOLT_PORT
    data_path: str = "/home/arcadedb/databases"
    command: tuple[str, ...] = ()
    user: str | None = None  # the image's
    stop_signal: str = "SIGTERM"
    stop_patience_s: float = 60.0
    needs_init: bool = False
    shm_bytes: int | None = None

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The options of the Java machine, then the product's own settings."""
        return (*self.java, *self.product)

    @property
    def environment(self) -> Mapping[str, str]:
        """Give every setting in the variable whose default in the image would contradict it.

        A heap of 2 GB, another collector of garbage, and a port for remote management that takes
        anybody: those are the image's own.
        """
        heap = [f"{s.name}{s.value}" for s in self.java if s.name in _HEAP]
        others = [f"{s.name}{s.value}" for s in self.java if s.name not in _HEAP]
        collector = [option for option in others if option.endswith("GC")]
        place = {
            "arcadedb.server.rootPassword": self.password,
            # With a password for root in it, root would lose its rights on the schema.
            "arcadedb.server.defaultDatabases": f"{DATABASE}[{USER}]",
            "arcadedb.server.plugins": BOLT_PLUGIN,
            "arcadedb.server.httpIncomingHost": LOOPBACK,
            "arcadedb.bolt.host": "0.0.0.0",
            "arcadedb.bolt.port": str(self.port),
        }
        given = place | {setting.name: setting.value for setting in self.product}
        return {
            "JAVA_OPTS": " ".join(others),
            "JAVA_OPTS_SCRIPT": " ".join(JAVA_MODULES),
            "ARCADEDB_OPTS_MEMORY": " ".join(heap),
            "ARCADEDB_OPTS_GC": " ".join(collector),  # newer images ask for theirs here
            "ARCADEDB_JMX": "-Djava.awt.headless=true",  # nothing; empty, it would be the image's
            "ARCADEDB_SETTINGS": " ".join(f"-D{name}={value}" for name, value in given.items()),
        }

    def endpoint(self, host: str, port: int) -> Endpoint:
        """Say how the server is reached at the published port."""
        return Endpoint(host=host, port=port, database=DATABASE, user=USER, password=self.password)

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why ``RETURN 1`` fails now."""
        return bolt_endpoint.why_not_ready(endpoint)

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask for ``ArcadeDB 26.10.2``."""
        return read_version(endpoint)


_HEAP = ("-Xmx", "-Xms")


def arcadedb_container(start: ServerStart, image: str | None, _cpu_count: int) -> ArcadeDBContainer:
    """Describe the container; without a limit its settings are computed from 2 GiB."""
    budget = start.ram_bytes or DEFAULT_RAM_BYTES
    return ArcadeDBContainer(
        image=image or IMAGES["arcadedb"],
        password=secrets.token_urlsafe(24),
        java=java_options(budget),
        product=arcadedb_settings(budget, start.timeout_s),
    )
