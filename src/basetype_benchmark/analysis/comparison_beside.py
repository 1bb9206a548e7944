"""What stands beside the ratios of a comparison: loading, disk and memory, without intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from basetype_benchmark.analysis.summary import LevelSummary
from basetype_benchmark.units import MIB, NS_PER_S

NO_INTERVAL = "these have no interval: they say what was seen, not what would be seen again"


def quotient(a: float | None, b: float | None) -> float | None:
    """Give B over A; None where one is not known, or A is zero."""
    return None if not a or b is None else b / a


def _load_s(level: LevelSummary) -> float | None:
    return None if level.load_ns is None else level.load_ns / NS_PER_S


def _disk_mib(level: LevelSummary) -> float | None:
    return None if level.size_bytes is None else level.size_bytes / MIB


def _peak_mib(level: LevelSummary) -> float | None:
    return None if level.peak_bytes is None else level.peak_bytes / MIB


BESIDE: Mapping[str, Callable[[LevelSummary], float | None]] = {
    "load, s": _load_s,
    "on disk, MiB": _disk_mib,
    "peak memory, MiB": _peak_mib,
}
"""What is told, with its unit, and where it is from; None: not measured."""
