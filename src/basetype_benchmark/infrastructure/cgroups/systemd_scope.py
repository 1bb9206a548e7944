"""A server's own group as a scope of the user's systemd: version 2 without root.

A scope ends with its last process, and its counters with it. A process that does nothing keeps it,
so that they go on over the death of a server and its restart; the servers are moved in by the
user's systemd, which alone may do that.
"""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.infrastructure.cgroups.kernel_files import parse_number
from basetype_benchmark.infrastructure.cgroups.kill_count import KillCount
from basetype_benchmark.infrastructure.cgroups.paths import find_groups
from basetype_benchmark.infrastructure.cgroups.server_group import (
    FindPid,
    LimitRefused,
    require_joinable,
)
from basetype_benchmark.infrastructure.cgroups.v2 import CgroupV2Meter
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until

OLDEST_SYSTEMD = 253
"""The first one whose scopes know OOMPolicy: before, a killed process takes the others with it."""

ANSWER_DEADLINE_S = 20.0
RUN_AS_ROOT = "run btb as root, or take --provider docker"
_ATTACH = (
    "org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager "
    "AttachProcessesToUnit ssau"
)


class SystemdScope:
    """A scope that its keeper holds open."""

    method = "cgroup v2, as a systemd user scope"

    def __init__(self, name: str, keeper: subprocess.Popen[bytes], folder: Path) -> None:
        self._name = name
        self._keeper = keeper
        self._folder = folder
        self.launcher = attach_launcher(name)
        self._kills = KillCount(folder / "memory.events")

    def open_meter(self, _find_pid: FindPid) -> Meter:
        """Read the scope's group, which the keeper adds less than 1 MiB to."""
        return CgroupV2Meter(self._folder)

    def oom_kills(self) -> int | None:
        """Read the group's count; after its removal, give the last one."""
        return self._kills.read()

    def remove(self) -> None:
        """Stop the scope, which ends all that is in it."""
        with closing(self._kills):
            self._kills.read()
            remove_scope(self._name)
            self._keeper.kill()
            self._keeper.wait()

    def close(self) -> None:
        """Give back what is open, and leave the scope as it is."""
        self._kills.close()


def open_scope(name: str, ram_bytes: int | None) -> SystemdScope:
    """Make the scope of a server, with a limit or without.

    Raises:
        LimitRefused: it cannot be made.
    """
    _require_systemd()
    with ExitStack() as stack:
        keeper = _start_keeper(name, ram_bytes)
        stack.callback(keeper.wait)
        stack.callback(keeper.kill)
        stack.callback(remove_scope, name)
        folder = _await_group(name, keeper)
        if ram_bytes is not None:
            _require_limit(folder, ram_bytes)
        scope = SystemdScope(name, keeper, folder)
        stack.callback(scope.close)
        require_joinable(scope.launcher)
        stack.pop_all()
    return scope


def remove_scope(name: str) -> None:
    """Stop a scope, be it one that a killed harness left; one that is gone is passed over."""
    with suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(
            ["systemctl", "--user", "--quiet", "stop", f"{name}.scope"],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ANSWER_DEADLINE_S,
            env=_environment(),
        )


def keeper_command(name: str, ram_bytes: int | None) -> tuple[str, ...]:
    """Build the command that opens the scope and stays in it; it sleeps for 68 years."""
    limits = () if ram_bytes is None else (f"MemoryMax={ram_bytes}", "MemorySwapMax=0")
    # Without Delegate, systemd moves no process into it.
    properties = (*limits, "MemoryAccounting=yes", "IOAccounting=yes", "OOMPolicy=continue")
    given = [part for p in (*properties, "Delegate=yes") for part in ("--property", p)]
    scope = ("systemd-run", "--user", "--scope", "--quiet", "--collect", f"--unit={name}.scope")
    return (*scope, *given, "--", "sleep", str(2**31 - 1))


def attach_launcher(name: str) -> tuple[str, ...]:
    """Build the command that has itself moved into the scope and then execs what follows it."""
    script = (
        f'XDG_RUNTIME_DIR="$1" busctl --user --quiet call {_ATTACH} "$2" "" 1 $$ '
        '&& shift 2 && exec "$@"'
    )
    return ("/bin/sh", "-c", script, "sh", _runtime_dir(), f"{name}.scope")


def parse_version(text: str) -> int | None:
    """Read the number from what ``systemd-run --version`` prints: ``systemd 253 (253.5-1)``."""
    found = re.match(r"systemd (\d+)", text)
    return int(found.group(1)) if found else None


def _require_systemd() -> None:
    version = _read_version()
    if version is None:
        raise LimitRefused(
            "only root may set limits here: there is no systemd to ask for them", RUN_AS_ROOT
        )
    if version < OLDEST_SYSTEMD:
        raise LimitRefused(
            f"only root may set limits here: systemd is {version}, and can keep the other "
            f"processes of a server alive when one is killed from {OLDEST_SYSTEMD} on",
            RUN_AS_ROOT,
        )
    if not Path(_runtime_dir(), "systemd").exists():
        raise LimitRefused(
            "the systemd of this user does not run",
            f"start it: sudo loginctl enable-linger {os.geteuid()}",
        )


def _read_version() -> int | None:
    try:
        done = subprocess.run(
            ["systemd-run", "--version"],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ANSWER_DEADLINE_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse_version(done.stdout)


def _start_keeper(name: str, ram_bytes: int | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            keeper_command(name, ram_bytes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
            start_new_session=True,
        )
    except OSError as error:
        raise LimitRefused(f"systemd-run does not start: {error.strerror}", RUN_AS_ROOT) from None


def _await_group(name: str, keeper: subprocess.Popen[bytes]) -> Path:
    """Wait until the keeper is in the scope, and give the folder of its group."""

    def folder() -> Path | None:
        group = find_groups(keeper.pid).unified
        return group if group is not None and group.name == f"{name}.scope" else None

    def why_not() -> str | None:
        has_settled = keeper.poll() is not None or folder() is not None
        return None if has_settled else "not there yet"

    with suppress(WaitTimeout):
        wait_until("a scope of systemd", why_not, deadline_s=ANSWER_DEADLINE_S)
    found = folder()
    if found is None:
        code = keeper.poll()
        ended = "does not open one" if code is None else f"ended with code {code}"
        raise LimitRefused(f"there is no scope of the user's systemd: it {ended}", RUN_AS_ROOT)
    return found


def _require_limit(folder: Path, ram_bytes: int) -> None:
    """See that the user's systemd may use the memory controller, and that swap is off."""
    limit = parse_number(_read(folder / "memory.max"))
    swap = _read(folder / "memory.swap.max")
    if limit is None or limit > ram_bytes or (swap is not None and swap.strip() != b"0"):
        raise LimitRefused(
            "systemd has no memory controller for this user",
            "hand it on: sudo systemctl edit user@.service, with Delegate=memory io in [Service]",
        )


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "XDG_RUNTIME_DIR": _runtime_dir()}


def _runtime_dir() -> str:
    return f"/run/user/{os.geteuid()}"
