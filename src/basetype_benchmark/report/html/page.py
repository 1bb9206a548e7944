"""Writes a page as HTML: one file that needs nothing else."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import jinja2
import orjson
from markupsafe import Markup

from basetype_benchmark.benchmark.charts import charts
from basetype_benchmark.report.html.model import Chart, Column, Json, Page, Part, Value, View

_FOLDER = "basetype_benchmark.report.html"


def render(page: Page) -> str:
    """Write the page out."""
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            page=page,
            policy=charts.SECURITY_POLICY,
            style=_read("report.css"),
            look=_json(charts.template().to_plotly_json()),
            library=charts.library(),
            script=_read("report.js"),
        )
    )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        kind_of=_kind_of, classes=_classes, numeral=_numeral, chart_json=_chart_json
    )
    return environment


def _kind_of(part: Part) -> str:
    return type(part).__name__


def _classes(value: Value, column: Column) -> Markup:
    """Give the class attribute of a cell; nothing where it has no class."""
    names = []
    if column.is_number:
        names.append("n")
    if value.shade is not None:
        names += [f"s{value.shade}", *(["u"] if value.mark == "warn" else [])]
    elif value.mark in ("good", "warn"):
        names.append(f"m-{value.mark}")
    elif value.mark:
        names += ["m", f"m-{value.mark}"]
    return Markup(' class="{}"').format(" ".join(names)) if names else Markup()


def _numeral(number: float) -> str:
    """Write a number as a script reads it, short."""
    return f"{number:.6g}"


def _chart_json(chart: Chart) -> Markup:
    return _json(
        {
            "height": chart.height,
            "layout": chart.layout,
            "styles": dict(chart.styles),
            "views": [_view_json(view) for view in chart.views],
        }
    )


def _view_json(view: View) -> Json:
    """Give a view; what it does not have is left out, as there can be hundreds."""
    document: Json = {"name": view.name, "traces": view.traces, "layout": view.layout}
    if view.shared:
        document["shared"] = dict(view.shared)
    if view.spans:
        document["spans"] = view.spans
    if view.limits:
        document["limits"] = dict(view.limits)
    return document


def _json(document: Json) -> Markup:
    """Write JSON for a script element, which no text in it can end."""
    text = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return Markup(text.replace("<", "\\u003c"))


def _read(name: str) -> str:
    return (files(_FOLDER) / name).read_text(encoding="utf-8")
