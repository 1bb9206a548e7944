"""The Oxigraph server as a child process, from the binary of the `oxigraph` wheel."""

from __future__ import annotations

import math
import shutil
import signal
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.local.ending import StopStep
from basetype_benchmark.infrastructure.local.local_manager import Command, storage_error
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.ports import (
    LOOPBACK,
    pick_free_port,
    require_free_port,
)
from basetype_benchmark.infrastructure.service import Endpoint, Setting
from basetype_benchmark.infrastructure.services import oxigraph_client
from basetype_benchmark.infrastructure.services.embedded import (
    INSTALL_COMMAND,
    read_binary_version,
)


@dataclass(frozen=True, kw_only=True)
class LocalOxigraph:
    """How to run Oxigraph: on a loopback port."""

    binary: Path
    port: int | None  # None: any free one
    settings: tuple[Setting, ...]
    engine: str = "oxigraph"
    title: str = "Oxigraph"
    # It has no orderly stop: the signal ends it, and RocksDB's log holds what was committed.
    stop_steps: tuple[StopStep, ...] = (StopStep(signal=signal.SIGTERM, patience_s=10.0),)
    abort_steps: tuple[StopStep, ...] = ()

    def holds_store(self, data_dir: Path) -> bool:
        """Whether RocksDB ever opened it; its lock file is the first it makes, and stays."""
        return (data_dir / "LOCK").is_file()

    def prepare(self, data_dir: Path, run_dir: Path) -> Endpoint:
        """Create the folder where there is none, and settle the port."""
        try:
            data_dir.mkdir(exist_ok=True)
        except OSError as error:
            raise storage_error(self.title, data_dir, error) from None
        port = pick_free_port() if self.port is None else self.port
        require_free_port(port, self.title)
        return Endpoint(host=LOOPBACK, port=port)

    def command(self, data_dir: Path, endpoint: Endpoint) -> Command:
        """Serve the folder, read and write."""
        executable = str(self.binary)
        place = ("--location", str(data_dir), "--bind", f"{endpoint.host}:{endpoint.port}")
        limits = [part for s in self.settings for part in (f"--{s.name}", s.value)]
        argv = (executable, "serve", *place, *limits)
        return Command(argv=argv, executable=executable, program=(self.binary,))

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why ``ASK {}`` fails now."""
        return oxigraph_client.why_not_ready(endpoint)

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask for ``Oxigraph 0.5.13``."""
        return oxigraph_client.read_version(endpoint)


def oxigraph_settings(query_timeout_s: float | None) -> tuple[Setting, ...]:
    """Give the time limit, in whole seconds, rounded up; there is no other, and none for memory."""
    if query_timeout_s is None:
        return ()
    return (
        Setting(
            name="timeout-s",
            value=str(max(1, math.ceil(query_timeout_s))),
            reason="the protocol's limit of one query; the default is none",
        ),
    )


def open_oxigraph(
    data_dir: Path,
    *,
    port: int | None = None,
    query_timeout_s: float | None = None,
    ram_bytes: int | None = None,
    fresh: bool = False,
) -> LocalService:
    """Give a service that runs Oxigraph on `data_dir`; nothing starts before it is entered.

    Args:
        data_dir: Folder of the store, created when missing; its parent gets lock and log.
        port: Loopback port; any free one when None. Entering raises PortInUse if it is taken.
        query_timeout_s: When the server tries to cancel a query, in whole seconds, rounded up.
        ram_bytes: Limit that the kernel holds it to; Oxigraph has no setting for memory.
        fresh: Remove the store that is there, and serve a new, empty one.

    Raises:
        ServiceUnavailable: the wheel is not installed.
    """
    engine = LocalOxigraph(
        binary=find_oxigraph_binary(), port=port, settings=oxigraph_settings(query_timeout_s)
    )
    return LocalService(engine=engine, data_dir=data_dir, ram_bytes=ram_bytes, fresh=fresh)


def find_oxigraph_binary() -> Path:
    """Find the ``oxigraph`` command: beside this Python's scripts, else in the PATH.

    It also loads and optimises a store offline, while no server holds it.

    Raises:
        ServiceUnavailable: there is none.
    """
    found = shutil.which("oxigraph", path=sysconfig.get_path("scripts")) or shutil.which("oxigraph")
    if found is None:
        raise ServiceUnavailable(
            f"Oxigraph is not installed: no command oxigraph; {INSTALL_COMMAND}"
        )
    return Path(found).resolve()


def binary_version(binary: Path) -> str:
    """Ask the binary for its version, ``0.5.13``.

    Raises:
        ServiceUnavailable: it does not run, or is something else.
    """
    return read_binary_version((str(binary), "--version"), title="Oxigraph")
