"""A control group of a server's own: what every way to have one must do, and the shared steps."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Protocol

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.cgroups.kernel_files import parse_number
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until

FindPid = Callable[[], int | None]
"""Gives the process id of the server that runs now; None while none does."""

REMOVAL_DEADLINE_S = 15.0
JOIN_DEADLINE_S = 15.0
_GROUP_NAME = re.compile(r"btb-[0-9a-f]{12}")
_SHELL = "/bin/sh"
_LARGEST_PAGE = 65536


class LimitRefused(ServiceUnavailable):
    """A memory limit cannot be set here. `mend` is what would make it possible."""

    def __init__(self, why_not: str, mend: str) -> None:
        super().__init__(f"{why_not}; {mend}")
        self.why_not = why_not
        self.mend = mend


class ServerGroup(Protocol):
    """Where a server's processes are kept together, from before its start until after its end."""

    @property
    def method(self) -> str:
        """How the group is kept, as ``btb doctor`` says it: ``cgroup v1, as root``."""
        ...

    @property
    def launcher(self) -> tuple[str, ...]:
        """The command that joins the group and execs what follows it; empty: none is needed."""
        ...

    def open_meter(self, find_pid: FindPid) -> Meter:
        """Give what reads the use of the group, over all servers that are ever in it."""
        ...

    def oom_kills(self) -> int | None:
        """Count the processes in it that the kernel ended for lack of memory; it never falls."""
        ...

    def remove(self) -> None:
        """Remove the group after the server's end, with whatever is still in it; also twice.

        Raises:
            ServiceUnavailable: something in it does not end.
        """
        ...


def new_group_name() -> str:
    """Make up a name that no other group has."""
    return f"btb-{secrets.token_hex(6)}"


def is_group_name(name: str) -> bool:
    """Whether `new_group_name` may have made it."""
    return _GROUP_NAME.fullmatch(name) is not None


def join_launcher(folders: Sequence[Path]) -> tuple[str, ...]:
    """Build the command that puts itself into groups and then execs what follows it.

    By the shell and not between fork and exec of `subprocess`: the server's account, which may not
    join, is only taken by what follows.
    """
    joins = [f'echo $$ >"${number}/cgroup.procs"' for number in range(1, len(folders) + 1)]
    script = " && ".join((*joins, f"shift {len(folders)}", 'exec "$@"'))
    return (_SHELL, "-c", script, "sh", *map(str, folders))


def require_joinable(launcher: Sequence[str]) -> None:
    """Have a process join that ends at once.

    Raises:
        LimitRefused: it cannot.
    """
    try:
        done = subprocess.run(
            [*launcher, _SHELL, "-c", ":"],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=JOIN_DEADLINE_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LimitRefused(f"no process can join a group of ours: {error}", TAKE_DOCKER) from None
    if done.returncode != 0:
        said = " ".join(done.stderr.split())[-200:]
        raise LimitRefused(f"no process can join a group of ours: {said}", TAKE_DOCKER)


TAKE_DOCKER = "take --provider docker, where the daemon sets the limits"


def make_folder(folder: Path) -> None:
    """Create a group.

    Raises:
        LimitRefused: that is not allowed.
    """
    try:
        folder.mkdir()
    except OSError as error:
        raise _refusal(f"the group {folder} cannot be created", error) from None


def hold_folder(folder: Path) -> int:
    """Tell others that a group is in use, also while no process is in it, and give a descriptor.

    It is in use until that is closed, which the kernel does when this process dies.

    Raises:
        LimitRefused: it has gone again, or nothing in it can be locked.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        with ExitStack() as stack:
            stack.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_SH)  # waits while somebody sees whether it is held
            stack.pop_all()
    except OSError as error:
        raise _refusal(f"the group {folder} cannot be held", error) from None
    return descriptor


def write_limit(file: Path, value: str) -> None:
    """Write one setting of a group.

    Raises:
        LimitRefused: it is not taken.
    """
    try:
        file.write_text(value, encoding="ascii")
    except OSError as error:
        raise _refusal(f"{value} cannot be written to {file}", error) from None


def require_limit(file: Path, ram_bytes: int) -> None:
    """See that the kernel took a limit as it is, but for rounding down to whole pages.

    Raises:
        LimitRefused: it made something else of it.
    """
    taken = parse_number(file.read_bytes())
    if taken is None or not ram_bytes - _LARGEST_PAGE < taken <= ram_bytes:
        raise LimitRefused(
            f"the kernel made {taken} of the limit {ram_bytes} in {file}",
            "take one that this machine's memory holds",
        )


def _refusal(what: str, error: OSError) -> LimitRefused:
    if os.geteuid() != 0:
        return LimitRefused(f"{what}: {error.strerror}", "run btb as root")
    return LimitRefused(
        f"{what}: {error.strerror}",
        "in a container, give it /sys/fs/cgroup to write to: docker run --privileged "
        "--cgroupns=host -v /sys/fs/cgroup:/sys/fs/cgroup:rw ...",
    )


def remove_folders(folders: Sequence[Path]) -> None:
    """Remove groups; what still runs in them is killed. Those that are gone are passed over.

    The kernel holds on to a group for a moment after the end of its last process.

    Raises:
        ServiceUnavailable: something in one does not end.
    """

    def why_not() -> str | None:
        return next(filter(None, map(_try_removal, folders)), None)

    try:
        wait_until("the removal of its control group", why_not, deadline_s=REMOVAL_DEADLINE_S)
    except WaitTimeout as error:
        raise ServiceUnavailable(
            f"{error}; a process in it waits for a disk or a network file system"
        ) from None


def _try_removal(folder: Path) -> str | None:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return None
    except OSError as error:
        _kill_members(folder)
        return f"{folder}: {error.strerror}"
    return None


def _kill_members(folder: Path) -> None:
    try:
        listed = (folder / "cgroup.procs").read_text(encoding="ascii").split()
    except OSError:
        return
    for pid in map(int, listed):
        if pid > 0:  # 0 stands for a process that this one cannot see
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
