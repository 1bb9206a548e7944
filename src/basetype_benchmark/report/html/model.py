"""What the page consists of, whatever it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Value:
    """One cell of a table.

    `order` is what it is sorted by, where the text is no number; what has no number is sorted last.
    `mark` is an outcome that is no success, or ``warn``: shown with a symbol, and never ranked.
    `shade` from 0 (best) to 6 colours it by rank, `detail` is told when it is pointed at.
    """

    text: str
    order: float | None = None
    mark: str = ""
    shade: int | None = None
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column; `unit` goes with its name, `hint` says what it means."""

    name: str
    unit: str = ""
    is_number: bool = False
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows whose first value names them. `choices` are columns by whose values rows can be chosen.

    A grid is gone through cell by cell: each tells its detail, or what the table of the key
    `details` has in the row of the same first two values and the cell's column.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    choices: tuple[str, ...] = ()
    is_grid: bool = False
    details: str = ""


@dataclass(frozen=True, kw_only=True)
class Legend:
    """What the shades of a grid stand for, best first."""

    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class View:
    """One of the things that a chart can show: traces and layout as Plotly takes them.

    A trace whose ``like`` names a style of its chart has all that the style has; one whose ``x`` is
    a name has the values `shared` under it. `spans` are named stretches of the axis across,
    `limits` are values that are marked on an axis up, by its name. `panels` are the titles of axes
    up, above each other.
    """

    name: str
    traces: tuple[Json, ...]
    layout: Json = field(default_factory=dict)
    shared: Mapping[str, list[float]] = field(default_factory=dict)
    spans: tuple[tuple[str, float, float], ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    panels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart, and in `table` the same figures to be read.

    `pick` is what its views are a choice of, `label` is read to who cannot see it; the caption says
    unit, n and what the intervals are.
    """

    key: str
    title: str
    label: str
    caption: str
    height: int
    layout: Json
    views: tuple[View, ...]
    table: Table
    pick: str = ""
    styles: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Notes:
    """Short statements, one below the other."""

    key: str
    items: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Long texts as a machine wrote them, each closed until it is asked for: name and text."""

    key: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Links:
    """Files beside the page, in the folder of its campaign: name and what is in it."""

    key: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A figure to be seen at a glance: what it is, the figure, and a line on it."""

    name: str
    text: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Tiles:
    """Figures side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, kw_only=True)
class Folded:
    """A part that is closed until it is asked for."""

    title: str
    part: Table | Notes | Texts


Part = Table | Chart | Notes | Texts | Links | Tiles | Legend | Folded


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the page with a heading; `lead` are paragraphs below it, the first of an answer is
    the shortest answer.
    """

    key: str
    title: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...]
    is_answer: bool = False


@dataclass(frozen=True, kw_only=True)
class ProfileView:
    """All that is said of one dataset; the page shows one of them at a time."""

    profile: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """The whole page; `facts` are short things to know of it, `sections` hold for all profiles."""

    title: str
    question: str
    facts: tuple[tuple[str, str], ...]
    profiles: tuple[ProfileView, ...]
    sections: tuple[Section, ...]
    footer: str = ""
