"""The settings of ArcadeDB: one published rule from a RAM budget, the same at every level."""

from __future__ import annotations

from basetype_benchmark.infrastructure.service import Setting
from basetype_benchmark.units import GIB, MIB

# What the JVM takes beside its heap: code, classes, threads, buffers of connections.
BESIDE_HEAP_BYTES = 256 * MIB
# A heap of 32 GiB or more needs pointers of twice the size, and holds less than one of 31 GiB.
LARGEST_HEAP_BYTES = 31 * GIB


def heap_bytes(ram_bytes: int) -> int:
    """Give the share of the budget that is heap: three quarters, less where little is left."""
    left = max(ram_bytes // 2, ram_bytes - BESIDE_HEAP_BYTES)
    return min(ram_bytes * 3 // 4, left, LARGEST_HEAP_BYTES)


def java_options(ram_bytes: int) -> tuple[Setting, ...]:
    """Compute the options of the Java machine, for a server that may use `ram_bytes` in all."""
    heap = _megabytes(heap_bytes(ram_bytes))
    return (
        Setting(
            name="-Xmx",
            value=f"{heap}m",
            reason="75 % of the RAM budget, but 256 MiB of it are left for what is not heap",
        ),
        Setting(
            name="-Xms",
            value=f"{heap}m",
            reason="the whole heap from the start: growing it would fall into the measurement",
        ),
        Setting(
            name="-XX:+UseG1GC",
            value="",
            reason="the default on machines with 2 CPUs and 2 GB, stated for smaller budgets",
        ),
        Setting(
            name="-XX:+ExitOnOutOfMemoryError",
            value="",
            reason="a server out of memory ends, and is seen to, instead of limping on",
        ),
    )


def arcadedb_settings(ram_bytes: int, query_timeout_s: float | None) -> tuple[Setting, ...]:
    """Compute every setting of ArcadeDB itself that we give."""
    heap = heap_bytes(ram_bytes)
    limit_ms = 0 if query_timeout_s is None else max(1, round(query_timeout_s * 1000))
    return (
        Setting(
            name="arcadedb.maxPageRAM",
            value=str(_megabytes(heap // 4)),
            reason="a quarter of the heap, in MB: the default's rule, stated",
        ),
        Setting(
            name="arcadedb.queryMaxHeapElementsAllowedPerOp",
            value="-1",
            reason="ORDER BY, DISTINCT and GROUP BY of more than 500 000 elements would be refused "
            "however much memory there is; the next setting keeps the limit in memory",
        ),
        Setting(
            name="arcadedb.queryMaxHeapRAM",
            value=str(_megabytes(heap // 2)),
            reason="half of the heap, in MB: the default's rule, stated; more is refused",
        ),
        Setting(
            name="arcadedb.command.timeout",
            value=str(limit_ms),
            reason="the protocol's limit of one query, in ms; the default 0 is none",
        ),
        Setting(
            name="arcadedb.txWalFlush",
            value="2",
            reason="a commit is on disk when it returns, as in PostgreSQL; the default 0 leaves "
            "that to the kernel",
        ),
        Setting(
            name="arcadedb.serverMetrics",
            value="false",
            reason="metrics that nobody reads would be gathered inside the clock",
        ),
    )


def _megabytes(size_bytes: int) -> int:
    return max(1, size_bytes // MIB)
