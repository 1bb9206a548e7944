"""How a ratio and its interval are written: the same in the terminal and on every page."""

from __future__ import annotations

from basetype_benchmark.benchmark.ratio import Ratio
from basetype_benchmark.units import format_number

NO_DIFFERENCE = "no difference shown"
TOO_FEW = "too few runs to tell"


def format_ratio(ratio: Ratio) -> str:
    """Write a ratio with its interval: ``0.87 (0.82 to 0.93)``."""
    return f"{format_factor(ratio.value)} ({format_interval(ratio)})"


def format_interval(ratio: Ratio) -> str:
    """Write the interval of a ratio: ``0.82 to 0.93``."""
    if not ratio.is_telling:
        return TOO_FEW
    return f"{format_factor(ratio.low)} to {format_factor(ratio.high)}"


def format_factor(factor: float) -> str:
    """Write a factor so that one per cent can be seen around 1."""
    return f"{factor:.2f}" if 0.0995 <= factor < 9.995 else format_number(factor)
