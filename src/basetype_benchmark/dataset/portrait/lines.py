"""Traces turned into lines: broken where the connection was lost, thinned to what can be seen."""

from __future__ import annotations

import numpy as np

from basetype_benchmark.dataset.portrait.figure import Array, Line, Style
from basetype_benchmark.dataset.portrait.inventory import ShownPoint
from basetype_benchmark.dataset.portrait.traces import Trace

MOST_SAMPLES = 2400
"""More than there are columns of pixels in a figure."""


def line_of(
    point: ShownPoint, trace: Trace, name: str, colour: int, style: Style = Style.LINE
) -> Line:
    """Draw what a point has stored."""
    x, y = broken_at_silence(trace.seconds, trace.values, longest_silence_s(point))
    x, y = thinned(x, y)
    return Line(name=name, x=x, y=y, colour=colour, style=style)


def longest_silence_s(point: ShownPoint) -> float:
    """Time between two samples of a point that can be reached, at most; endless if not known."""
    if not point.interval_s or not point.heartbeat_s:
        return float("inf")
    return point.heartbeat_s + 2 * point.interval_s


def broken_at_silence(x: Array, y: Array, longest: float) -> tuple[Array, Array]:
    """Put a NaN where more than `longest` lies between two samples."""
    after = np.flatnonzero(np.diff(x) > longest) + 1
    return np.insert(x, after, x[after - 1]), np.insert(y, after, np.nan)


def thinned(x: Array, y: Array, most: int = MOST_SAMPLES) -> tuple[Array, Array]:
    """Keep at most about `most` samples: of each run of neighbours the least and the greatest."""
    if len(x) <= most:
        return x, y
    edges = np.linspace(0, len(x), most // 2 + 1).astype(np.int64)
    kept = set()
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        run = y[first:last]
        kept.update(first + np.flatnonzero(np.isnan(run))[:1])
        if not np.isnan(run).all():
            kept.update((first + int(np.nanargmin(run)), first + int(np.nanargmax(run))))
    order = np.array(sorted(kept), dtype=np.int64)
    return x[order], y[order]
