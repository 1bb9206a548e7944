"""What machine this is: the facts that a result must state."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

import psutil

from basetype_benchmark.units import GIB


@dataclass(frozen=True, kw_only=True)
class HostFacts:
    """The machine, as far as it tells."""

    kernel: str
    """Release of the kernel."""
    architecture: str
    """Of the processor: ``x86_64``."""
    distribution: str | None
    """Name of the operating system. None: it does not tell."""
    python: str
    """Implementation and version."""
    cpu_model: str | None
    """Name of the processor. None: it does not tell, as most ARM kernels."""
    cpu_count: int | None
    """Logical CPUs of the machine. None: it does not tell."""
    cpu_usable_count: int
    """Those that the process may run on."""
    cpu_governor: str | None
    """Of the first CPU. None: it does not tell, as most virtual machines."""
    memory_bytes: int
    """Memory of the machine."""
    swap_bytes: int
    """Swap of the machine; servers under a limit have none."""
    cgroup_version: int | None
    """Version of the control groups that the memory controller is in. None: there is none."""
    filesystem: str | None
    """Type of the file system that the home is on. None: it does not tell."""
    disk_free_bytes: int | None
    """Space free on it. None: it does not tell."""
    can_drop_page_cache: bool
    """Whether it may be dropped for all files of the machine, through /proc."""


def read_host_facts(path: Path, *, root: Path = Path("/")) -> HostFacts:
    """Read the facts now; disk and file system are those of `path` or its nearest parent.

    `root` is where /proc, /sys and /etc are read from.
    """
    place = _nearest_existing(path)
    return HostFacts(
        kernel=platform.release(),
        architecture=platform.machine(),
        distribution=parse_distribution(_read(root / "etc/os-release")),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        cpu_model=parse_cpu_model(_read(root / "proc/cpuinfo")),
        cpu_count=os.cpu_count(),
        cpu_usable_count=len(os.sched_getaffinity(0)),
        cpu_governor=_read_line(root / "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        memory_bytes=psutil.virtual_memory().total,
        swap_bytes=psutil.swap_memory().total,
        cgroup_version=detect_cgroup_version(root / "sys/fs/cgroup"),
        filesystem=parse_filesystem(_read(root / "proc/self/mounts"), place),
        disk_free_bytes=_disk_free(place),
        # Root alone is not enough: containers mount /proc/sys read-only, which access(2) tells.
        can_drop_page_cache=os.access(root / "proc/sys/vm/drop_caches", os.W_OK),
    )


def describe_host_class(facts: HostFacts) -> str:
    """Say in one line what of a machine decides whether its results compare with others.

    Two machines of one kind have the same; so has one machine after a restart.
    """
    return (
        f"{facts.architecture}, {facts.cpu_model or 'unknown CPU'}, {facts.cpu_usable_count} of "
        f"{facts.cpu_count} CPUs, {round(facts.memory_bytes / GIB)} GiB"
    )


def parse_distribution(os_release: str | None) -> str | None:
    """Read the name for people from the text of ``os-release``."""
    found = re.search(r"^PRETTY_NAME=(.+)$", os_release or "", re.MULTILINE)
    return found.group(1).strip().strip("\"'") or None if found else None


def parse_cpu_model(cpuinfo: str | None) -> str | None:
    """Read the model from the text of ``cpuinfo``; most ARM kernels give none."""
    found = re.search(r"^(?:model name|Model)\s*:\s*(.+)$", cpuinfo or "", re.MULTILINE)
    return found.group(1).strip() if found else None


def detect_cgroup_version(cgroup_root: Path) -> int | None:
    """Tell which version has the memory controller; hybrid hosts have it in version 1."""
    if (cgroup_root / "memory").is_dir():
        return 1
    controllers = _read(cgroup_root / "cgroup.controllers")
    return 2 if controllers is not None and "memory" in controllers.split() else None


def parse_filesystem(mounts: str | None, path: Path) -> str | None:
    """Find the type of the file system that holds `path` in the text of ``mounts``."""
    best: tuple[int, str] | None = None
    for line in (mounts or "").splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        # The kernel writes a space in a path as \040.
        point = Path(re.sub(r"\\([0-7]{3})", lambda m: chr(int(m.group(1), 8)), fields[1]))
        depth = len(point.parts)
        # Of two mounts on one point the later hides the earlier.
        if path.is_relative_to(point) and (best is None or depth >= best[0]):
            best = (depth, fields[2])
    return best[1] if best else None


def _disk_free(place: Path) -> int | None:
    try:
        return psutil.disk_usage(str(place)).free
    except OSError:
        return None


def _nearest_existing(path: Path) -> Path:
    resolved = path.resolve()
    return next(folder for folder in (resolved, *resolved.parents) if folder.exists())


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def _read_line(path: Path) -> str | None:
    text = _read(path)
    return text.strip() or None if text else None
