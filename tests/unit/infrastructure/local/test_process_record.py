import os
import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.local.process_record import (
    ProcessRecord,
    find_children_left,
    find_process,
    read_record,
    write_record,
)
from basetype_benchmark.infrastructure.waiting import wait_until


@pytest.fixture
def child(tmp_path):
    """A process that waits for us; its command line names a folder of this test's own."""
    executable = os.path.realpath(sys.executable)
    argv = (executable, "-c", "import sys; sys.stdin.read()", str(tmp_path))
    with subprocess.Popen(argv, stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def await_exec(process):
    """`Popen` returns a moment before the kernel shows the new program's command line."""
    wait_until(
        "exec",
        lambda: None if psutil.Process(process.pid).cmdline() == list(process.args) else "not yet",
        deadline_s=10,
    )


def record_of(process, **changes):
    await_exec(process)
    record = ProcessRecord(
        argv=tuple(process.args),
        executable=process.args[0],
        launched_at=time.time(),
        run_dir="/tmp/btb-x",
        child_title=None,
    ).with_process(process.pid)
    return replace(record, **changes)


def test_a_record_survives_the_file(child, tmp_path):
    record = record_of(child)
    write_record(tmp_path / "pid.json", record)
    assert read_record(tmp_path / "pid.json") == record
    assert [path.name for path in tmp_path.iterdir()] == ["pid.json"]


def test_no_file_is_no_record(tmp_path):
    assert read_record(tmp_path / "pid.json") is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"argv": 3}', '{"argv": [], "x": 1}'])
def test_a_damaged_file_is_said_with_its_name(content, tmp_path):
    (tmp_path / "pid.json").write_text(content)
    with pytest.raises(ServiceUnavailable, match=r"pid\.json is damaged"):
        read_record(tmp_path / "pid.json")


def test_the_recorded_process_is_found(child):
    assert find_process(record_of(child)).pid == child.pid


@pytest.mark.parametrize(
    "changes",
    [
        {"create_time": 1.0},
        {"argv": (os.path.realpath(sys.executable), "serve", "elsewhere")},
        {"executable": "/bin/true", "argv": ("/bin/true",)},
    ],
    ids=["another age", "another command line", "another executable"],
)
def test_a_process_that_got_the_same_number_is_not_taken_for_it(child, changes):
    assert find_process(record_of(child, **changes)) is None


def test_a_forged_command_line_is_not_enough(tmp_path):
    with subprocess.Popen(
        ["/opt/server", "-c", "read line", str(tmp_path)],
        executable="/bin/sh",
        stdin=subprocess.PIPE,
    ) as forger:
        assert find_process(record_of(forger)) is None
        forger.kill()


def deny(_process):
    raise psutil.AccessDenied


def test_a_process_whose_command_line_is_hidden_is_not_taken_for_it(child, monkeypatch):
    record = record_of(child)
    monkeypatch.setattr(psutil.Process, "cmdline", deny)
    assert find_process(record) is None


def test_a_process_whose_executable_is_hidden_is_known_by_its_command_line(child, monkeypatch):
    record = record_of(child)
    monkeypatch.setattr(psutil.Process, "exe", deny)
    assert find_process(record).pid == child.pid


def test_a_process_that_ended_is_not_found(child):
    record = record_of(child)
    child.kill()
    child.wait()
    assert find_process(record) is None


def test_a_zombie_is_not_found(child):
    record = record_of(child)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert find_process(record) is None


def test_a_server_without_a_noted_pid_is_found_by_its_command(child):
    record = record_of(child, pid=None, create_time=None)
    assert find_process(record).pid == child.pid


def test_a_server_of_that_command_from_before_is_not_ours(child):
    record = record_of(child, pid=None, create_time=None, launched_at=time.time() + 60)
    assert find_process(record) is None


def test_children_left_are_known_by_their_title(child):
    assert find_children_left(record_of(child)) == []
    with subprocess.Popen(
        ["server: btb-test-title: worker", "-c", "read line"],
        executable="/bin/sh",
        stdin=subprocess.PIPE,
    ) as worker:
        await_exec(worker)
        found = find_children_left(record_of(child, child_title="server: btb-test-title: "))
        assert [process.pid for process in found] == [worker.pid]
        worker.kill()


JOINER = ("/bin/sh", "-c", 'exec "$@"', "sh")


def test_a_server_is_known_before_and_after_its_launchers_became_it(child, tmp_path):
    """A launcher that joins a group and one that drops root are replaced by what follows them."""
    await_exec(child)
    dropper = ("/usr/bin/setpriv", "--clear-groups", "--")
    record = replace(record_of(child), argv=(*dropper, *child.args), joiner=JOINER)
    assert find_process(record).pid == child.pid
    waiting = (*JOINER[:2], 'read line; exec "$@"', "sh", *dropper, *child.args)
    with subprocess.Popen(waiting, stdin=subprocess.PIPE) as joining:
        record = replace(
            record.with_process(joining.pid), joiner=waiting[: -len(dropper) - len(child.args)]
        )
        await_exec(joining)
        assert find_process(record).pid == joining.pid
        joining.kill()


def test_the_shell_that_joins_is_not_taken_for_a_server_that_is_a_shell(tmp_path):
    served = ("/bin/sh", "-c", "read line", str(tmp_path))
    with subprocess.Popen(served, stdin=subprocess.PIPE) as process:
        record = replace(record_of(process), joiner=JOINER)
        assert find_process(record).pid == process.pid
        assert find_process(replace(record, argv=(*served[:3], "elsewhere"))) is None
        process.kill()


def test_a_part_of_the_command_after_the_server_itself_is_not_it(child):
    record = record_of(child)
    assert (
        find_process(replace(record, argv=("/opt/server", *record.argv), executable="/opt/server"))
        is None
    )


def test_a_record_of_an_older_version_has_no_group(tmp_path):
    (tmp_path / "pid.json").write_text('{"run_dir": "/tmp/btb-x", "argv": ["/bin/true"]}')
    record = read_record(tmp_path / "pid.json")
    assert (record.group, record.joiner, record.argv) == (None, (), ("/bin/true",))
