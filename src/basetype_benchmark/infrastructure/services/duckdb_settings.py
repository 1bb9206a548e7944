"""The settings of DuckDB: one published rule from a RAM budget, the same at every level."""

from __future__ import annotations

from basetype_benchmark.infrastructure.service import Setting
from basetype_benchmark.units import MIB

PROCESS_BYTES = 80 * MIB
"""What the server's process takes before DuckDB holds anything: Python and DuckDB's own code."""


def duckdb_settings(ram_bytes: int, cpu_count: int) -> tuple[Setting, ...]:
    """Compute every setting we give, for a server that may use `ram_bytes` in all.

    DuckDB's own rule, 80 % of the memory, applied to what the process itself leaves of the budget:
    the rest is what it allocates outside its buffers.
    """
    memory_bytes = max(32 * MIB, (ram_bytes - PROCESS_BYTES) * 8 // 10)
    return (
        Setting(
            name="memory_limit",
            value=f"{memory_bytes // MIB}MiB",
            reason="80 % of the RAM budget less the 80 MiB of the process; the default takes 80 % "
            "of the machine. What does not fit is written to the disk",
        ),
        Setting(
            name="threads",
            value=str(cpu_count),
            reason="one per CPU that the server may use; the default counts all of the machine",
        ),
        Setting(
            name="python_enable_replacements",
            value="false",
            reason="a name in a query is never taken for a variable of the server's program",
        ),
        Setting(
            name="autoinstall_known_extensions",
            value="false",
            reason="nothing is downloaded inside a query; what the queries need is in the wheel",
        ),
    )
