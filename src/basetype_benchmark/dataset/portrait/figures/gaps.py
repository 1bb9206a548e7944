"""How far apart samples are: the mark of points that report what has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from basetype_benchmark.dataset.portrait.figure import (
    Array,
    Figure,
    Line,
    NumberAxis,
    Panel,
    Style,
    Table,
)
from basetype_benchmark.dataset.portrait.inventory import Inventory, ShownPoint
from basetype_benchmark.dataset.portrait.lines import longest_silence_s

KEY, TITLE = "gaps", "Time between samples"
_PER_DECADE = 20
EDGES_S: Array = 10 ** (np.arange(0, 5 * _PER_DECADE + 1) / _PER_DECADE)
_TICKS = (
    (1.0, "1 s"),
    (10.0, "10 s"),
    (60.0, "1 min"),
    (300.0, "5 min"),
    (900.0, "15 min"),
    (3600.0, "1 h"),
    (21_600.0, "6 h"),
    (86_400.0, "1 day"),
)
_AXIS = NumberAxis(
    title="time to the next sample of the same point",
    unit="s",
    low=1.0,
    high=100_000.0,
    ticks=_TICKS,
    log=True,
)
_COLOURS = (0, 1, 2, 3, 6, 4, 7)
_LEAST_SHARE = 1e-4  # %: where the axis begins; less is not seen
_MOST_CLASSES = len(_COLOURS)


@dataclass(kw_only=True)
class GapCount:
    """What is known so far of the points that sample at one interval (0: on event)."""

    interval_s: float
    points: set[str] = field(default_factory=set)
    cut_off: set[str] = field(default_factory=set)
    samples: int = 0
    longest_s: float = 0.0
    histogram: npt.NDArray[np.int64] = field(
        default_factory=lambda: np.zeros(len(EDGES_S) - 1, dtype=np.int64)
    )


def count_gaps(inventory: Inventory, batches: Iterable[pa.RecordBatch]) -> Mapping[float, GapCount]:
    """Count the gaps in samples that come in order of point and time, by sampling interval.

    A batch at a time is in memory. Points whose interval is not known are left out.
    """
    points = {point.id: point for point in inventory.points if point.interval_s is not None}
    counts: dict[float, GapCount] = {}
    last_id, last_ms = "", 0
    for batch in batches:
        column = batch.column("point_id")
        codes = column.indices.to_numpy()
        times_ms = batch.column("time").cast(pa.int64()).to_numpy()
        firsts = np.append(np.flatnonzero(np.diff(codes, prepend=-1)), len(codes))
        for first, last in zip(firsts[:-1].tolist(), firsts[1:].tolist(), strict=True):
            point_id = column.dictionary[int(codes[first])].as_py()
            run = times_ms[first:last]
            if point_id == last_id:
                run = np.concatenate([[last_ms], run])
            if point_id in points:
                _add(counts, points[point_id], run, samples=last - first)
            last_id, last_ms = point_id, int(run[-1])
    return dict(sorted(counts.items()))


def draw(counts: Mapping[float, GapCount], day: str, gap_rate: float) -> Figure:
    """Show the share of gaps by length, a curve per interval; axes are logarithmic."""
    shown = sorted(counts.values(), key=lambda item: -item.samples)[:_MOST_CLASSES]
    shown.sort(key=lambda item: item.interval_s)
    lines = tuple(
        _line(item, colour)
        for item, colour in zip(shown, _COLOURS, strict=False)
        if item.histogram.sum()
    )
    planted = f", of {100 * gap_rate:g} % planted" if gap_rate else ""
    polled = sum(len(item.points) for item in counts.values() if item.interval_s)
    lost = sum(len(item.cut_off) for item in counts.values())
    share = f"{100 * lost / polled:.1f} %" if polled else "none"
    return Figure(
        key=KEY,
        title=f"{TITLE} on {day}",
        caption="Peaks at the interval are changes above the deadband, those at the heartbeat "
        f"are silence; the tail are lost connections: {share} of the points were silent for longer "
        f"than their heartbeat allows{planted}. No gaps at all are drawn as {_LEAST_SHARE:.4f} %.",
        axis=_AXIS,
        panels=(
            Panel(
                title="Gaps", unit="% of those at its interval", lines=lines, height=240, log=True
            ),
        ),
        table=_table(counts),
    )


def _add(
    counts: dict[float, GapCount], point: ShownPoint, times_ms: Array, *, samples: int
) -> None:
    interval_s = point.interval_s or 0.0
    count = counts.setdefault(interval_s, GapCount(interval_s=interval_s))
    count.points.add(point.id)
    count.samples += samples
    gaps_s = np.diff(times_ms) / 1000
    if not len(gaps_s):
        return
    longest = float(gaps_s.max())
    count.longest_s = max(count.longest_s, longest)
    count.histogram += np.histogram(np.clip(gaps_s, EDGES_S[0], EDGES_S[-1]), EDGES_S)[0]
    if longest > longest_silence_s(point):
        count.cut_off.add(point.id)


def _line(count: GapCount, colour: int) -> Line:
    share = 100 * count.histogram / count.histogram.sum()
    return Line(
        name=_name(count.interval_s),
        x=EDGES_S,
        y=np.append(np.maximum(share, _LEAST_SHARE), np.nan),
        colour=colour,
        style=Style.STEP,
    )


def _name(interval_s: float) -> str:
    if not interval_s:
        return "on event"
    return f"every {interval_s:g} s" if interval_s < 60 else f"every {interval_s / 60:g} min"


def _table(counts: Mapping[float, GapCount]) -> Table:
    rows = tuple(
        (
            _name(item.interval_s),
            f"{len(item.points):,}",
            f"{item.samples:,}",
            f"{item.samples / len(item.points):,.0f}",
            f"{86_400 / item.interval_s:,.0f}" if item.interval_s else "–",
            f"{item.longest_s / 60:,.0f}",
            f"{len(item.cut_off):,}",
        )
        for item in counts.values()
    )
    columns = (
        "sampling",
        "points",
        "samples",
        "samples a point",
        "without deadband",
        "longest gap min",
        "points cut off",
    )
    return Table(columns=columns, rows=rows)
