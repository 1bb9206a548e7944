"""The settings of FalkorDB: one published rule from a RAM budget, the same at every level.

Names in small letters are Redis's, those in capitals the graph module's.
"""

from __future__ import annotations

from basetype_benchmark.infrastructure.service import Setting
from basetype_benchmark.units import MIB

WRITE_LIMIT_MS = 120_000


def falkordb_settings(ram_bytes: int, cpu_count: int) -> tuple[Setting, ...]:
    """Compute every setting we give, for a server that may use `ram_bytes` in all.

    Four fifths of the budget are for the graph, a fifth is for what one query holds. The program
    itself and its allocator take from both (6 % at 192 MiB): where a full store meets a query that
    needs all of its share, the kernel's limit decides.
    """
    return (
        *_memory(ram_bytes),
        *_parallelism(cpu_count),
        *_time_limits(),
        *_persistence(),
        *_surroundings(),
    )


def _memory(ram_bytes: int) -> tuple[Setting, ...]:
    return (
        Setting(
            name="maxmemory",
            value=f"{max(16, ram_bytes * 8 // 10 // MIB)}mb",
            reason="80 % of the RAM budget; the default is no limit, until the kernel ends it",
        ),
        Setting(
            name="maxmemory-policy",
            value="noeviction",
            reason="the default, stated: a full store refuses writes and drops nothing",
        ),
        Setting(
            name="QUERY_MEM_CAPACITY",
            value=str(max(8 * MIB, ram_bytes // 5)),
            reason="20 % of the RAM budget for one query; the default is no limit. maxmemory "
            "limits writes alone",
        ),
    )


def _parallelism(cpu_count: int) -> tuple[Setting, ...]:
    return (
        Setting(
            name="THREAD_COUNT",
            value=str(cpu_count),
            reason="queries at a time: one per CPU that the server may use; the default counts "
            "all of the machine",
        ),
        Setting(
            name="OMP_THREAD_COUNT",
            value=str(cpu_count),
            reason="threads of one matrix operation: as above",
        ),
    )


def _time_limits() -> tuple[Setting, ...]:
    return (
        Setting(
            name="TIMEOUT_DEFAULT",
            value=str(WRITE_LIMIT_MS),
            reason="ends a write that hangs, in ms; without it no write has a limit. Every query "
            "that is measured carries its own",
        ),
        Setting(
            name="TIMEOUT_MAX",
            value="0",
            reason="the default, stated: a query may carry any limit",
        ),
    )


def _persistence() -> tuple[Setting, ...]:
    return (
        Setting(
            name="save",
            value="",
            reason="no snapshot while queries run: a fork would double pages and be timed. One is "
            "written at the end of the load, and read again after a crash",
        ),
        Setting(
            name="appendonly",
            value="no",
            reason="the default, stated: no log of writes, as nothing is written after the load",
        ),
        Setting(
            name="shutdown-on-sigterm",
            value="nosave",
            reason="the default with save off, stated: the snapshot of the load is the store",
        ),
        Setting(
            name="rdbcompression",
            value="no",
            reason="compressed, the snapshot is a third of the size and takes 1.6 times as long",
        ),
    )


def _surroundings() -> tuple[Setting, ...]:
    return (
        Setting(
            name="ASYNC_DELETE",
            value="no",
            reason="memory of a deleted graph is free when the command returns, not during the "
            "load that follows",
        ),
        Setting(
            name="CMD_INFO",
            value="no",
            reason="keeping the last 1000 queries for GRAPH.INFO would be timed",
        ),
        Setting(
            name="set-proc-title",
            value="no",
            reason="keeps the command line, by which a server that was left behind is found",
        ),
    )
