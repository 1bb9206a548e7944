"""The axis of RAM levels, which is one of logarithms; no limit comes after the highest level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from basetype_benchmark.config.ram import NO_LIMIT, format_ram
from basetype_benchmark.report.html.model import Json
from basetype_benchmark.units import MIB

_MOST_TICKS = 9
_BESIDE = 1.35


@dataclass(frozen=True, kw_only=True)
class RamAxis:
    """Levels in MiB on an axis; `beyond` is where no limit is, None where there is no such."""

    levels: tuple[int, ...]
    beyond: float | None

    def place(self, ram_bytes: int | None) -> float:
        """Say where a level is."""
        if ram_bytes is None:
            return self.beyond or 1.0
        return float(f"{ram_bytes / MIB:.6g}")

    def layout(self) -> Json:
        """Give the axis as Plotly takes it."""
        ticks = [self.place(level) for level in _ticks(self.levels)]
        texts = [format_ram(level) for level in _ticks(self.levels)]
        if self.beyond is not None:
            ticks, texts = [*ticks, self.beyond], [*texts, NO_LIMIT]
        places = [self.place(level) for level in self.levels]
        low = min(places, default=1.0) / _BESIDE
        high = (self.beyond or max(places, default=1.0)) * _BESIDE
        return {
            "type": "log",
            "title": {"text": "RAM of all servers together (logarithmic)", "standoff": 8},
            "tickvals": ticks,
            "ticktext": texts,
            "range": [log2(low) / log2(10), log2(high) / log2(10)],
        }


def ram_axis(levels: Sequence[int | None]) -> RamAxis:
    """Make the axis of these levels."""
    limits = tuple(sorted({level for level in levels if level is not None}))
    highest = max(limits, default=MIB) / MIB
    return RamAxis(levels=limits, beyond=highest * 2 if None in levels else None)


def _ticks(levels: Sequence[int]) -> list[int]:
    """Give the powers of two there are between the levels; the levels themselves if too few."""
    if not levels:
        return []
    powers = [1 << n for n in range(20, 48) if levels[0] <= 1 << n <= levels[-1]]
    if len(powers) >= 3:
        step = -(-len(powers) // _MOST_TICKS)
        return powers[::step]
    step = -(-len(levels) // _MOST_TICKS)
    return list(levels[::step])
