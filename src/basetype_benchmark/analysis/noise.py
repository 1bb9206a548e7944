"""Which cells were measured while the machine was not as it was over the rest of the campaign.

A reading of the sentinel is out of line when it differs from the median of all readings by more
than a limit, and by more than chance explains. How much readings differ by chance is taken from
neighbours: the median of the differences of successive readings (the mean of their squares is von
Neumann's, Ann. Math. Stat. 12, 1941; the median is not moved by a few that jump), so that a slow
drift over the whole campaign is not taken for noise. A cell is in drift when the reading right
before or right after it is out of line.

All on the scale of logarithms: half the speed and twice the speed differ alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from basetype_benchmark.benchmark.sentinel import SentinelReading

CPU_LIMIT = 0.10
DISK_LIMIT = 0.50
"""Disks differ more from one sync to the next, and a query waits for them less."""
DEVIATIONS = 3.5
"""How many standard deviations are more than chance, as Iglewicz and Hoaglin (How to Detect and
Handle Outliers, 1993) advise for robust ones: one stable reading in two thousand."""
FEWEST_READINGS = 10
"""Fewer do not tell how much they differ by chance: then the limit alone decides."""

_TO_DEVIATION = 1.4826 / 2**0.5  # of the median of absolute differences of two normal values


@dataclass(frozen=True, kw_only=True)
class Steadiness:
    """How steady one kind of work was: ``cpu`` or ``disk``.

    `spread` is the standard deviation between neighbouring readings over their size; None of fewer
    than `FEWEST_READINGS`. `most` is the largest change from the median, either way: 0.2 is a
    reading that took 20 % longer. Up to `limit` a change is not out of line.
    """

    work: str
    readings: int
    median_ns: float
    spread: float | None
    most: float
    limit: float

    @property
    def is_noisy(self) -> bool:
        """Whether by chance alone a reading may differ by more than twice the limit."""
        return self.spread is not None and DEVIATIONS * self.spread > 2 * np.log1p(self.limit)


@dataclass(frozen=True, kw_only=True)
class Noise:
    """What the sentinel says of a campaign.

    `drifting` says in words, by cell, why it is taken as measured in drift; `unwatched` are the
    cells with no reading right before or after them.
    """

    steadiness: tuple[Steadiness, ...]
    drifting: dict[str, str]
    unwatched: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to say of the machine as a whole; nothing where it was quiet."""
        return tuple(
            f"a noisy machine: the same {found.work} work differed by {found.spread:.0%} from one"
            " reading to the next"
            for found in self.steadiness
            if found.is_noisy
        )


def judge_noise(readings: Sequence[SentinelReading], cells: Sequence[str]) -> Noise | None:
    """Judge the readings of a campaign, in the order taken; None where there are none."""
    if not readings:
        return None
    around = {cell: _around(readings, cell) for cell in cells}
    told: dict[str, list[str]] = {cell: [] for cell in cells}
    steadiness = []
    for work, limit, values in _kinds(readings):
        found, changes = _judge(work, limit, values)
        steadiness.append(found)
        allowed = max(np.log1p(limit), DEVIATIONS * (found.spread or 0.0))
        for cell, indices in around.items():
            told[cell] += _out_of_line(work, [changes[i] for i in indices], allowed)
    return Noise(
        steadiness=tuple(steadiness),
        drifting={cell: ", ".join(words) for cell, words in told.items() if words},
        unwatched=tuple(cell for cell, indices in around.items() if not indices),
    )


def _kinds(
    readings: Sequence[SentinelReading],
) -> Iterator[tuple[str, float, npt.NDArray[np.float64]]]:
    """Give each kind of work, its limit, and its times in ns, NaN where there is none."""
    yield "cpu", CPU_LIMIT, np.array([max(1, r.cpu_ns) for r in readings], dtype=np.float64)
    disk = [np.nan if r.disk_ns is None else max(1, r.disk_ns) for r in readings]
    if not np.isnan(disk).all():
        yield "disk", DISK_LIMIT, np.array(disk, dtype=np.float64)


def _judge(
    work: str, limit: float, values: npt.NDArray[np.float64]
) -> tuple[Steadiness, npt.NDArray[np.float64]]:
    """Give how steady it was, and the logarithm of each reading over the median."""
    known = values[~np.isnan(values)]
    middle = float(np.median(known))
    changes = np.log(values / middle)
    spread = None
    if known.size >= FEWEST_READINGS:
        spread = float(_TO_DEVIATION * np.median(np.abs(np.diff(np.log(known)))))
    furthest = changes[np.nanargmax(np.abs(changes))]
    return (
        Steadiness(
            work=work,
            readings=int(known.size),
            median_ns=middle,
            spread=spread,
            most=float(np.expm1(furthest)),
            limit=limit,
        ),
        changes,
    )


def _out_of_line(work: str, changes: Sequence[float], allowed: float) -> Iterator[str]:
    """Say which way a cell's readings are out of line, by the one that is the most."""
    far = [change for change in changes if abs(change) > allowed]
    if far:
        yield f"the same {work} work took {np.expm1(max(far, key=abs)):+.0%}"


def _around(readings: Sequence[SentinelReading], cell: str) -> tuple[int, ...]:
    """Give the readings right before and right after a cell, the last time that it ran."""
    after = [i for i, reading in enumerate(readings) if reading.after_cell == cell]
    if not after:
        return ()
    return (after[-1] - 1, after[-1]) if after[-1] else (after[-1],)
