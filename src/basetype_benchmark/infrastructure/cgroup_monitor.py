"""What a process's control group uses, in either version of control groups."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.infrastructure.cgroups.paths import CGROUP_ROOT, PROC, find_groups
from basetype_benchmark.infrastructure.cgroups.v1 import CgroupV1Meter
from basetype_benchmark.infrastructure.cgroups.v2 import CgroupV2Meter


def open_cgroup_meter(
    pid: int, *, cgroup_root: Path = CGROUP_ROOT, proc: Path = PROC
) -> Meter | None:
    """Open what reads the memory group of a process; the caller closes it.

    It counts the whole group: all processes in it, those that have ended too. None when the
    process has no memory group here that is less than the whole machine: it has ended, no memory
    controller is mounted, or its group lies outside of what this process may see. Version 1 is
    taken where it has the memory controller, be version 2 mounted beside it (hybrid hosts).
    """
    groups = find_groups(pid, cgroup_root=cgroup_root, proc=proc)
    if groups.memory is not None:
        # Without the group of version 2, which may be the whole machine's.
        return CgroupV1Meter(replace(groups, unified=None))
    # The root of version 2 has no such file, and a hybrid host's has no memory controller.
    if groups.unified is not None and (groups.unified / "memory.current").exists():
        return CgroupV2Meter(groups.unified)
    return None
