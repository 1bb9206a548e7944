"""A harness that is interrupted or killed, at any moment, leaves nothing the next cannot end."""

import os
import signal
from pathlib import Path

import pytest

from basetype_benchmark.infrastructure.services.server_account import (
    choose_account,
)
from basetype_benchmark.infrastructure.waiting import wait_until
from tests.integration.probe import OPENERS, harness, processes_of, said

SLOW = {"arcadedb"}  # its virtual machine takes seconds to start
each_engine = pytest.mark.parametrize(
    "engine",
    [pytest.param(name, marks=pytest.mark.thorough if name in SLOW else ()) for name in OPENERS],
    ids=list(OPENERS),
)

pytestmark = pytest.mark.servers


@each_engine
def test_ctrl_c_ends_the_server(engine, tmp_path):
    with harness(engine, tmp_path / "data") as process:
        assert said(process)[0] == "ready"
        # As a terminal does: to the whole foreground group.
        os.killpg(process.pid, signal.SIGINT)
        process.wait(20)
        assert "KeyboardInterrupt" in process.stderr.read()
    assert processes_of(tmp_path / "data") == []
    assert not (tmp_path / "data.server.json").exists()


@each_engine
def test_a_server_that_outlived_its_killed_harness_is_reclaimed(engine, tmp_path):
    data_dir = tmp_path / "data"
    with harness(engine, data_dir) as process:
        orphan = int(said(process)[1])
        process.kill()
        process.wait(10)
    assert [p.pid for p in processes_of(data_dir)] == [orphan]
    with OPENERS[engine](data_dir) as service:
        assert service.why_not_ready() is None
        assert [p.pid for p in processes_of(data_dir)] == [service.pid]
        assert service.pid != orphan
    assert processes_of(data_dir) == []


@each_engine
def test_a_second_harness_is_refused_and_told_the_process(engine, tmp_path):
    with OPENERS[engine](tmp_path / "data") as service:
        with harness(engine, tmp_path / "data") as process:
            text = process.communicate(timeout=20)[0]
        assert process.returncode == 3
        assert f"in use by process {os.getpid()}" in text
        assert service.why_not_ready() is None


def test_hammering_ctrl_c_does_not_stop_the_clean_end(tmp_path):
    log_file = tmp_path / "data.log"
    with harness("postgresql", tmp_path / "data") as process:
        assert said(process)[0] == "ready"
        os.killpg(process.pid, signal.SIGINT)
        wait_until(
            "shutdown",
            lambda: None if "received fast shutdown" in log_file.read_text() else "not yet",
            deadline_s=20,
            poll_s=0.001,
        )
        while process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
    assert processes_of(tmp_path) == []


MOMENTS = {
    "locked": "data.lock",
    "noted": "data.server.json",
    "creating": "data.unfinished-*",
    "starting": "data/postmaster.pid",
}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda s: s.name)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_start_cut_short_does_not_hinder_the_next(moment, number, tmp_path):
    with harness("postgresql", tmp_path / "data") as process:
        wait_for_file(tmp_path, MOMENTS[moment])
        os.killpg(process.pid, number)
        process.wait(20)
    if number is signal.SIGINT:
        assert processes_of(tmp_path) == []
        assert {p.name for p in tmp_path.iterdir()} <= {"data", "data.lock", "data.log"}
    with OPENERS["postgresql"](tmp_path / "data") as service:
        assert service.why_not_ready() is None
        assert [p.pid for p in processes_of(tmp_path)] == [service.pid]
    assert processes_of(tmp_path) == []


def wait_for_file(folder: Path, pattern: str) -> None:
    wait_until(
        pattern,
        lambda: None if any(folder.glob(pattern)) else "no such file",
        deadline_s=20,
        poll_s=0.001,
    )


def as_docker_runs_root() -> tuple[str, ...]:
    """Root without the capabilities that Docker does not give."""
    lacking = "-dac_read_search,-sys_ptrace,-sys_admin,-sys_resource"
    return ("setpriv", f"--bounding-set={lacking}", f"--inh-caps={lacking}", "--")


@pytest.mark.root
@each_engine
def test_root_in_a_container_runs_and_reclaims_servers(engine, tmp_path):
    tmp_path.chmod(0o700)
    with harness(engine, tmp_path / "data", as_docker_runs_root()) as process:
        orphan = int(said(process)[1])
        process.kill()
        process.wait(10)
    with harness(engine, tmp_path / "data", as_docker_runs_root()) as process:
        word, pid = said(process)
        assert (word, [p.pid for p in processes_of(tmp_path / "data") if p.pid != process.pid]) == (
            "ready",
            [int(pid)],
        )
        assert int(pid) != orphan
        process.communicate(timeout=20)
        assert process.returncode == 0
    assert processes_of(tmp_path) == []


@pytest.mark.root
@each_engine
def test_a_normal_user_runs_servers_as_itself(engine, tmp_path):
    account = choose_account()
    mine = tmp_path / "mine"
    mine.mkdir(mode=0o700)
    os.chown(mine, account.uid, account.gid)
    with harness(engine, mine / "data", account.launcher) as process:
        word, pid = said(process)
        assert word == "ready"
        assert Path("/proc", pid).stat().st_uid == account.uid
        process.communicate(timeout=20)
        assert process.returncode == 0
    assert processes_of(tmp_path) == []
