import fcntl
import os
import subprocess
import sys
import threading

import pytest

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.local import data_lock
from basetype_benchmark.infrastructure.local.data_lock import DataLock, is_locked


def lock(folder):
    return DataLock(what="the data directory", lock_file=folder / "data.lock")


def test_a_second_holder_is_refused_with_the_first_ones_process(tmp_path):
    with (
        lock(tmp_path),
        pytest.raises(ServiceUnavailable, match=f"in use by process {os.getpid()}"),
        lock(tmp_path),
    ):
        pass


def test_the_lock_is_free_again_after_its_holder(tmp_path):
    for _ in range(2):
        with lock(tmp_path):
            assert (tmp_path / "data.lock").read_text() == f"{os.getpid()}\n"


def test_two_directories_do_not_hinder_each_other(tmp_path):
    (tmp_path / "other").mkdir()
    with lock(tmp_path), lock(tmp_path / "other"):
        pass


def test_a_holder_that_left_no_number_is_still_a_holder(tmp_path, monkeypatch):
    monkeypatch.setattr(data_lock, "DEAD_HOLDER_DEADLINE_S", 0.05)
    with lock(tmp_path):
        (tmp_path / "data.lock").write_text("")
        with pytest.raises(ServiceUnavailable, match="in use by another process"), lock(tmp_path):
            pass


def test_who_asks_learns_whether_it_is_held_and_takes_nothing(tmp_path):
    assert not is_locked(tmp_path / "data.lock")
    with lock(tmp_path):
        assert is_locked(tmp_path / "data.lock")
        assert (tmp_path / "data.lock").read_text() == f"{os.getpid()}\n"
    assert not is_locked(tmp_path / "data.lock")
    with lock(tmp_path):
        pass


def test_who_asks_at_the_moment_of_taking_does_not_stand_in_the_way(tmp_path):
    (tmp_path / "data.lock").touch()
    descriptor = os.open(tmp_path / "data.lock", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    end = threading.Timer(0.1, os.close, [descriptor])
    end.start()
    with lock(tmp_path):
        assert is_locked(tmp_path / "data.lock")
    end.join()


HOLDER = """
import os, sys
from pathlib import Path
from basetype_benchmark.infrastructure.local.data_lock import DataLock
folder = Path(sys.argv[1])
DataLock(what="the data directory", lock_file=folder / "data.lock").__enter__()
if os.fork() == 0:
    sys.stdin.read()
    os._exit(0)
print("forked", flush=True)
os._exit(0)
"""


@pytest.fixture
def fork_of_the_dead(tmp_path):
    """A process whose parent took the lock and has ended since."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout.readline() == "forked\n"
        parent.wait(20)
        yield parent


def test_a_lock_that_only_a_fork_of_the_dead_holds_is_waited_for(fork_of_the_dead, tmp_path):
    end = threading.Timer(0.1, fork_of_the_dead.stdin.close)
    end.start()
    with lock(tmp_path):
        assert (tmp_path / "data.lock").read_text() == f"{os.getpid()}\n"
    end.join()


def test_a_fork_that_stays_is_named(fork_of_the_dead, tmp_path, monkeypatch):
    monkeypatch.setattr(data_lock, "DEAD_HOLDER_DEADLINE_S", 0.1)
    said = f"in use by a child of process {fork_of_the_dead.pid}, which has ended"
    with pytest.raises(ServiceUnavailable, match=said), lock(tmp_path):
        pass
