"""DuckDB as a child process: the library of the `duckdb` wheel in a small server of ours."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Never

import psutil

from basetype_benchmark.errors import QueryFailed, ServiceUnavailable, UsageError
from basetype_benchmark.infrastructure.clients.duckdb_client import ask, connect
from basetype_benchmark.infrastructure.clients.duckdb_protocol import SOCKET
from basetype_benchmark.infrastructure.local.ending import StopStep
from basetype_benchmark.infrastructure.local.local_manager import Command, storage_error
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.service import Endpoint, Setting
from basetype_benchmark.infrastructure.services.duckdb_settings import duckdb_settings
from basetype_benchmark.infrastructure.services.embedded import INSTALL_COMMAND

TITLE = "DuckDB"
DATABASE = "btb.duckdb"
SERVER = "basetype_benchmark.infrastructure.services.duckdb_server"
ANSWER_DEADLINE_S = 10.0
NO_PORT = 0  # a Unix socket has none


@dataclass(frozen=True, kw_only=True)
class LocalDuckDB:
    """How to run DuckDB: one database file, behind a Unix socket in a private folder."""

    settings: tuple[Setting, ...]
    engine: str = "duckdb"
    title: str = TITLE
    # It ends what runs, and writes what its log holds into the database.
    stop_steps: tuple[StopStep, ...] = (StopStep(signal=signal.SIGTERM, patience_s=30.0),)
    abort_steps: tuple[StopStep, ...] = ()

    def holds_store(self, data_dir: Path) -> bool:
        """Whether a database is there, be it an unfinished one."""
        return (data_dir / DATABASE).is_file()

    def prepare(self, data_dir: Path, run_dir: Path) -> Endpoint:
        """Create the folder where there is none; DuckDB creates the database."""
        try:
            data_dir.mkdir(exist_ok=True)
        except OSError as error:
            raise storage_error(self.title, data_dir, error) from None
        return Endpoint(host=str(run_dir), port=NO_PORT)

    def command(self, data_dir: Path, endpoint: Endpoint) -> Command:
        """Run our server with this Python; ``-P`` keeps the working directory off its path."""
        executable = sys.executable
        place = ("--database", str(data_dir / DATABASE), "--socket", f"{endpoint.host}/{SOCKET}")
        options = [part for s in self.settings for part in ("--set", f"{s.name}={s.value}")]
        # Python itself is in use by the harness: its pages cannot be dropped.
        library = importlib.util.find_spec("duckdb")
        folders = () if library is None else tuple(library.submodule_search_locations or ())
        return Command(
            argv=(executable, "-P", "-m", SERVER, *place, *options),
            executable=executable,
            program=tuple(map(Path, folders)),
        )

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why ``SELECT 1`` fails now."""
        try:
            with connect(endpoint) as peer:
                ask(peer, "SELECT 1", limit_s=ANSWER_DEADLINE_S)
        except (QueryFailed, EOFError, OSError) as error:
            return str(error)
        return None

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask for ``DuckDB 2.0.1``.

        Raises:
            ServiceUnavailable: nobody answers there.
        """
        try:
            with connect(endpoint) as peer:
                answer = ask(peer, "SELECT version()", limit_s=ANSWER_DEADLINE_S)
        except (QueryFailed, EOFError, OSError) as error:
            raise ServiceUnavailable(f"{self.title} did not tell its version: {error}") from None
        return f"{self.title} {str(answer.rows[0][0]).removeprefix('v')}"


def open_duckdb(
    data_dir: Path, *, ram_bytes: int | None = None, fresh: bool = False
) -> LocalService:
    """Give a service that runs DuckDB on `data_dir`; nothing starts before it is entered.

    Args:
        data_dir: Folder of the database, created when missing; its parent gets lock and log.
        ram_bytes: Budget that the settings are computed from; the machine's memory when there is
            no limit, as DuckDB itself does.
        fresh: Remove the database that is there, and serve a new, empty one.

    Raises:
        ServiceUnavailable: the wheel is not installed.
    """
    find_duckdb_version()
    budget = ram_bytes or psutil.virtual_memory().total
    engine = LocalDuckDB(settings=duckdb_settings(budget, len(os.sched_getaffinity(0))))
    return LocalService(engine=engine, data_dir=data_dir, ram_bytes=ram_bytes, fresh=fresh)


def open_external_duckdb(_url: str) -> Never:
    """Refuse: there are no DuckDB servers that our client could speak to.

    Raises:
        UsageError: always.
    """
    raise UsageError(
        "DuckDB is a library and has no server at a URL: btb runs it itself, as a child process; "
        "leave out --url duckdb"
    )


def find_duckdb_version() -> str:
    """Find the wheel, without importing it, and give its version, ``2.0.1``.

    Raises:
        ServiceUnavailable: the wheel is not installed.
    """
    if importlib.util.find_spec("duckdb") is None:
        raise ServiceUnavailable(f"DuckDB is not installed: no package duckdb; {INSTALL_COMMAND}")
    return importlib.metadata.version("duckdb")
