"""ArcadeDB as a child process, from the wheel `arcadedb-embedded`, which brings its own Java.

The server wants a password for its user. It is made anew for every start of the service and handed
over in a file that the owner alone can read: it is in no command line and in no log. The users of
the server are made anew with it: the store itself holds none.
"""

from __future__ import annotations

import importlib.util
import re
import secrets
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.clients.bolt_client import bolt_url
from basetype_benchmark.infrastructure.clients.bolt_dialect import BoltDialect
from basetype_benchmark.infrastructure.local.ending import StopStep
from basetype_benchmark.infrastructure.local.local_manager import Command, storage_error
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.ports import LOOPBACK, pick_free_port, require_free_port
from basetype_benchmark.infrastructure.service import Endpoint, Setting
from basetype_benchmark.infrastructure.services import bolt_endpoint
from basetype_benchmark.infrastructure.services.arcadedb_settings import (
    arcadedb_settings,
    java_options,
)
from basetype_benchmark.infrastructure.services.embedded import INSTALL_COMMAND
from basetype_benchmark.infrastructure.services.external import (
    READY_DEADLINE_S,
    ExternalService,
)
from basetype_benchmark.units import GIB

TITLE = "ArcadeDB"
DATABASE = "btb"
USER = "root"
URL_EXAMPLE = "bolt://user:password@host:7687/database"
DEFAULT_RAM_BYTES = 2 * GIB

ARCADEDB = BoltDialect(
    title=TITLE,
    create_indexes=lambda label: (f"CREATE INDEX IF NOT EXISTS FOR (n:{label}) ON (n.id)",),
    timeout_marks=("TransactionTimedOut", "arcadedb.command.timeout"),
    refusal_marks=("arcadedb.queryMaxHeap", "heap budget"),
    # In parts: as one transaction it would run over the time limit of a query. Chunks go first:
    # they have one relationship each, and are deleted twice as fast as from their points.
    delete_some=(
        "MATCH (n:Chunk) WITH n LIMIT 250 DETACH DELETE n RETURN count(*) AS found",
        "MATCH (n) WITH n LIMIT 250 DETACH DELETE n RETURN count(*) AS found",
    ),
)

_SERVER_CLASS = "com.arcadedb.server.ArcadeDBServer"
BOLT_PLUGIN = "Bolt:com.arcadedb.bolt.BoltProtocolPlugin"
# What the product's own start script gives, less its remote management.
JAVA_MODULES = (
    "--add-exports=java.management/sun.management=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-modules=jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
    "-Djava.awt.headless=true",
)
_LOGGING = "handlers = java.util.logging.ConsoleHandler\n.level = WARNING\n"


@dataclass(frozen=True, kw_only=True)
class ArcadePackage:
    """Where the wheel's Java and its archives are."""

    java: Path
    archives: Path
    version: str


@dataclass(frozen=True, kw_only=True)
class LocalArcade:
    """How to run ArcadeDB: Bolt on a loopback port, HTTP on another that nobody is told of.

    The HTTP interface cannot be left out. In the data directory, `databases` is the store and
    `arcadedb-server` what one run of the server needs.
    """

    package: ArcadePackage
    port: int | None  # None: any free one
    java: tuple[Setting, ...]
    product: tuple[Setting, ...]
    engine: str = "arcadedb"
    title: str = TITLE
    stop_steps: tuple[StopStep, ...] = (StopStep(signal=signal.SIGTERM, patience_s=60.0),)
    abort_steps: tuple[StopStep, ...] = ()

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The options of the Java machine, then the product's own settings."""
        return (*self.java, *self.product)

    def holds_store(self, data_dir: Path) -> bool:
        """Whether a server of ours was ever prepared in it."""
        return server_dir(data_dir).is_dir()

    def prepare(self, data_dir: Path, run_dir: Path) -> Endpoint:
        """Create the folders, settle the port and make up the password."""
        password = secrets.token_urlsafe(24)
        try:
            data_dir.mkdir(exist_ok=True)
            _prepare_server_dir(server_dir(data_dir), password)
        except OSError as error:
            raise storage_error(self.title, data_dir, error) from None
        port = pick_free_port() if self.port is None else self.port
        require_free_port(port, self.title)
        return Endpoint(host=LOOPBACK, port=port, database=DATABASE, user=USER, password=password)

    def command(self, data_dir: Path, endpoint: Endpoint) -> Command:
        """Give every setting as an argument, so that nothing in the data directory adds to it."""
        own = server_dir(data_dir)
        place = {
            "java.util.logging.config.file": str(own / "logging.properties"),
            "arcadedb.server.rootPath": str(own),
            "arcadedb.server.logsDirectory": str(own / "log"),
            "arcadedb.server.rootPasswordPath": str(own / "password"),
            "arcadedb.server.databaseDirectory": str(data_dir / "databases"),
            # With a password for root in it, root would lose its rights on the schema.
            "arcadedb.server.defaultDatabases": f"{DATABASE}[{USER}]",
            "arcadedb.server.plugins": BOLT_PLUGIN,
            "arcadedb.server.httpIncomingHost": LOOPBACK,
            "arcadedb.server.httpIncomingPort": "0",
            "arcadedb.bolt.host": endpoint.host,
            "arcadedb.bolt.port": str(endpoint.port),
        }
        given = place | {setting.name: setting.value for setting in self.product}
        executable = str(self.package.java)
        options = [f"-D{name}={value}" for name, value in given.items()]
        java = [f"{setting.name}{setting.value}" for setting in self.java]
        classes = ("-cp", f"{self.package.archives}/*", _SERVER_CLASS)
        return Command(
            argv=(executable, *java, *JAVA_MODULES, *options, *classes),
            executable=executable,
            program=(self.package.java.parent.parent, self.package.archives),
        )

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why ``RETURN 1`` fails now."""
        return bolt_endpoint.why_not_ready(endpoint)

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask for ``ArcadeDB 26.10.2``."""
        return read_version(endpoint)


def open_arcadedb(
    data_dir: Path,
    *,
    port: int | None = None,
    query_timeout_s: float | None = None,
    ram_bytes: int | None = None,
    fresh: bool = False,
) -> LocalService:
    """Give a service that runs ArcadeDB on `data_dir`; nothing starts before it is entered.

    Args:
        data_dir: Folder of the store, created when missing; its parent gets lock and log.
        port: Loopback port of Bolt; any free one when None.
        query_timeout_s: When the server ends a statement.
        ram_bytes: Budget that the settings are computed from; 2 GiB when there is no limit.
        fresh: Remove the store that is there, and serve a new, empty one.

    Raises:
        ServiceUnavailable: the wheel is not installed.
    """
    budget = ram_bytes or DEFAULT_RAM_BYTES
    engine = LocalArcade(
        package=find_arcadedb(),
        port=port,
        java=java_options(budget),
        product=arcadedb_settings(budget, query_timeout_s),
    )
    return LocalService(engine=engine, data_dir=data_dir, ram_bytes=ram_bytes, fresh=fresh)


def open_external_arcadedb(
    url: str, *, ready_deadline_s: float = READY_DEADLINE_S
) -> ExternalService:
    """Give a service for an ArcadeDB server that already runs, with its Bolt plugin.

    It has no time limit of ours: give it ``arcadedb.command.timeout``, or a query that runs over
    the limit goes on in it.

    Args:
        url: ``bolt://user:password@host:7687/database``; the user defaults to ``root``, the
            database to ``btb``. The database must be there.
        ready_deadline_s: How long entering waits for it to answer.

    Raises:
        UsageError: it is not such a URL.
    """
    return ExternalService(
        engine="arcadedb",
        title=TITLE,
        endpoint=bolt_endpoint.parse_bolt_url(
            url, title=TITLE, user=USER, database=DATABASE, example=URL_EXAMPLE
        ),
        why_not_ready=bolt_endpoint.why_not_ready,
        read_version=read_version,
        ready_deadline_s=ready_deadline_s,
    )


def read_version(endpoint: Endpoint) -> str:
    """Ask a server for ``ArcadeDB 26.10.2``.

    Raises:
        ServiceUnavailable: it does not answer, or is something else.
    """
    return version_label(bolt_endpoint.read_agent(endpoint, TITLE), bolt_url(endpoint))


def version_label(agent: str, url: str) -> str:
    """Name the server from what it calls itself: ``Neo4j/5.26.0 compatible (ArcadeDB 26.10.2)``.

    Raises:
        ServiceUnavailable: it is not ArcadeDB.
    """
    found = re.search(r"\bArcadeDB (\d[\w.-]*)", agent)
    if found is None:
        raise ServiceUnavailable(
            f"the server at {url} calls itself {agent!r}, not ArcadeDB; check the address"
        )
    return f"ArcadeDB {found.group(1)}"


def find_arcadedb() -> ArcadePackage:
    """Find the wheel's Java and its archives, without importing the wheel.

    Raises:
        ServiceUnavailable: the wheel is not installed, or is not the one we know.
    """
    spec = importlib.util.find_spec("arcadedb_embedded")
    if spec is None or spec.origin is None:
        raise ServiceUnavailable(
            f"ArcadeDB is not installed: no package arcadedb-embedded; {INSTALL_COMMAND}"
        )
    folder = Path(spec.origin).resolve().parent
    java, archives = folder / "jre" / "bin" / "java", folder / "jars"
    server = sorted(archives.glob("arcadedb-server-*.jar"))
    if not java.is_file() or not server or not list(archives.glob("arcadedb-bolt-*.jar")):
        raise ServiceUnavailable(
            f"the package arcadedb-embedded has no server in {folder}; {INSTALL_COMMAND} again"
        )
    version = server[-1].stem.removeprefix("arcadedb-server-")
    return ArcadePackage(java=java, archives=archives, version=version)


def server_dir(data_dir: Path) -> Path:
    """Give the folder of what one run of the server needs: users, password, logs."""
    return data_dir / "arcadedb-server"


def _prepare_server_dir(folder: Path, password: str) -> None:
    """Make it anew: a user of an earlier run would keep the password of that run."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    (folder / "logging.properties").write_text(_LOGGING)
