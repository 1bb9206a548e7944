"""A server's own group in version 2, as root."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import psutil

from basetype_benchmark.infrastructure.cgroups.folder_group import (
    FolderGroup,
    GroupLayout,
    open_folder_group,
)
from basetype_benchmark.infrastructure.cgroups.paths import Mount
from basetype_benchmark.infrastructure.cgroups.server_group import (
    LimitRefused,
    remove_folders,
    require_limit,
    write_limit,
)
from basetype_benchmark.infrastructure.cgroups.v2 import CgroupV2Meter


def open_v2_group(name: str, ram_bytes: int | None, mount: Mount) -> FolderGroup:
    """Make the group of a server, with a limit or without.

    Raises:
        LimitRefused: it cannot be made, or swap would get around the limit.
    """
    _enable_controllers(mount.point)
    folder = mount.point / name
    layout = GroupLayout(
        method="cgroup v2, as root",
        folders=[folder],
        kills=folder / "memory.events",
        make_meter=lambda: CgroupV2Meter(folder),
    )

    def limit() -> None:
        if ram_bytes is not None:
            _limit(folder, ram_bytes, has_swap=psutil.swap_memory().total > 0)

    return open_folder_group(layout, limit)


def remove_v2_group(name: str, mount: Mount) -> None:
    """Remove a group that a killed harness left."""
    remove_folders([mount.point / name])


def _enable_controllers(root: Path) -> None:
    """Have groups under this one limited in memory; I/O is counted where that can be had too."""
    enabled = (root / "cgroup.subtree_control").read_text(encoding="ascii").split()
    if "memory" not in enabled:
        _enable_memory(root)
    if "io" not in enabled:
        with suppress(OSError):
            (root / "cgroup.subtree_control").write_text("+io", encoding="ascii")


def _enable_memory(root: Path) -> None:
    try:
        (root / "cgroup.subtree_control").write_text("+memory", encoding="ascii")
    except OSError as error:
        # Busy: processes lie in this very group, as in a container with a namespace of its own.
        raise LimitRefused(
            f"the memory controller cannot be enabled under {root}: {error.strerror}",
            f"move its processes into a group below: mkdir -p {root}/init && "
            f"for p in $(cat {root}/cgroup.procs); do echo $p >{root}/init/cgroup.procs; done",
        ) from None


def _limit(folder: Path, ram_bytes: int, *, has_swap: bool) -> None:
    write_limit(folder / "memory.max", str(ram_bytes))
    require_limit(folder / "memory.max", ram_bytes)
    swap = folder / "memory.swap.max"
    if swap.exists():
        write_limit(swap, "0")
    elif has_swap:
        raise LimitRefused(
            "this kernel does not count swap, which would get around the limit",
            "swapoff -a, or boot with swapaccount=1",
        )
