"""A server's own groups in version 1, as root: memory with its limit, others for metrics."""

from __future__ import annotations

from pathlib import Path

import psutil

from basetype_benchmark.infrastructure.cgroups.folder_group import (
    FolderGroup,
    GroupLayout,
    open_folder_group,
)
from basetype_benchmark.infrastructure.cgroups.paths import GroupPaths, Mount
from basetype_benchmark.infrastructure.cgroups.server_group import (
    LimitRefused,
    remove_folders,
    require_limit,
    write_limit,
)
from basetype_benchmark.infrastructure.cgroups.v1 import CgroupV1Meter

METERED = ("cpuacct", "blkio")


def open_v1_group(name: str, ram_bytes: int | None, mounts: list[Mount]) -> FolderGroup:
    """Make the groups of a server, with a limit or without.

    Raises:
        LimitRefused: they cannot be made, or swap would get around the limit.
    """
    paths = v1_paths(name, mounts)
    layout = GroupLayout(
        method="cgroup v1, as root",
        folders=_folders(paths),
        kills=None if paths.memory is None else paths.memory / "memory.oom_control",
        make_meter=lambda: CgroupV1Meter(paths),
    )

    def limit() -> None:
        if ram_bytes is not None and paths.memory is not None:
            _limit(paths.memory, ram_bytes, has_swap=psutil.swap_memory().total > 0)

    return open_folder_group(layout, limit)


def remove_v1_group(name: str, mounts: list[Mount]) -> None:
    """Remove groups that a killed harness left."""
    remove_folders(_folders(v1_paths(name, mounts)))


def v1_paths(name: str, mounts: list[Mount]) -> GroupPaths:
    """Say where the groups of a name are; without the hierarchies that are not mounted.

    On a hybrid host version 2 is mounted beside: no limit there, but it knows the pressure.
    """
    found = {
        controller: next(
            (m.point / name for m in mounts if controller in (m.controllers or ())), None
        )
        for controller in ("memory", *METERED)
    }
    return GroupPaths(
        memory=found["memory"],
        cpuacct=found["cpuacct"],
        blkio=found["blkio"],
        unified=next((m.point / name for m in mounts if m.controllers is None), None),
    )


def _folders(paths: GroupPaths) -> list[Path]:
    """Give each folder once: controllers may share a hierarchy."""
    found = (paths.memory, paths.cpuacct, paths.blkio, paths.unified)
    return list(dict.fromkeys(folder for folder in found if folder is not None))


def _limit(memory: Path, ram_bytes: int, *, has_swap: bool) -> None:
    write_limit(memory / "memory.limit_in_bytes", str(ram_bytes))
    with_swap = memory / "memory.memsw.limit_in_bytes"
    if with_swap.exists():
        write_limit(with_swap, str(ram_bytes))
    elif has_swap:
        raise LimitRefused(
            "this kernel does not count swap, which would get around the limit",
            "swapoff -a, or boot with swapaccount=1",
        )
    require_limit(memory / "memory.limit_in_bytes", ram_bytes)
