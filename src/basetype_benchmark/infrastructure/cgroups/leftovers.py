"""Control groups that a killed harness left where no pid file tells of them any more."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.cgroups.paths import Mount, find_mounts
from basetype_benchmark.infrastructure.cgroups.server_group import is_group_name

_CONTROLLERS = frozenset({"memory", "cpuacct", "blkio"})


@dataclass(frozen=True, kw_only=True)
class LeftGroup:
    """A group without processes whose name is like ours, over all hierarchies.

    With `why_kept` it is not ours to remove.
    """

    name: str
    folders: tuple[Path, ...]
    why_kept: str | None


def find_left_groups(mounts: Sequence[Mount] | None = None) -> list[LeftGroup]:
    """List them by name, right under the roots of `mounts`; None: of those that are mounted here.

    One of a living harness is among them while its server does not run, and is kept.
    """
    folders: dict[str, list[Path]] = {}
    for folder in _own_folders(find_mounts() if mounts is None else mounts):
        folders.setdefault(folder.name, []).append(folder)
    return [
        LeftGroup(name=name, folders=tuple(found), why_kept=_why_kept(found))
        for name, found in sorted(folders.items())
        if all(_is_empty(folder) for folder in found)
    ]


def remove_group_left(group: LeftGroup) -> None:
    """Remove a group; what has joined it meanwhile is not killed.

    Raises:
        ServiceUnavailable: it is in use after all, or the kernel does not remove it.
    """
    with ExitStack() as stack:
        for folder in group.folders:
            stack.enter_context(_unheld(folder))
        for folder in group.folders:
            try:
                folder.rmdir()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise ServiceUnavailable(f"{folder} cannot be removed: {error.strerror}") from None


def _own_folders(mounts: Sequence[Mount]) -> list[Path]:
    """Give each once: a hierarchy may be mounted twice on one point."""
    shown = [m for m in mounts if m.controllers is None or m.controllers & _CONTROLLERS]
    found = (folder for mount in shown for folder in mount.point.glob("btb-*"))
    return list(dict.fromkeys(folder for folder in found if is_group_name(folder.name)))


def _is_empty(folder: Path) -> bool:
    try:
        return not (folder / "cgroup.procs").read_bytes()
    except OSError:  # it has gone meanwhile, or what is in it is not for us to see
        return False


def _why_kept(folders: Sequence[Path]) -> str | None:
    if not all(os.access(folder.parent, os.W_OK) for folder in folders):
        return "only root may remove it"
    try:
        for folder in folders:
            with _unheld(folder):
                continue
    except ServiceUnavailable as error:
        return str(error)
    return None


@contextmanager
def _unheld(folder: Path) -> Iterator[None]:
    """See that no harness holds a group as its own.

    Raises:
        ServiceUnavailable: one does.
    """
    with ExitStack() as stack:
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            stack.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            pass
        except BlockingIOError:
            raise ServiceUnavailable("in use by a btb that runs") from None
        except OSError as error:
            raise ServiceUnavailable(f"{folder} cannot be locked: {error.strerror}") from None
        yield
