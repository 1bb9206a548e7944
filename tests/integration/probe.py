"""What the tests of services look at: what is stored, which processes run, another harness."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import psycopg

from basetype_benchmark.infrastructure.clients.duckdb_client import ask, connect
from basetype_benchmark.infrastructure.clients.falkordb_client import FalkorClient
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.service import Endpoint, Service
from basetype_benchmark.infrastructure.services import bolt_endpoint
from basetype_benchmark.infrastructure.services.arcadedb import open_arcadedb
from basetype_benchmark.infrastructure.services.duckdb import open_duckdb
from basetype_benchmark.infrastructure.services.falkordb import open_falkordb
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.infrastructure.services.oxigraph_client import base_url
from basetype_benchmark.infrastructure.services.postgres import open_postgres

OPENERS: dict[str, Callable[[Path], LocalService]] = {
    "postgresql": open_postgres,
    "oxigraph": open_oxigraph,
    "falkordb": open_falkordb,
    "arcadedb": open_arcadedb,
    "duckdb": open_duckdb,
}
ROOT = Path(__file__).parents[2]


def connect_postgres(endpoint: Endpoint) -> psycopg.Connection:
    return psycopg.connect(
        host=endpoint.host,
        port=endpoint.port,
        user=endpoint.user,
        dbname=endpoint.database,
        autocommit=True,
    )


@contextmanager
def falkordb_client(service: Service) -> Iterator[FalkorClient]:
    client = FalkorClient(service, patience_s=10)
    try:
        yield client
    finally:
        client.close()


def store(service: Service) -> None:
    if service.engine == "postgresql":
        with connect_postgres(service.endpoint) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        return
    if service.engine == "falkordb":
        with falkordb_client(service) as client:
            client.write("CREATE (:Kept {answer: 42})", "storing")
            client.save("storing")  # as its loader does: what is not saved is not kept
        return
    if service.engine == "arcadedb":
        bolt_endpoint.ask(service.endpoint, "CREATE (:Kept {answer: 42})")
        return
    if service.engine == "duckdb":
        with connect(service.endpoint) as peer:
            ask(peer, "CREATE TABLE kept AS SELECT 42 AS answer", limit_s=10)
        return
    httpx.post(
        f"{base_url(service.endpoint)}/update",
        content="INSERT DATA { <urn:kept> <urn:is> 42 }",
        headers={"Content-Type": "application/sparql-update"},
    ).raise_for_status()


def stored(service: Service) -> str:
    if service.engine == "postgresql":
        with connect_postgres(service.endpoint) as connection:
            return str(connection.execute("SELECT answer FROM kept").fetchone()[0])
    if service.engine == "falkordb":
        with falkordb_client(service) as client:
            return str(client.read("MATCH (k:Kept) RETURN k.answer AS answer").rows[0][0])
    if service.engine == "arcadedb":
        _, rows = bolt_endpoint.ask(service.endpoint, "MATCH (k:Kept) RETURN k.answer AS answer")
        return str(rows[0][0])
    if service.engine == "duckdb":
        with connect(service.endpoint) as peer:
            return str(ask(peer, "SELECT answer FROM kept", limit_s=10).rows[0][0])
    answer = httpx.get(
        f"{base_url(service.endpoint)}/query",
        params={"query": "SELECT ?v { <urn:kept> <urn:is> ?v }"},
        headers={"Accept": "text/csv"},
    )
    return answer.text.split()[-1]


def processes_of(folder: Path) -> list[psutil.Process]:
    """Live processes whose command line names the folder or something in it."""
    return [
        process
        for process in psutil.process_iter()
        if str(folder) in " ".join(safe_cmdline(process)) and is_running(process.pid)
    ]


def safe_cmdline(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def harness(
    engine: str, data_dir: Path, launcher: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen[str]]:
    """Run a harness in another process; whatever the test does, none is left."""
    process = subprocess.Popen(
        [*launcher, sys.executable, "-m", "tests.integration.harness", engine, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> list[str]:
    return process.stdout.readline().split()
