"""PostgreSQL with TimescaleDB in a container.

What is said here of the official image was read in the Dockerfile and the entry point of
``timescale/timescaledb-ha`` of June 2026; the image itself was not run where this was written. The
test image keeps to the same contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from basetype_benchmark.config.images import IMAGES
from basetype_benchmark.infrastructure.service import Endpoint, ServerStart, Setting
from basetype_benchmark.infrastructure.services import postgres_identity
from basetype_benchmark.infrastructure.services.postgres import DEFAULT_RAM_BYTES
from basetype_benchmark.infrastructure.services.postgres_cluster import SUPERUSER
from basetype_benchmark.infrastructure.services.postgres_settings import postgres_settings
from basetype_benchmark.units import MIB

FORCED = (
    Setting(
        name="listen_addresses",
        value="*",
        reason="every address inside the container, of which one port is published on loopback",
    ),
    Setting(
        name="shared_preload_libraries",
        value="timescaledb",
        reason="TimescaleDB works only when preloaded; the image would preload more",
    ),
    Setting(
        name="timescaledb.telemetry_level", value="off", reason="a benchmark reports to nobody"
    ),
)
"""All that is other than in a local PostgreSQL."""

SMALLEST_SHM_BYTES = 64 * MIB


@dataclass(frozen=True, kw_only=True)
class TimescaleDBContainer:
    """How to run PostgreSQL with TimescaleDB in a container.

    Who reaches the published port, on loopback, needs no password, as with the other engines.
    """

    image: str
    ram_bytes: int
    settings: tuple[Setting, ...]
    engine: str = "postgresql"
    title: str = "PostgreSQL"
    port: int = 5432
    data_path: str = "/home/postgres/pgdata/data"
    user: str | None = None  # the image's: postgres, 1000
    stop_signal: str = "SIGINT"  # fast: SIGTERM would wait for the clients
    stop_patience_s: float = 60.0
    needs_init: bool = False

    @property
    def command(self) -> tuple[str, ...]:
        """Give every setting as an argument, so that nothing in the volume adds to it."""
        options = [part for s in self.settings for part in ("-c", f"{s.name}={s.value}")]
        return ("postgres", *options)

    @property
    def environment(self) -> Mapping[str, str]:
        """Have the cluster made as the local one is, and not tuned.

        ``timescaledb-tune`` would write its own settings when the volume is first used, and leave
        them there at every later level. Checksums of pages are the default since PostgreSQL 18.
        """
        return {
            "NO_TS_TUNE": "true",
            "PGDATA": self.data_path,
            "POSTGRES_HOST_AUTH_METHOD": "trust",
            "POSTGRES_INITDB_ARGS": "--encoding=UTF8 --locale=C --data-checksums",
        }

    @property
    def shm_bytes(self) -> int:
        """A quarter of the budget: what the processes of one statement may hold together.

        With ``dynamic_shared_memory_type=sysv`` nothing lies there. It is given for those who
        change that setting: in Docker's 64 MB parallel queries fail.
        """
        return max(SMALLEST_SHM_BYTES, self.ram_bytes // 4)

    def endpoint(self, host: str, port: int) -> Endpoint:
        """Say how the server is reached at the published port."""
        return Endpoint(host=host, port=port, database="postgres", user=SUPERUSER)

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why ``SELECT 1`` fails now.

        While the cluster is made another server runs, which has a socket only.
        """
        return postgres_identity.why_not_ready(endpoint)

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask for ``PostgreSQL 17.11 + TimescaleDB 2.19.3 (Apache)``."""
        return postgres_identity.read_version(endpoint)


def timescaledb_settings(ram_bytes: int, cpu_count: int) -> tuple[Setting, ...]:
    """Compute every setting we give: those of a local PostgreSQL, and what a container forces."""
    forced = {setting.name for setting in FORCED}
    rule = (s for s in postgres_settings(ram_bytes, cpu_count) if s.name not in forced)
    return (*rule, *FORCED)


def timescaledb_container(
    start: ServerStart, image: str | None, cpu_count: int
) -> TimescaleDBContainer:
    """Describe the container; without a limit its settings are computed from 1 GiB."""
    budget = start.ram_bytes or DEFAULT_RAM_BYTES
    return TimescaleDBContainer(
        image=image or IMAGES["postgresql"],
        ram_bytes=budget,
        settings=timescaledb_settings(budget, cpu_count),
    )
