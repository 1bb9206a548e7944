"""The page: whole in itself, holding the data of each figure, safe with any name."""

import json
import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from html.parser import HTMLParser

import numpy as np
from markupsafe import escape

from basetype_benchmark.benchmark.charts import charts
from basetype_benchmark.dataset.portrait.drawing import draw
from basetype_benchmark.dataset.portrait.figure import (
    Figure,
    Line,
    Omission,
    Panel,
    Style,
    Table,
    TimeAxis,
)
from basetype_benchmark.dataset.portrait.inventory import Inventory
from basetype_benchmark.dataset.portrait.page import Page, render

VOID = {"meta", "link", "br"}


class Reader(HTMLParser):
    """Collects tags, attributes and the data of the figures; refuses tags that do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.data: list[dict] = []
        self.sections: list[str] = []
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.links += [str(named[key]) for key in ("src", "href", "xlink:href") if key in named]
        self._is_data = named.get("class") == "data"
        if tag == "section":
            self.sections.append(str(named["id"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data.append(json.loads(data))
            self._is_data = False


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def figure(**changes: object) -> Figure:
    line = Line(name="air", x=np.arange(3) * 3600.0, y=np.array([1.0, np.nan, 3.0]), colour=0)
    settings: dict = {
        "key": "one",
        "title": "One",
        "caption": "A line.",
        "axis": TimeAxis(first_day=date(2024, 1, 1), days=2, days_off=(0,)),
        "panels": (Panel(title="Temperature", unit="°C", lines=(line,)),),
    }
    return Figure(**(settings | changes))


def page_of(*figures: Figure | Omission, title: str = "t") -> str:
    empty = Table(columns=("point", "kind", "amount", "unit"), rows=())
    return render(Page(title=title, lead="", facts=(), figures=figures, planted=empty))


def test_page_needs_nothing_from_elsewhere(page: str):
    ours = page.replace(charts.javascript(), "")
    assert len(ours) < len(page) - 1_000_000
    assert re.findall(r"https?://", ours) == []
    assert read(page).links == ["data:,"]
    assert "@import" not in ours
    assert "url(" not in ours


def test_the_browser_is_told_to_fetch_nothing(page: str):
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src &#39;none&#39;;")
    assert "http" not in policy


def test_the_library_is_there_once(page: str):
    assert page.count("plotly.js (cartesian - minified) v") == 1


def test_page_is_small(page: str):
    assert 100_000 < len(page.encode()) - len(charts.javascript().encode()) < 1_000_000


def test_page_has_every_figure_as_it_is_drawn(page: str, figures: Mapping[str, Figure]):
    reader = read(page)
    assert reader.sections == [*figures, "planted"]
    assert len(reader.data) == len(figures)
    for found, made in zip(reader.data, figures.values(), strict=True):
        assert found == json.loads(draw(made).to_json())


def test_every_chart_is_named_and_explained(page: str, figures: Mapping[str, Figure]):
    for made in figures.values():
        assert f'aria-label="{made.title}"' in page
        assert f"<figcaption>{escape(made.caption)}</figcaption>" in page


def test_planted_faults_are_listed(page: str, inventory: Inventory):
    for fault in inventory.faults:
        assert f"<td>{fault.point_id}</td>" in page


def test_names_cannot_break_the_page():
    evil = '</script><script>alert("x")</script>'
    line = Line(name=evil, x=np.zeros(1), y=np.zeros(1), colour=0, style=Style.STEP)
    panel = Panel(title=evil, unit=evil, lines=(line,))
    drawn = page_of(
        figure(
            title=evil, caption=evil, panels=(panel,), table=Table(columns=(evil,), rows=((evil,),))
        ),
        title=evil,
    )
    ours = drawn.replace(charts.javascript(), "")
    assert ours.count("<script") == 2
    (found,) = read(drawn).data
    assert unescape(found["data"][0]["name"]) == evil
    assert "<script" not in json.dumps(found)


def test_an_omission_says_why():
    drawn = page_of(Omission(key="racks", title="Racks", reason="the building has no racks"))
    assert "Not shown: the building has no racks." in drawn
    assert 'class="chart"' not in drawn
