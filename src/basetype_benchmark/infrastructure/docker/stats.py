"""What the daemon says of a container's use of the machine, in either form it has.

Version 1 of control groups gives other keys and another case than version 2, and a list of block
devices can be null. What is missing is None: an empty list of devices says nothing, not zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from basetype_benchmark.benchmark.resources import Reading

Document = Mapping[str, Any]
"""A document of the daemon's, as JSON was decoded."""


@dataclass(frozen=True, kw_only=True)
class ContainerStats:
    """One moment of a container. None: the daemon does not tell.

    `memory_usage_bytes` is all that counts in the limit. `memory_working_bytes` is without the
    page cache that was not used lately, as the ``docker stats`` command shows it. `cpu_percent` is
    over the second before; 100 is one CPU.
    """

    memory_usage_bytes: int | None = None
    memory_working_bytes: int | None = None
    memory_peak_bytes: int | None = None
    memory_limit_bytes: int | None = None
    anonymous_bytes: int | None = None
    file_bytes: int | None = None
    cpu_percent: float | None = None
    cpu_user_ns: int | None = None
    cpu_system_ns: int | None = None
    block_read_bytes: int | None = None
    block_write_bytes: int | None = None
    network_rx_bytes: int | None = None
    network_tx_bytes: int | None = None


def parse_stats(document: Document, *, cgroup_version: int) -> ContainerStats:
    """Read the answer of the statistics interface; that of a dead container gives None only."""
    memory = document.get("memory_stats") or {}
    detail = memory.get("stats") or {}
    cpu = (document.get("cpu_stats") or {}).get("cpu_usage") or {}
    usage = memory.get("usage")
    is_alive = usage is not None  # of a dead one the counters are zeros that were not read
    v1 = cgroup_version == 1
    # The kernel counts shared memory as files; no file is behind it, see `cgroups.v1`. Version 1
    # does not tell it in all kernels.
    shared = detail.get("total_shmem" if v1 else "shmem", 0)
    return ContainerStats(
        memory_usage_bytes=usage,
        memory_working_bytes=_working_bytes(usage, detail),
        memory_peak_bytes=memory.get("max_usage"),
        memory_limit_bytes=memory.get("limit"),
        anonymous_bytes=_moved(detail.get("total_rss" if v1 else "anon"), shared),
        file_bytes=_moved(detail.get("total_cache" if v1 else "file"), -shared),
        cpu_percent=_cpu_percent(document) if is_alive else None,
        cpu_user_ns=cpu.get("usage_in_usermode") if is_alive else None,
        cpu_system_ns=cpu.get("usage_in_kernelmode") if is_alive else None,
        block_read_bytes=_block_bytes(document, "read"),
        block_write_bytes=_block_bytes(document, "write"),
        network_rx_bytes=_network_bytes(document, "rx_bytes"),
        network_tx_bytes=_network_bytes(document, "tx_bytes"),
    )


def to_reading(stats: ContainerStats) -> Reading:
    """Give what of it a meter reads; kernel memory, pressure and OOM kills are not told here."""
    return Reading(
        memory_bytes=stats.memory_usage_bytes,
        memory_peak_bytes=stats.memory_peak_bytes,
        anonymous_bytes=stats.anonymous_bytes,
        file_bytes=stats.file_bytes,
        cpu_user_ns=stats.cpu_user_ns,
        cpu_system_ns=stats.cpu_system_ns,
        read_bytes=stats.block_read_bytes,
        written_bytes=stats.block_write_bytes,
    )


def _moved(size_bytes: int | None, by_bytes: int) -> int | None:
    return None if size_bytes is None else size_bytes + by_bytes


def _working_bytes(usage: int | None, detail: Document) -> int | None:
    # Version 1 has both keys; its short one leaves out the groups below.
    idle = detail.get("total_inactive_file", detail.get("inactive_file"))
    return None if usage is None or idle is None else max(0, usage - idle)


def _cpu_percent(document: Document) -> float | None:
    now, before = document.get("cpu_stats") or {}, document.get("precpu_stats") or {}
    used = _difference(now, before, "cpu_usage", "total_usage")
    passed = _difference(now, before, "system_cpu_usage")
    cpus = now.get("online_cpus")
    if used is None or not passed or not cpus:
        return None
    return used / passed * float(cpus) * 100


def _difference(now: Document, before: Document, *keys: str) -> int | None:
    values: list[Any] = [now, before]
    for key in keys:
        values = [(value or {}).get(key) for value in values]
    return None if None in values else values[0] - values[1]


def _block_bytes(document: Document, operation: str) -> int | None:
    blocks = document.get("blkio_stats") or {}
    entries: Sequence[Document] = blocks.get("io_service_bytes_recursive") or []
    values = [e["value"] for e in entries if str(e.get("op")).lower() == operation]
    return sum(values) if values else None


def _network_bytes(document: Document, key: str) -> int | None:
    values = [n[key] for n in (document.get("networks") or {}).values() if key in n]
    return sum(values) if values else None
