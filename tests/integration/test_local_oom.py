"""Local servers that run out of memory: the kernel kills, we count it, and the rest goes on."""

import os
import signal
from contextlib import suppress

import httpx
import psycopg
import pytest

from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.infrastructure.services.oxigraph_client import base_url
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.units import MIB
from tests.integration.groups import memory_group
from tests.integration.probe import connect_postgres, store, stored

pytestmark = [pytest.mark.servers, pytest.mark.root]

LIMIT = 192 * MIB
# A hash of all rows in one process; work_mem lets it grow far beyond the limit.
HUNGRY = """
    SELECT count(*) FROM (
        SELECT n, repeat('x', 200) || n FROM generate_series(1, 3000000) AS n GROUP BY 1, 2
    ) AS all_rows
"""


def starve(connection: psycopg.Connection) -> None:
    for setting in ("work_mem = '4GB'", "hash_mem_multiplier = 8", "enable_sort = off"):
        connection.execute(f"SET {setting}")
    connection.execute(HUNGRY)


def await_recovery(service: LocalService, times: int = 1) -> None:
    """Wait for the recovery from a killed backend, counted by this log, and its end.

    Asked at once, the server still answers: its first process has not noticed yet, and ends all
    sessions when it does.
    """

    def why_not() -> str | None:
        recoveries = service.log_file.read_text().count("reinitializing")
        return "not noticed yet" if recoveries < times else service.why_not_ready()

    wait_until("recovery", why_not, deadline_s=60)


def test_a_killed_backend_of_postgres_is_counted_and_its_server_lives_on(tmp_path):
    with open_postgres(tmp_path / "data", ram_bytes=LIMIT) as service:
        store(service)
        server, meter = service.pid, service.open_meter()
        assert service.oom_kills() == 0
        with (
            pytest.raises(psycopg.OperationalError),
            connect_postgres(service.endpoint) as connection,
        ):
            starve(connection)
        assert service.oom_kills() >= 1
        assert meter.read_counters().oom_kills == service.oom_kills()
        meter.close()
        await_recovery(service)
        assert (service.pid, service.why_dead()) == (server, None)
        assert stored(service) == "42"


def test_the_count_goes_on_over_a_restart_and_is_kept_after_the_end(tmp_path):
    with open_postgres(tmp_path / "data", ram_bytes=LIMIT) as service:
        for kills in (1, 2):
            with (
                suppress(psycopg.OperationalError),
                connect_postgres(service.endpoint) as connection,
            ):
                starve(connection)
            await_recovery(service, times=kills)
            assert service.oom_kills() >= kills
            service.restart()
            assert service.oom_kills() >= kills
        last = service.oom_kills()
    assert service.oom_kills() == last


def test_an_oxigraph_killed_while_loading_is_counted_and_starts_again(tmp_path):
    with open_oxigraph(tmp_path / "data", ram_bytes=64 * MIB) as service:
        store(service)
        with pytest.raises(httpx.TransportError):
            load_in_one_transaction(service.endpoint)
        wait_until("death", lambda: None if service.why_dead() else "it runs", deadline_s=20)
        assert "killed by signal 9 (SIGKILL; often the kernel" in service.why_dead()
        assert service.oom_kills() == 1
        service.restart()
        assert service.why_not_ready() is None
        assert stored(service) == "42"
        assert service.oom_kills() == 1
        assert memory_group(service.pid).exists()


def load_in_one_transaction(endpoint: Endpoint) -> None:
    line = '<urn:s{0}> <urn:is> "{0} and a text that is long enough to fill the memory" .\n'
    for _ in range(20):
        body = "".join(line.format(number) for number in range(400_000))
        httpx.post(
            f"{base_url(endpoint)}/store?default",
            content=body.encode(),
            headers={"Content-Type": "application/n-triples"},
            timeout=120,
        ).raise_for_status()


def test_a_kill_by_somebody_else_is_not_counted(tmp_path):
    with open_oxigraph(tmp_path / "data", ram_bytes=LIMIT) as service:
        os.kill(service.pid, signal.SIGKILL)
        wait_until("death", lambda: None if service.why_dead() else "it runs", deadline_s=20)
        assert service.oom_kills() == 0
