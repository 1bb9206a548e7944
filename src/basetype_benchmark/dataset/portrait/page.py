"""The page: figures, their data and what they mean, in one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import jinja2

from basetype_benchmark.benchmark.charts import charts
from basetype_benchmark.dataset.portrait.drawing import draw
from basetype_benchmark.dataset.portrait.figure import Figure, Omission, Table

_FOLDER = "basetype_benchmark.dataset.portrait"


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a page consists of."""

    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    figures: Sequence[Figure | Omission]
    planted: Table


def render(page: Page) -> str:
    """Write the page out."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(
        page=page,
        policy=charts.SECURITY_POLICY,
        style=charts.stylesheet() + _read("page.css"),
        script=charts.javascript(),
        drawn=[_Drawn(figure) for figure in page.figures],
    )


class _Drawn:
    """A figure, or why there is none, as the template takes it."""

    def __init__(self, figure: Figure | Omission) -> None:
        self.key = figure.key
        self.title = figure.title
        self.table: Table | None = None
        self.chart: str | None = None
        if isinstance(figure, Omission):
            self.caption = f"Not shown: {figure.reason}."
            return
        self.caption = figure.caption
        self.table = figure.table
        self.chart = charts.element(draw(figure), figure.title)  # what is not ours is escaped


def _read(name: str) -> str:
    return (files(_FOLDER) / name).read_text(encoding="utf-8")
