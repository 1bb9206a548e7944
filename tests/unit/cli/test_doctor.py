"""``btb doctor`` on what the machine lets us limit and measure."""

import json
import os

import pytest

from basetype_benchmark.cli.main import run_command
from basetype_benchmark.infrastructure.cgroups.local_limits import LimitSupport
from basetype_benchmark.infrastructure.docker.daemon import DaemonFacts
from basetype_benchmark.workflows import abilities
from basetype_benchmark.workflows.abilities import DaemonState

REFUSED = LimitSupport(why_not="only root may set limits here", mend="run btb as root")
ROOTLESS = DaemonState(
    facts=DaemonFacts(
        address="127.0.0.1",
        is_remote=False,
        is_rootless=True,
        cgroup_version=2,
        limits_memory=False,
        limits_swap=False,
        swap_bytes=0,
    ),
    why_no_limit="the rootless Docker daemon cannot limit memory",
)


def say(capsys, *arguments):
    assert run_command(["doctor", *arguments]) == 0
    captured = capsys.readouterr()
    return captured.out, captured.err


def row(table, name):
    return next(line for line in table.splitlines() if line.startswith(name))


def test_it_tries_what_can_be_limited_and_measured(capsys, tmp_path):
    found = json.loads(say(capsys, "--home", str(tmp_path), "--json")[0])["abilities"]
    limits = found["local_limits"]
    assert (limits["method"] is None) == (limits["why_not"] is not None)
    assert found["has_memory_pressure"] in (True, False)
    assert found["has_energy"] in (True, False)
    assert (found["docker"]["facts"] is None) == (found["docker"]["why_not"] is not None)


@pytest.mark.root
def test_root_can_limit_local_servers(capsys, tmp_path):
    assert os.geteuid() == 0
    table = say(capsys, "--home", str(tmp_path))[0]
    assert "as root, for local servers" in row(table, "RAM limits")


def test_a_limit_that_cannot_be_set_is_said_with_what_mends_it(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(abilities, "find_limit_support", lambda: REFUSED)
    table, said = say(capsys, "--home", str(tmp_path))
    assert "none, for local servers" in row(table, "RAM limits")
    assert "cannot be limited in RAM: only root may set limits here" in said
    assert "mend it with: run btb as root" in said


def test_a_daemon_that_does_not_answer_is_said_with_its_address(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    table, said = say(capsys, "--home", str(tmp_path))
    assert row(table, "Docker").split() == ["Docker", "none"]
    assert "no Docker daemon answers" in said
    assert "no.sock" in said


def test_a_daemon_that_cannot_limit_is_said(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(abilities, "find_daemon_state", lambda: ROOTLESS)
    table, said = say(capsys, "--home", str(tmp_path))
    assert "rootless daemon at 127.0.0.1, cgroup version 2, cannot limit RAM" in row(
        table, "Docker"
    )
    assert "rootless Docker daemon cannot limit memory" in said
