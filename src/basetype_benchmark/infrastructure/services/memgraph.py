"""Memgraph as a child process, from a binary found on the machine; all that only Memgraph has.

No package index has the server, and it was not run where this was written: flags, statements and
messages are taken from the source and the documentation of Memgraph 3. The client, loader and
runner that it shares with ArcadeDB do run, against ArcadeDB.
"""

from __future__ import annotations

import shutil
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.clients.bolt_client import (
    bolt_url,
    driver_errors,
    one_line,
)
from basetype_benchmark.infrastructure.clients.bolt_dialect import BoltDialect
from basetype_benchmark.infrastructure.local.ending import StopStep
from basetype_benchmark.infrastructure.local.local_manager import Command, storage_error
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.ports import LOOPBACK, pick_free_port, require_free_port
from basetype_benchmark.infrastructure.service import Endpoint, Setting
from basetype_benchmark.infrastructure.services import bolt_endpoint
from basetype_benchmark.infrastructure.services.embedded import read_binary_version
from basetype_benchmark.infrastructure.services.external import (
    READY_DEADLINE_S,
    ExternalService,
)
from basetype_benchmark.units import GIB, MIB

TITLE = "Memgraph"
DATABASE = "memgraph"
URL_EXAMPLE = "bolt://user:password@host:7687/database"
RUN_COMMAND = "docker run -d -p 127.0.0.1:7687:7687 memgraph/memgraph"
DEFAULT_RAM_BYTES = GIB
PACKAGED_BINARY = Path("/usr/lib/memgraph/memgraph")

_MEMORY_FIELDS = ("memory_res", "peak_memory_res", "memory_tracked", "disk_usage")


def read_memory(rows: Sequence[Sequence[Any]]) -> Mapping[str, str]:
    """Pick what tells of memory from ``SHOW STORAGE INFO``, whose fields differ by version."""
    found = {str(name): str(value) for name, value, *_ in rows}
    return {name: found[name] for name in _MEMORY_FIELDS if name in found}


_ANALYTICAL = "STORAGE MODE IN_MEMORY_ANALYTICAL"
_TRANSACTIONAL = "STORAGE MODE IN_MEMORY_TRANSACTIONAL"

MEMGRAPH = BoltDialect(
    title=TITLE,
    # Nodes are not kept by label, and the index of a property does not serve the label alone:
    # without the first, MATCH (p:Point) would look at every node of every label.
    create_indexes=lambda label: (
        f"CREATE INDEX ON :{label}",
        f"CREATE INDEX ON :{label}(id)",
    ),
    timeout_marks=("transaction timeout",),
    refusal_marks=("Memory limit exceeded",),
    # The way that the manual advises for imports: no undo records, no log. What is not logged must
    # be in a snapshot before the mode ends, or a restart would lose it.
    before_load=(_ANALYTICAL,),
    after_load=("ANALYZE GRAPH", "CREATE SNAPSHOT", _TRANSACTIONAL, "FREE MEMORY"),
    clear=(_ANALYTICAL, "DROP GRAPH", _TRANSACTIONAL),
    memory_query="SHOW STORAGE INFO",
    read_memory=read_memory,
)


def memgraph_settings(ram_bytes: int, query_timeout_s: float | None) -> tuple[Setting, ...]:
    """Compute every flag we give, for a server that may use `ram_bytes` in all."""
    return (
        Setting(
            name="memory-limit",
            value=str(max(1, ram_bytes * 9 // 10 // MIB)),
            reason="90 % of the RAM budget, in MiB: what the allocator holds beside it is not "
            "counted; the default is the machine's memory, not the container's",
        ),
        Setting(
            name="query-execution-timeout-sec",
            value=f"{0 if query_timeout_s is None else query_timeout_s:g}",
            reason="the protocol's limit of one query, 0 for none; the default is 600",
        ),
        Setting(
            name="storage-mode",
            value="IN_MEMORY_TRANSACTIONAL",
            reason="the default, stated: queries run in transactions",
        ),
        Setting(
            name="storage-properties-on-edges",
            value="true",
            reason="relationships have properties (`medium`); off in the bare binary",
        ),
        Setting(
            name="storage-wal-enabled",
            value="true",
            reason="as Memgraph is packaged: a restart finds the data again",
        ),
        Setting(
            name="storage-wal-file-flush-every-n-tx",
            value="1",
            reason="a commit is on disk when it returns, as in PostgreSQL",
        ),
        Setting(
            name="storage-snapshot-interval-sec",
            value="86400",
            reason="no snapshot in a measurement; the log needs the interval to be set",
        ),
        Setting(
            name="storage-snapshot-on-exit",
            value="false",
            reason="the load ends with a snapshot, and queries change nothing",
        ),
        Setting(
            name="data-recovery-on-startup",
            value="true",
            reason="the default, stated: a restart reads the snapshot and the log",
        ),
        Setting(name="telemetry-enabled", value="false", reason="a benchmark reports to nobody"),
        Setting(name="log-level", value="WARNING", reason="writing more would be timed"),
        Setting(name="log-file", value="", reason="its standard error is kept instead"),
        Setting(name="also-log-to-stderr", value="true", reason="there we read its last words"),
    )


@dataclass(frozen=True, kw_only=True)
class LocalMemgraph:
    """How to run Memgraph: every port on loopback."""

    binary: Path
    port: int | None  # None: any free one
    settings: tuple[Setting, ...]
    engine: str = "memgraph"
    title: str = TITLE
    stop_steps: tuple[StopStep, ...] = (StopStep(signal=signal.SIGTERM, patience_s=60.0),)
    abort_steps: tuple[StopStep, ...] = ()

    def holds_store(self, data_dir: Path) -> bool:
        """Whether Memgraph ever opened it; its lock file stays."""
        return (data_dir / ".lock").is_file()

    def prepare(self, data_dir: Path, run_dir: Path) -> Endpoint:
        """Create the folder where there is none, and settle the port."""
        try:
            data_dir.mkdir(exist_ok=True)
        except OSError as error:
            raise storage_error(self.title, data_dir, error) from None
        port = pick_free_port() if self.port is None else self.port
        require_free_port(port, self.title)
        return Endpoint(host=LOOPBACK, port=port, database=DATABASE)

    def command(self, data_dir: Path, endpoint: Endpoint) -> Command:
        """Give every flag as an argument: they win over the configuration files it reads."""
        executable = str(self.binary)
        place = {
            "data-directory": str(data_dir),
            "bolt-address": endpoint.host,
            "bolt-port": str(endpoint.port),
            # Two more servers, which nobody asks: any free ports will do.
            "monitoring-address": LOOPBACK,
            "monitoring-port": "0",
            "metrics-address": LOOPBACK,
            "metrics-port": "0",
        }
        given = place | {setting.name: setting.value for setting in self.settings}
        flags = [f"--{name}={value}" for name, value in given.items()]
        return Command(argv=(executable, *flags), executable=executable, program=(self.binary,))

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why ``RETURN 1`` fails now."""
        return bolt_endpoint.why_not_ready(endpoint)

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask for ``Memgraph 3.12.0``."""
        return read_version(endpoint)


def open_memgraph(
    data_dir: Path,
    *,
    port: int | None = None,
    query_timeout_s: float | None = None,
    ram_bytes: int | None = None,
    fresh: bool = False,
) -> LocalService:
    """Give a service that runs Memgraph on `data_dir`; nothing starts before it is entered.

    Args:
        data_dir: Folder of snapshots and log, created when missing; its parent gets lock and log.
        port: Loopback port of Bolt; any free one when None.
        query_timeout_s: When the server ends a statement.
        ram_bytes: Budget that the flags are computed from; 1 GiB when there is no limit.
        fresh: Remove the store that is there, and serve a new, empty one.

    Raises:
        ServiceUnavailable: there is no Memgraph on this machine.
    """
    engine = LocalMemgraph(
        binary=find_memgraph_binary(),
        port=port,
        settings=memgraph_settings(ram_bytes or DEFAULT_RAM_BYTES, query_timeout_s),
    )
    return LocalService(engine=engine, data_dir=data_dir, ram_bytes=ram_bytes, fresh=fresh)


def open_external_memgraph(
    url: str, *, ready_deadline_s: float = READY_DEADLINE_S
) -> ExternalService:
    """Give a service for a Memgraph server that already runs.

    Args:
        url: ``bolt://user:password@host:7687/database``; without a user it is asked without one,
            the database defaults to ``memgraph``.
        ready_deadline_s: How long entering waits for it to answer.

    Raises:
        UsageError: it is not such a URL.
    """
    return ExternalService(
        engine="memgraph",
        title=TITLE,
        endpoint=bolt_endpoint.parse_bolt_url(
            url, title=TITLE, user="", database=DATABASE, example=URL_EXAMPLE
        ),
        why_not_ready=bolt_endpoint.why_not_ready,
        read_version=read_version,
        ready_deadline_s=ready_deadline_s,
    )


def read_version(endpoint: Endpoint) -> str:
    """Ask a server for ``Memgraph 3.12.0``; what it calls itself has no number.

    Raises:
        ServiceUnavailable: it does not answer, or is something else.
    """
    try:
        _, rows = bolt_endpoint.ask(endpoint, "SHOW VERSION")
    except driver_errors() as error:
        raise ServiceUnavailable(
            f"the server at {bolt_url(endpoint)} does not tell a version as Memgraph does: "
            f"{one_line(error)}; check the address"
        ) from None
    return f"Memgraph {rows[0][0]}"


def find_memgraph_binary() -> Path:
    """Find the ``memgraph`` command in the PATH, else where its Linux packages put it.

    Raises:
        ServiceUnavailable: there is none.
    """
    found = shutil.which("memgraph")
    binary = PACKAGED_BINARY if found is None else Path(found).resolve()
    if not binary.is_file():
        raise ServiceUnavailable(
            "Memgraph is not installed: no command memgraph; take --provider docker, install its "
            f"package, or run it elsewhere and give its address, for instance {RUN_COMMAND} and "
            "--url memgraph=bolt://127.0.0.1:7687"
        )
    return binary


def binary_version(binary: Path) -> str:
    """Ask the binary for its version, ``3.12.0``.

    Raises:
        ServiceUnavailable: it does not run, or is something else.
    """
    try:
        return read_binary_version((str(binary), "--version"), title=TITLE)
    except ServiceUnavailable:
        raise ServiceUnavailable(
            f"the Memgraph binary {binary} does not tell its version; install its package again"
        ) from None
