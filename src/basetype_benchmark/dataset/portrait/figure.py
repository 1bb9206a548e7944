"""What a figure consists of, whatever draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

import numpy as np
import numpy.typing as npt

from basetype_benchmark.dataset.portrait.traces import Trace

Array = npt.NDArray[np.float64]

DAY_S = 86_400


class Style(Enum):
    """How a line is drawn."""

    LINE = "line"
    DASHED = "dashed"
    STEP = "step"  # holds until the next value
    AREA = "area"  # filled, on the areas before it in its panel; holds until the next value
    BAR = "bar"  # on the bars before it in its panel


@dataclass(frozen=True, kw_only=True)
class Line:
    """One series: where there is no value, `y` is NaN and the line breaks.

    `x` is in units of the axis, for a `TimeAxis` in seconds after its start. `y` of areas and bars
    is their own height; all areas of a panel have the same `x`. `colour` is a place in the palette.
    """

    name: str
    x: Array
    y: Array
    colour: int
    style: Style = Style.LINE


@dataclass(frozen=True, kw_only=True)
class Band:
    """A range of values that is marked behind the lines."""

    name: str
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Lines over one axis of values; `from_zero` makes the axis begin there."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    height: int = 130
    log: bool = False
    from_zero: bool = False
    band: Band | None = None


@dataclass(frozen=True, kw_only=True)
class TimeAxis:
    """Days from a first one; days off are shaded."""

    first_day: date
    days: int
    days_off: tuple[int, ...] = ()

    @property
    def low(self) -> float:
        """Where it begins, in s."""
        return 0.0

    @property
    def high(self) -> float:
        """Where it ends, in s."""
        return float(self.days * DAY_S)


@dataclass(frozen=True, kw_only=True)
class NumberAxis:
    """An axis of numbers with its name; `ticks` are values and what is written there."""

    title: str
    unit: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    log: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """Figures to read rather than to see; all but the first column are numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """At least one panel, above each other over one axis; the caption says what is seen."""

    key: str
    title: str
    caption: str
    axis: TimeAxis | NumberAxis
    panels: tuple[Panel, ...]
    table: Table | None = None


@dataclass(frozen=True, kw_only=True)
class Sketch:
    """A figure to come: the points whose samples it needs, and how it is made of them.

    `draw` gets the trace of every point, empty where there are no samples.
    """

    key: str
    title: str
    points: tuple[str, ...]
    draw: Callable[[Mapping[str, Trace]], Figure]


@dataclass(frozen=True, kw_only=True)
class Omission:
    """A figure that this dataset cannot have, and why."""

    key: str
    title: str
    reason: str
