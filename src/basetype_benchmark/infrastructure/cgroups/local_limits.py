"""Limits for servers that we start as child processes: which way works here, and taking it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.cgroups.paths import Mount, find_mounts
from basetype_benchmark.infrastructure.cgroups.server_group import (
    TAKE_DOCKER,
    LimitRefused,
    ServerGroup,
    is_group_name,
    new_group_name,
)
from basetype_benchmark.infrastructure.cgroups.systemd_scope import open_scope, remove_scope
from basetype_benchmark.infrastructure.cgroups.v1_group import open_v1_group, remove_v1_group
from basetype_benchmark.infrastructure.cgroups.v2_group import open_v2_group, remove_v2_group
from basetype_benchmark.infrastructure.meters.process_meter import NoGroup
from basetype_benchmark.interrupts import interrupts_deferred
from basetype_benchmark.units import MIB

PROBE_BYTES = 64 * MIB


@dataclass(frozen=True, kw_only=True)
class LimitSupport:
    """Whether local servers can be limited here: either `method`, or `why_not` and `mend`."""

    method: str | None = None
    why_not: str | None = None
    mend: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Way:
    """One way to have groups. `is_free`: it costs and changes nothing, so it is the usual one."""

    open: Callable[[str, int | None], ServerGroup]
    remove: Callable[[str], None]
    is_free: bool


def find_limit_support() -> LimitSupport:
    """Make a group with a limit, have a process join it, and remove it again."""
    try:
        with interrupts_deferred():
            group = _choose_way().open(new_group_name(), PROBE_BYTES)
            group.remove()
    except LimitRefused as refusal:
        return LimitSupport(why_not=refusal.why_not, mend=refusal.mend)
    except ServiceUnavailable as error:
        return LimitSupport(why_not=f"a group on trial stays: {error}", mend=TAKE_DOCKER)
    return LimitSupport(method=group.method)


def open_group(name: str, ram_bytes: int | None) -> ServerGroup:
    """Make a server's own group; without a limit, only where that is possible.

    Without a limit and without root there is none: what the processes tell is enough.

    Args:
        name: From `new_group_name`; written down before, so that a crash leaves no group behind.
        ram_bytes: The limit, with swap.

    Raises:
        LimitRefused: the limit cannot be set; says why, and what would make it possible.
    """
    try:
        way = _choose_way()
        return way.open(name, ram_bytes) if way.is_free or ram_bytes is not None else NoGroup()
    except LimitRefused:
        if ram_bytes is not None:
            raise
        return NoGroup()


def remove_left_group(name: str) -> None:
    """Remove the group that a killed harness left, with all that runs in it.

    Raises:
        ServiceUnavailable: something in it does not end, or it was made by root and we are not.
    """
    if not is_group_name(name):
        return
    with suppress(LimitRefused):
        _choose_way().remove(name)
    left = [folder for mount in find_mounts() if (folder := mount.point / name).exists()]
    if left:
        raise ServiceUnavailable(
            f"the control group {name} that a killed btb left on this data cannot be removed by "
            f"this user; do it as root: rmdir {' '.join(map(str, left))}; or choose another --home"
        )


def _choose_way() -> _Way:
    mounts = find_mounts()
    if any("memory" in (mount.controllers or ()) for mount in mounts):
        return _v1_way(mounts)
    unified = next((m for m in mounts if m.controllers is None and _has_memory(m.point)), None)
    if unified is None:
        raise LimitRefused("no memory controller is mounted under /sys/fs/cgroup", TAKE_DOCKER)
    if os.geteuid() == 0:
        return _Way(
            open=lambda name, ram_bytes: open_v2_group(name, ram_bytes, unified),
            remove=lambda name: remove_v2_group(name, unified),
            is_free=True,
        )
    return _Way(open=open_scope, remove=remove_scope, is_free=False)


def _v1_way(mounts: list[Mount]) -> _Way:
    if os.geteuid() != 0:
        raise LimitRefused(
            "the memory controller is of cgroup version 1, where only root may set limits",
            f"run btb as root, or {TAKE_DOCKER}",
        )
    return _Way(
        open=lambda name, ram_bytes: open_v1_group(name, ram_bytes, mounts),
        remove=lambda name: remove_v1_group(name, mounts),
        is_free=True,
    )


def _has_memory(root: Path) -> bool:
    try:
        return "memory" in (root / "cgroup.controllers").read_text(encoding="ascii").split()
    except OSError:
        return False
