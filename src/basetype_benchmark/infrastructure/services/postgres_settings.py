"""The settings of PostgreSQL: one published rule from a RAM budget, the same at every level."""

from __future__ import annotations

from basetype_benchmark.infrastructure.service import Setting
from basetype_benchmark.units import GIB, MIB

# A hash may take hash_mem_multiplier times work_mem; 2.0 is the server's default.
HASH_MEM_MULTIPLIER = 2
# Sorts and hashes that one of the thirteen statements may hold at a time, per process.
OPERATIONS_PER_PROCESS = 4


def postgres_settings(ram_bytes: int, cpu_count: int) -> tuple[Setting, ...]:
    """Compute every setting we give, for a server that may use `ram_bytes` in all.

    A quarter of the budget is shared buffers, a quarter is for the sorts and hashes of one
    statement in all its processes, a sixteenth is for index builds; the rest is the page cache,
    connections and slack.
    """
    return (
        *_memory(ram_bytes, _workers(cpu_count)),
        *_parallelism(cpu_count),
        *_writing(),
        *_planning(),
        *_surroundings(),
    )


def _workers(cpu_count: int) -> int:
    """Processes that help one statement: half the CPUs, since the leader works too."""
    return min(4, cpu_count // 2)


def _memory(ram_bytes: int, workers: int) -> tuple[Setting, ...]:
    processes = 1 + workers
    work_mem = ram_bytes // 4 // (HASH_MEM_MULTIPLIER * OPERATIONS_PER_PROCESS * processes)
    return (
        Setting(
            name="shared_buffers",
            value=_megabytes(ram_bytes // 4, at_least=16),
            reason="25 % of the RAM budget, as the manual advises; the rest is page cache",
        ),
        Setting(
            name="effective_cache_size",
            value=_megabytes(ram_bytes * 3 // 4, at_least=32),
            reason="75 % of the RAM budget; tells the planner of the page cache, reserves nothing",
        ),
        Setting(
            name="work_mem",
            value=_megabytes(work_mem, at_least=1),
            reason="25 % of the RAM budget over 4 sorts or hashes, doubled for hashes, in each "
            "process of one statement; statements run one at a time",
        ),
        Setting(
            name="maintenance_work_mem",
            value=_megabytes(min(ram_bytes // 16, 2 * GIB), at_least=16),
            reason="1/16 of the RAM budget, at most 2 GiB: index builds of the load",
        ),
        Setting(
            name="huge_pages",
            value="off",
            reason="taken from the host's pool they would escape the memory accounting",
        ),
        Setting(
            name="dynamic_shared_memory_type",
            value="sysv",
            reason="the default lies in /dev/shm, 64 MB in a container: parallel queries fail",
        ),
    )


def _parallelism(cpu_count: int) -> tuple[Setting, ...]:
    workers = _workers(cpu_count)
    return (
        Setting(
            name="max_parallel_workers",
            value=str(cpu_count),
            reason="one per CPU; the default of 8 is not this machine's",
        ),
        Setting(
            name="max_parallel_workers_per_gather",
            value=str(workers),
            reason="half the CPUs, at most 4: the leader works too",
        ),
        Setting(
            name="max_parallel_maintenance_workers",
            value=str(workers),
            reason="as for queries, so that an index build uses the CPUs that queries may",
        ),
    )


def _writing() -> tuple[Setting, ...]:
    durable = "the default, stated: a commit is on disk when it returns"
    return (
        Setting(name="fsync", value="on", reason=durable),
        Setting(name="synchronous_commit", value="on", reason=durable),
        Setting(name="full_page_writes", value="on", reason=durable),
        Setting(
            name="wal_level",
            value="minimal",
            reason="no replica reads the log; a COPY into a table of the same transaction then "
            "writes the table once and syncs it at commit, no less durable",
        ),
        Setting(name="max_wal_senders", value="0", reason="wal_level=minimal demands it"),
        Setting(
            name="max_wal_size",
            value="4GB",
            reason="a load at the default 1 GB is interrupted by a checkpoint every few seconds",
        ),
        Setting(
            name="checkpoint_timeout",
            value="10min",
            reason="no checkpoint in a short measurement; LDBC allows at most 10 min",
        ),
    )


def _planning() -> tuple[Setting, ...]:
    return (
        Setting(
            name="random_page_cost",
            value="1.1",
            reason="solid-state disks and cached pages; the default 4 means spinning disks",
        ),
        Setting(
            name="jit",
            value="off",
            reason="the server of the wheel is built without it; off everywhere to be alike",
        ),
    )


def _surroundings() -> tuple[Setting, ...]:
    quiet = "writing statements to the log would be timed"
    return (
        Setting(name="listen_addresses", value="", reason="a Unix socket only, no network"),
        Setting(name="unix_socket_permissions", value="0700", reason="the owner only"),
        Setting(name="max_connections", value="32", reason="the harness uses a handful"),
        Setting(name="timezone", value="UTC", reason="all times of a dataset are UTC"),
        Setting(name="log_timezone", value="UTC", reason="logs of all engines compare"),
        Setting(name="log_statement", value="none", reason=quiet),
        Setting(name="log_min_error_statement", value="panic", reason=quiet),
    )


def _megabytes(size_bytes: int, *, at_least: int) -> str:
    return f"{max(at_least, size_bytes // MIB)}MB"
