"""What is told of a footprint, with its unit: the same in the terminal and on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from basetype_benchmark.analysis.footprint import Footprint
from basetype_benchmark.units import MIB

ENERGY = "energy J"
AMOUNTS: Mapping[str, Callable[[Footprint], float | None]] = {
    "CPU s": lambda row: row.cpu_s,
    "GiB h set aside": lambda row: row.limit_gib_hours,
    "GiB h used": lambda row: row.used_gib_hours,
    "read MiB": lambda row: None if row.read_bytes is None else row.read_bytes / MIB,
    "written MiB": lambda row: None if row.written_bytes is None else row.written_bytes / MIB,
    ENERGY: lambda row: row.package_energy_j,
}
"""What is told, and where it is from; None: not measured."""

NOTES = (
    "load comes once; measure is all runs of the protocol, not one round of queries",
    "GiB h: memory times hours; set aside: the limit over the time, used: what was held",
)
PARTIAL = ">"
PARTIAL_NOTE = f"{PARTIAL}: a server could not be read at the begin or the end: there was more"
_SUMS = frozenset({"CPU s", "read MiB", "written MiB"})


def mark_of(row: Footprint, amount: str) -> str:
    """Give the mark of an amount that is less than there was; nothing where it is whole."""
    return PARTIAL if amount in _SUMS and not row.is_whole else ""
