"""The services on real servers: start, query, stop, and every way in which that goes wrong."""

import os
import signal
import socket
import threading
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from basetype_benchmark.errors import DiskFull, PortInUse, ServiceUnavailable
from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services.falkordb import open_falkordb
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.infrastructure.waiting import wait_until
from tests.integration.probe import (
    OPENERS,
    connect_postgres,
    is_running,
    processes_of,
    store,
    stored,
)

pytestmark = pytest.mark.servers

each_engine = pytest.mark.parametrize("opener", OPENERS.values(), ids=OPENERS.keys())
QUICK = {name: opener for name, opener in OPENERS.items() if name != "arcadedb"}
quick_engine = pytest.mark.parametrize("opener", QUICK.values(), ids=QUICK.keys())
"""Where the engine itself matters little: all but the one that takes seconds to start."""


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


@quick_engine
def test_an_exception_inside_ends_the_server(opener, tmp_path):
    with pytest.raises(ZeroDivisionError), opener(tmp_path / "data"):
        raise ZeroDivisionError
    assert processes_of(tmp_path / "data") == []


@quick_engine
def test_a_fresh_service_has_nothing_of_the_store_before(opener, tmp_path):
    data_dir = tmp_path / "data"
    with opener(data_dir) as service:
        store(service)
    (data_dir / "of the store before").touch()
    (tmp_path / "data.discarded-half").mkdir()
    with opener(data_dir, fresh=True) as service:
        assert service.why_not_ready() is None
        assert not (data_dir / "of the store before").exists()
    assert list(tmp_path.glob("data.discarded-*")) == []


@quick_engine
def test_a_fresh_service_does_not_remove_what_is_no_store(opener, tmp_path):
    mine = tmp_path / "data" / "mine.txt"
    mine.parent.mkdir()
    mine.touch()
    with (
        pytest.raises(ServiceUnavailable, match=r"no store of .*; move it away"),
        opener(tmp_path / "data", fresh=True),
    ):
        pass
    assert mine.exists()


@quick_engine
def test_a_fresh_service_does_not_remove_what_another_harness_serves(opener, tmp_path):
    with opener(tmp_path / "data") as service:
        store(service)
        with (
            pytest.raises(ServiceUnavailable, match="in use by"),
            opener(tmp_path / "data", fresh=True),
        ):
            pass
        assert stored(service) == "42"


@quick_engine
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


@pytest.mark.parametrize("open_on", [open_oxigraph, open_falkordb], ids=["oxigraph", "falkordb"])
def test_a_port_in_use_is_named(open_on, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=str(port)), open_on(tmp_path / "d", port=port):
            pass
    with open_on(tmp_path / "d", port=port) as service:
        assert service.endpoint.port == port


@each_engine
def test_a_killed_server_is_said_to_be_killed_and_can_be_restarted(opener, tmp_path):
    with opener(tmp_path / "data") as service:
        store(service)
        os.kill(service.pid, signal.SIGKILL)
        wait_until("death", lambda: None if service.why_dead() else "alive", deadline_s=10)
        assert "killed by signal 9 (SIGKILL" in service.why_dead()
        assert service.why_not_ready() is not None
        service.restart()
        assert service.why_dead() is None
        assert stored(service) == "42"


def compute_for_a_minute(endpoint: Endpoint, started: threading.Event) -> None:
    with suppress(psycopg.Error), connect_postgres(endpoint) as connection:
        connection.execute("SET max_parallel_workers_per_gather = 0")
        started.set()
        connection.execute("SELECT count(*) FROM generate_series(1, 1000000000)")


def test_postgres_restarts_when_a_backend_outlives_its_killed_server(tmp_path):
    with open_postgres(tmp_path / "data") as service:
        started = threading.Event()
        busy = threading.Thread(target=compute_for_a_minute, args=(service.endpoint, started))
        busy.start()
        assert started.wait(10)
        backend = running_select(service.endpoint)
        os.kill(service.pid, signal.SIGKILL)
        wait_until("death", lambda: None if service.why_dead() else "alive", deadline_s=10)
        service.restart()
        assert service.why_not_ready() is None
        assert not is_running(backend)
        busy.join(10)
        assert not busy.is_alive()


def running_select(endpoint: Endpoint) -> int:
    found: list[int] = []

    def why_not() -> str | None:
        with connect_postgres(endpoint) as connection:
            query = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT count%generate%'"
            found.extend(row[0] for row in connection.execute(query))
        return None if found else "no such statement"

    wait_until("the statement", why_not, deadline_s=10)
    return found[0]


def test_a_stuck_query_ends_with_a_restart(tmp_path):
    with open_postgres(tmp_path / "data") as service:
        started = threading.Event()
        busy = threading.Thread(target=compute_for_a_minute, args=(service.endpoint, started))
        busy.start()
        assert started.wait(10)
        service.restart()
        busy.join(10)
        assert not busy.is_alive()
        assert service.why_not_ready() is None


@quick_engine
def test_a_very_long_path_works(opener, tmp_path):
    data_dir = tmp_path / ("long" * 40) / ("longer" * 30) / "data"
    with opener(data_dir) as service:
        assert service.why_not_ready() is None


@quick_engine
def test_quotes_and_spaces_in_a_path_work(opener, tmp_path):
    with opener(tmp_path / 'it\'s a "home"' / "data") as service:
        assert service.why_not_ready() is None


@pytest.mark.root
@quick_engine
def test_a_data_directory_below_a_closed_one_works_as_root(opener, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with opener(closed / "data") as service:
        store(service)
        assert stored(service) == "42"
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_no_cluster_is_refused_and_kept(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_text("mine")
    with (
        pytest.raises(ServiceUnavailable, match="neither empty nor a PostgreSQL cluster"),
        open_postgres(tmp_path / "data"),
    ):
        pass
    assert (tmp_path / "data" / "letter.txt").read_text() == "mine"


def test_a_cluster_of_another_version_is_refused(tmp_path):
    with open_postgres(tmp_path / "data"):
        pass
    (tmp_path / "data" / "PG_VERSION").write_text("11\n")
    with (
        pytest.raises(ServiceUnavailable, match=r"written by PostgreSQL 11.* delete that folder"),
        open_postgres(tmp_path / "data"),
    ):
        pass


def test_what_a_killed_initdb_left_is_never_taken_for_a_cluster(tmp_path):
    left = tmp_path / "data.unfinished-abc"
    left.mkdir()
    (left / "PG_VERSION").write_text("18\n")
    with open_postgres(tmp_path / "data") as service:
        assert service.why_not_ready() is None
    assert not left.exists()


def test_a_pid_file_of_a_process_that_became_another_program_does_not_stop_postgres(tmp_path):
    with open_postgres(tmp_path / "data") as service:
        os.kill(service.pid, signal.SIGKILL)
        wait_until("death", lambda: None if service.why_dead() else "alive", deadline_s=10)
    pid_file = tmp_path / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with open_postgres(tmp_path / "data") as service:
        assert service.why_not_ready() is None


def test_a_server_that_cannot_start_says_its_last_words(tmp_path):
    with open_postgres(tmp_path / "data"):
        pass
    (tmp_path / "data" / "global" / "pg_control").unlink()
    with (
        pytest.raises(ServiceUnavailable, match=r"exited with code \d.*pg_control") as caught,
        open_postgres(tmp_path / "data"),
    ):
        pass
    assert "\n" not in str(caught.value)
    assert processes_of(tmp_path / "data") == []


@pytest.mark.root
def test_a_full_disk_is_said_and_leaves_nothing_half_made(small_disk):
    full_disk = small_disk("8m")
    with pytest.raises(DiskFull, match="no space"), open_postgres(full_disk / "data"):
        pass
    assert [path.name for path in full_disk.iterdir()] == ["data.lock"]
