"""The manager on ordinary programs: what it says when a server does not do what it should."""

import errno
import os
import signal
from pathlib import Path

import pytest

from basetype_benchmark.errors import DiskFull, PortInUse, ServiceUnavailable
from basetype_benchmark.infrastructure.local.ending import StopStep
from basetype_benchmark.infrastructure.local.local_manager import (
    LONGEST_RUN_DIR,
    Command,
    LocalManager,
    storage_error,
)

STOP = (StopStep(signal=signal.SIGTERM, patience_s=10),)


@pytest.fixture
def manager(tmp_path):
    return LocalManager(title="Server", data_dir=tmp_path / "data", stop_steps=STOP)


def shell(script):
    return Command(argv=("/bin/sh", "-c", script), executable="/bin/sh")


def start(manager, script, why_not_ready=lambda: "not yet", deadline_s=10.0):
    with manager:
        manager.start(shell(script), why_not_ready, deadline_s=deadline_s)


@pytest.mark.parametrize(
    ("script", "error", "said"),
    [
        ("echo broken; exit 3", ServiceUnavailable, "Server exited with code 3; .*: broken"),
        ("kill -SEGV $$", ServiceUnavailable, r"killed by signal 11 \(SIGSEGV\); .* says nothing"),
        ("echo Address already in use; exit 1", PortInUse, "choose another port"),
        ("echo No space left on device; exit 1", DiskFull, "free some space"),
    ],
)
def test_a_server_that_ends_before_it_is_ready_says_how(script, error, said, manager):
    with pytest.raises(error, match=said) as caught:
        start(manager, script)
    assert "\n" not in str(caught.value)


def test_a_server_that_never_gets_ready_is_ended_with_the_last_reason(manager):
    pids = []

    def still_loading() -> str:
        pids.append(manager.pid)
        return "still loading"

    with pytest.raises(ServiceUnavailable, match=r"not within 0\.1 s: still loading; see its log"):
        start(manager, "exec sleep 60", still_loading, 0.1)
    assert not Path("/proc", str(pids[0])).exists()


def test_a_program_that_is_not_there_is_said(manager):
    command = Command(argv=("/nowhere/server",), executable="/nowhere/server")
    with manager, pytest.raises(ServiceUnavailable, match="/nowhere/server: No such file"):
        manager.start(command, lambda: None, deadline_s=1)


def test_the_environment_of_the_user_does_not_reach_the_server(manager, monkeypatch):
    monkeypatch.setenv("PGDATA", "/elsewhere")

    def why_not_printed() -> str | None:
        return None if "the end" in manager.log_file.read_text() else "not yet"

    start(manager, "env; echo the end; exec sleep 60", why_not_printed)
    assert "PATH=" in manager.log_file.read_text()
    assert "PGDATA" not in manager.log_file.read_text()


def test_the_log_of_the_time_before_is_kept(manager, tmp_path):
    for word in ("first", "second"):
        with pytest.raises(ServiceUnavailable):
            start(manager, f"echo {word}; exit 1")
    assert (tmp_path / "data.log.1").read_text() == "first\n"
    assert manager.log_file.read_text() == "second\n"


def test_nothing_is_there_before_it_is_opened(manager):
    assert manager.pid is None
    assert manager.why_dead() == "Server is not running"
    with pytest.raises(ServiceUnavailable, match="open the service first"):
        _ = manager.run_dir


def test_what_was_not_started_cannot_be_restarted(manager):
    with manager, pytest.raises(ServiceUnavailable, match="was not started"):
        manager.restart(lambda: None, steps=(), deadline_s=1)


def test_a_place_where_nothing_can_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    manager = LocalManager(title="Server", data_dir=tmp_path / "file" / "data", stop_steps=STOP)
    with pytest.raises(ServiceUnavailable, match=r"cannot use .*/file: .*choose another --home"):
        manager.__enter__()


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EACCES, ServiceUnavailable),
        (errno.EROFS, ServiceUnavailable),
    ],
)
def test_errors_of_storage_are_told_apart(number, error):
    told = storage_error("Server", Path("/d"), OSError(number, os.strerror(number), "/d/x"))
    assert type(told) is error


def test_a_long_temporary_directory_is_not_used_for_sockets(manager, tmp_path, monkeypatch):
    long = tmp_path / ("x" * LONGEST_RUN_DIR)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with manager:
        assert len(str(manager.run_dir)) <= LONGEST_RUN_DIR
        assert manager.run_dir.stat().st_mode & 0o777 == 0o700
    assert list(long.iterdir()) == []


def test_only_folders_of_ours_are_removed_with_a_pid_file(manager, tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (tmp_path / "data.server.json").write_text(f'{{"run_dir": "{precious}", "argv": []}}')
    with manager:
        pass
    assert precious.is_dir()
