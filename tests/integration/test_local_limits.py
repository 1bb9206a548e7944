"""Local servers under a memory limit: every engine starts, is held to it, and leaves no group."""

import sys
from pathlib import Path

import psutil
import pytest

from basetype_benchmark.benchmark.resources import COUNTERS
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.cgroups.paths import find_mounts
from basetype_benchmark.infrastructure.cgroups.server_group import LimitRefused
from basetype_benchmark.infrastructure.local import local_manager
from basetype_benchmark.infrastructure.local.local_manager import Command, LocalManager
from basetype_benchmark.infrastructure.local.process_record import read_record
from basetype_benchmark.infrastructure.page_cache import cached_bytes
from basetype_benchmark.infrastructure.readiness import start_deadline_s
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.units import GIB, MIB
from tests.disk import disk_path
from tests.integration.groups import limit_of, members_of, memory_group
from tests.integration.probe import (
    OPENERS,
    connect_postgres,
    harness,
    is_running,
    said,
    store,
    stored,
)

pytestmark = [pytest.mark.servers, pytest.mark.root]

__all__ = ["disk_path"]  # a fixture

LIMIT = 512 * MIB

SLOW = {"arcadedb"}  # its virtual machine takes seconds to start
each_engine = pytest.mark.parametrize("opener", OPENERS.values(), ids=OPENERS.keys())


def groups_named_by(record_file: Path) -> list[Path]:
    """Folders of the group that a pid file names, over all hierarchies."""
    name = read_record(record_file).group
    return [mount.point / name for mount in find_mounts() if (mount.point / name).exists()]


@each_engine
def test_every_engine_starts_and_answers_under_a_limit(opener, tmp_path):
    with opener(tmp_path / "data", ram_bytes=LIMIT) as service:
        folder = memory_group(service.pid)
        assert limit_of(folder) == LIMIT == service.ram_bytes
        store(service)
        assert stored(service) == "42"
        meter = service.open_meter()
        reading = meter.read()
        meter.close()
        assert meter.source.startswith("cgroup v")
        assert 0 < reading.anonymous_bytes <= reading.memory_bytes <= LIMIT
        assert service.oom_kills() == reading.oom_kills == 0
    assert not folder.exists()


@each_engine
def test_without_a_limit_a_server_has_a_group_of_its_own_too(opener, tmp_path):
    with opener(tmp_path / "data") as service:
        folder = memory_group(service.pid)
        assert folder.name == read_record(tmp_path / "data.server.json").group
        assert limit_of_or_none(folder) is None
        server = psutil.Process(service.pid)

        def why_not() -> str | None:  # a session of PostgreSQL may end between the two readings
            family = {service.pid, *(child.pid for child in server.children(recursive=True))}
            return None if members_of(folder) == family else f"{members_of(folder)}, {family}"

        wait_until("the group holds the family", why_not, deadline_s=10)
    assert not folder.exists()


def limit_of_or_none(folder: Path) -> int | None:
    text = next(
        (folder / name).read_text().strip()
        for name in ("memory.limit_in_bytes", "memory.max")
        if (folder / name).exists()
    )
    return None if text == "max" or int(text) > 2**60 else int(text)


def test_every_process_of_postgres_is_in_its_group(tmp_path):
    with (
        open_postgres(tmp_path / "data", ram_bytes=LIMIT) as service,
        connect_postgres(service.endpoint) as connection,
    ):
        server = psutil.Process(service.pid)
        family = {server.pid, *(child.pid for child in server.children(recursive=True))}
        assert connection.info.backend_pid in family
        assert {memory_group(pid) for pid in family} == {memory_group(service.pid)}


def test_shared_buffers_of_postgres_are_not_taken_for_page_cache(tmp_path):
    """They are shared memory, which the kernel counts as cache though it cannot be dropped."""
    fill = "CREATE TABLE filled AS SELECT repeat('x', 500) FROM generate_series(1, 200000)"
    with (
        open_postgres(tmp_path / "data", ram_bytes=GIB) as service,  # 256 MiB of buffers
        connect_postgres(service.endpoint) as connection,
    ):
        connection.execute(fill)
        connection.execute("CREATE EXTENSION pg_prewarm")
        meter = service.open_meter()
        before = meter.read()
        pages = connection.execute("SELECT pg_prewarm('filled')").fetchone()[0]
        after = meter.read()
        meter.close()
    assert pages * 8192 > 100 * MIB
    assert after.anonymous_bytes - before.anonymous_bytes > 60 * MIB  # a part was there before
    assert after.file_bytes - before.file_bytes < 16 * MIB


@each_engine
def test_a_restart_stays_in_the_group_and_its_counters_go_on(opener, tmp_path):
    with opener(tmp_path / "data", ram_bytes=LIMIT) as service:
        meter, folder = service.open_meter(), memory_group(service.pid)
        before, ended = meter.read(), service.pid
        service.restart()
        after = meter.read()
        meter.close()
        assert memory_group(service.pid) == folder
        assert service.pid in members_of(folder)
        assert ended not in members_of(folder)
    for name in COUNTERS:
        if getattr(before, name) is not None:
            assert getattr(after, name) >= getattr(before, name)
    used = [reading.cpu_user_ns + reading.cpu_system_ns for reading in (before, after)]
    assert used[1] > used[0]


@pytest.mark.parametrize(
    "engine",
    [pytest.param(name, marks=pytest.mark.thorough if name in SLOW else ()) for name in OPENERS],
    ids=list(OPENERS),
)
def test_what_a_killed_harness_left_is_removed_at_the_next_start(engine, tmp_path):
    record_file = tmp_path / "data.server.json"
    with harness(engine, tmp_path / "data") as process:
        orphan = int(said(process)[1])
        process.kill()
        process.wait(10)
    left = groups_named_by(record_file)
    assert left
    assert orphan in members_of(memory_group(orphan))
    with OPENERS[engine](tmp_path / "data", ram_bytes=LIMIT) as service:
        assert [folder for folder in left if folder.exists()] == []
        assert not is_running(orphan)
        new = groups_named_by(record_file)
        assert service.why_not_ready() is None
    assert new
    assert [folder for folder in new if folder.exists()] == []


def test_a_start_under_a_limit_finds_none_of_its_store_in_memory(disk_path):
    """Else a server would read from page cache that counts for nobody, beyond its limit."""
    with (
        open_postgres(disk_path / "data") as service,
        connect_postgres(service.endpoint) as connection,
    ):
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000000) AS n")
        path = disk_path / "data" / relation_path(connection)
    path.read_bytes()
    assert cached_bytes(path) > 20 * MIB
    with open_postgres(disk_path / "data", ram_bytes=LIMIT):
        assert cached_bytes(path) < MIB


FILLING = """
import sys, time
with open(sys.argv[1], "wb") as file:
    for _ in range(200): file.write(bytes(1 << 20))
time.sleep(600)
"""


def test_a_server_that_is_not_ready_with_its_memory_full_is_told_so(disk_path):
    command = Command(
        argv=(sys.executable, "-c", FILLING, str(disk_path / "big")), executable=sys.executable
    )
    manager = LocalManager(
        title="The server", data_dir=disk_path / "data", stop_steps=(), ram_bytes=64 * MIB
    )
    full = "not ready: .*; its memory is at its limit of 64 MiB: give it more; see its log"
    with manager, pytest.raises(ServiceUnavailable, match=full):
        manager.start(command, lambda: "not yet", deadline_s=5)


def test_a_start_under_a_limit_may_take_less_long():
    assert start_deadline_s(LIMIT) < start_deadline_s(None)


def relation_path(connection: object) -> str:
    found = connection.execute("SELECT pg_relation_filepath('kept')").fetchone()
    return str(found[0])


def test_a_limit_that_cannot_be_set_is_refused_before_the_server_starts(tmp_path, monkeypatch):
    def refuse(_name: str, _ram_bytes: int | None) -> None:
        raise LimitRefused("nobody may set limits here", "ask the owner of the machine")

    monkeypatch.setattr(local_manager, "open_group", refuse)
    with (
        pytest.raises(ServiceUnavailable, match="nobody may set limits here; ask the owner"),
        open_oxigraph(tmp_path / "data", ram_bytes=LIMIT),
    ):
        pass
    assert {path.name for path in tmp_path.iterdir()} <= {"data.lock"}


def test_a_record_that_names_a_strange_group_removes_nothing(tmp_path):
    with open_oxigraph(tmp_path / "other") as other:
        folder = memory_group(other.pid)
        record = '{"run_dir": "/tmp/btb-none", "group": "../%s", "argv": [], "executable": ""}'
        (tmp_path / "data.server.json").write_text(record % folder.name)
        with open_oxigraph(tmp_path / "data"):
            assert members_of(folder) == {other.pid}
        assert other.why_dead() is None
