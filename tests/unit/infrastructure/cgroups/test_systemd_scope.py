"""What is asked of the user's systemd, which no machine of the tests has."""

import pytest

from basetype_benchmark.infrastructure.cgroups import systemd_scope
from basetype_benchmark.infrastructure.cgroups.server_group import LimitRefused
from basetype_benchmark.infrastructure.cgroups.systemd_scope import (
    attach_launcher,
    keeper_command,
    open_scope,
    parse_version,
)
from basetype_benchmark.units import GIB

NAME = "btb-0123456789ab"


def properties(command):
    return {command[n + 1] for n, part in enumerate(command) if part == "--property"}


def test_a_scope_with_a_limit_has_no_swap_and_survives_a_killed_process():
    command = keeper_command(NAME, 2 * GIB)
    assert command[:3] == ("systemd-run", "--user", "--scope")
    assert f"--unit={NAME}.scope" in command
    assert properties(command) >= {
        f"MemoryMax={2 * GIB}",
        "MemorySwapMax=0",
        "OOMPolicy=continue",
        "Delegate=yes",
    }
    assert command[command.index("--") + 1] == "sleep"


def test_a_scope_without_a_limit_names_none():
    assert not any("Max" in p for p in properties(keeper_command(NAME, None)))


def test_a_server_asks_to_be_moved_and_then_becomes_what_follows():
    shell, flag, script, *arguments = attach_launcher(NAME)
    assert (shell, flag) == ("/bin/sh", "-c")
    assert "AttachProcessesToUnit ssau" in script
    assert script.endswith('exec "$@"')
    assert arguments[-1] == f"{NAME}.scope"


@pytest.mark.parametrize(
    ("printed", "version"),
    [
        ("systemd 253 (253.5-1)\n+PAM +AUDIT", 253),
        ("systemd 257 (257.8-1~deb13u2)", 257),
        ("", None),
        ("no systemd", None),
    ],
)
def test_the_version_is_the_first_number(printed, version):
    assert parse_version(printed) == version


@pytest.mark.parametrize(
    ("version", "reason"), [(None, "there is no systemd"), (252, "systemd is 252")]
)
def test_an_old_systemd_or_none_is_refused_with_another_way(version, reason, monkeypatch):
    monkeypatch.setattr(systemd_scope, "_read_version", lambda: version)
    with pytest.raises(LimitRefused, match=f"{reason}.*run btb as root"):
        open_scope(NAME, GIB)


def test_a_systemd_that_does_not_run_for_this_user_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(systemd_scope, "_read_version", lambda: 257)
    monkeypatch.setattr(systemd_scope, "_runtime_dir", lambda: str(tmp_path))
    with pytest.raises(LimitRefused, match="does not run; start it: sudo loginctl enable-linger"):
        open_scope(NAME, GIB)
