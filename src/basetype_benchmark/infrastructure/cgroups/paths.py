"""Where the control groups of a process lie: read from its own list and from the mounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

CGROUP_ROOT = Path("/sys/fs/cgroup")
PROC = Path("/proc")


@dataclass(frozen=True, kw_only=True)
class Mount:
    """A mounted hierarchy. `root` is the group that its mount point shows.

    `controllers` are those of a version 1 hierarchy; None: it is version 2.
    """

    point: Path
    root: PurePosixPath
    controllers: frozenset[str] | None


@dataclass(frozen=True, kw_only=True)
class GroupPaths:
    """Folders of one process's groups; None: not mounted here, or outside of what we may see.

    The first three are of version 1, `unified` of version 2. A version 1 root, which is the whole
    machine, is None too; that of version 2 is known by the files it lacks.
    """

    memory: Path | None = None
    cpuacct: Path | None = None
    blkio: Path | None = None
    unified: Path | None = None


def find_groups(pid: int, *, cgroup_root: Path = CGROUP_ROOT, proc: Path = PROC) -> GroupPaths:
    """Find the groups of a process among the mounts at or under `cgroup_root`."""
    mounts = find_mounts(cgroup_root=cgroup_root, proc=proc)
    groups = parse_groups(_read(proc / str(pid) / "cgroup"))
    return GroupPaths(
        memory=_find_v1("memory", groups, mounts),
        cpuacct=_find_v1("cpuacct", groups, mounts),
        blkio=_find_v1("blkio", groups, mounts),
        unified=_find_unified(groups, mounts),
    )


def find_mounts(*, cgroup_root: Path = CGROUP_ROOT, proc: Path = PROC) -> list[Mount]:
    """Read which hierarchies are mounted at or under `cgroup_root`."""
    mounts = parse_mounts(_read(proc / "self" / "mountinfo"))
    return [mount for mount in mounts if mount.point.is_relative_to(cgroup_root)]


def parse_groups(text: str) -> dict[str, PurePosixPath]:
    """Read ``/proc/<pid>/cgroup``: paths by version 1 controller; that of version 2 by ``""``."""
    groups = {}
    for line in text.splitlines():
        fields = line.split(":", 2)
        if len(fields) == 3:
            path = PurePosixPath(fields[2].removesuffix(" (deleted)"))
            groups.update(dict.fromkeys(fields[1].split(","), path))
    return groups


def parse_mounts(text: str) -> list[Mount]:
    """Read the hierarchies from ``mountinfo``; lines of other file systems are passed over."""
    return list(_parse_mounts(text))


def _parse_mounts(text: str) -> Iterator[Mount]:
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(" "), after.split(" ")
        if len(fields) < 6 or len(kind) < 3 or kind[0] not in ("cgroup", "cgroup2"):
            continue
        yield Mount(
            point=Path(_unescape(fields[4])),
            root=PurePosixPath(_unescape(fields[3])),
            controllers=frozenset(kind[2].split(",")) if kind[0] == "cgroup" else None,
        )


def _find_v1(controller: str, groups: dict[str, PurePosixPath], mounts: list[Mount]) -> Path | None:
    of_controller = [m for m in mounts if controller in (m.controllers or ())]
    folder = _locate(groups.get(controller), of_controller)
    # The kernel puts this file into the root of a hierarchy alone. A container sees its own group
    # as "/" and has none there.
    return None if folder is None or (folder / "release_agent").exists() else folder


def _find_unified(groups: dict[str, PurePosixPath], mounts: list[Mount]) -> Path | None:
    return _locate(groups.get(""), [m for m in mounts if m.controllers is None])


def _locate(path: PurePosixPath | None, mounts: list[Mount]) -> Path | None:
    """Find the folder of a group; None when it lies above all of these mounts, or has gone."""
    if path is None or ".." in path.parts:
        return None
    for mount in mounts:
        if path.is_relative_to(mount.root):
            folder = mount.point / path.relative_to(mount.root)
            if folder.is_dir():
                return folder
    return None


def _unescape(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def _read(path: Path) -> str:
    """Read a file of the kernel; empty when it is not there, or its process has ended."""
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
