"""The services on real servers: start, query, stop, and every way in which that goes wrong."""

from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from basetype_benchmark.infrastructure.local_service import LocalService
from basetype_benchmark.infrastructure.service import Endpoint, Service
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.infrastructure.services.oxigraph_client import base_url
from basetype_benchmark.infrastructure.services.postgres import open_postgres

pytestmark = pytest.mark.servers

OPENERS: dict[str, Callable[[Path], LocalService]] = {
    "postgresql": open_postgres,
    "oxigraph": open_oxigraph,
}
each_engine = pytest.mark.parametrize("opener", OPENERS.values(), ids=OPENERS.keys())


def connect_postgres(endpoint: Endpoint) -> psycopg.Connection:
    return psycopg.connect(
        host=endpoint.host,
        port=endpoint.port,
        user=endpoint.user,
        dbname=endpoint.database,
        autocommit=True,
    )


def store(service: Service) -> None:
    if service.engine == "postgresql":
        with connect_postgres(service.endpoint) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
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
    answer = httpx.get(
        f"{base_url(service.endpoint)}/query",
        params={"query": "SELECT ?v { <urn:kept> <urn:is> ?v }"},
        headers={"Accept": "text/csv"},
    )
    return answer.text.split()[-1]


def processes_of(data_dir: Path) -> list[psutil.Process]:
    return [p for p in psutil.process_iter() if str(data_dir) in safe_cmdline(p)]


def safe_cmdline(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@each_engine
def test_a_service_answers_while_it_is_open_and_leaves_nothing_behind(opener, tmp_path):
    with opener(tmp_path / "data") as service:
        assert service.why_not_ready() is None
        assert service.why_dead() is None
        assert [p.pid for p in processes_of(tmp_path / "data")] == [service.pid]
        run_dir = Path(service.endpoint.host)
    assert processes_of(tmp_path / "data") == []
    assert not run_dir.is_dir()
    assert not (tmp_path / "data.server.json").exists()


@each_engine
def test_an_exception_inside_ends_the_server(opener, tmp_path):
    with pytest.raises(ZeroDivisionError), opener(tmp_path / "data"):
        raise ZeroDivisionError
    assert processes_of(tmp_path / "data") == []


@each_engine
def test_a_restart_keeps_data_and_endpoint(opener, tmp_path):
    with opener(tmp_path / "data") as service:
        store(service)
        before = service.endpoint, service.pid
        service.restart()
        assert service.endpoint == before[0]
        assert service.pid != before[1]
        assert stored(service) == "42"


@each_engine
def test_data_outlives_the_service(opener, tmp_path):
    with opener(tmp_path / "data") as service:
        store(service)
    with opener(tmp_path / "data") as service:
        assert stored(service) == "42"


def test_versions_say_what_runs(postgres_service, oxigraph_service):
    assert postgres_service.version.startswith("PostgreSQL 18.")
    assert postgres_service.version.endswith("(no TimescaleDB)")
    assert oxigraph_service.version.startswith("Oxigraph 0.5.")


def test_settings_are_applied_as_stated(postgres_service):
    with connect_postgres(postgres_service.endpoint) as connection:
        applied = {
            s.name: connection.execute(f"SHOW {s.name}").fetchone()[0]
            for s in postgres_service.settings
        }
    assert applied == {s.name: s.value for s in postgres_service.settings}
