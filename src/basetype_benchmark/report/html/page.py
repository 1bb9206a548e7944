"""Writes a page as HTML: one file that needs nothing else."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from math import isclose

import jinja2
import orjson
from markupsafe import Markup

from basetype_benchmark.benchmark.charts import charts
from basetype_benchmark.report.html.model import Chart, Column, Json, Page, Part, Table, Value, View

_FOLDER = "basetype_benchmark.report.html"
_NUMBER = re.compile(r"(-?\d+(?: \d{3})*(?:\.\d+)?(?:e[+-]?\d+)?)( MiB| GiB)?")
_MOST_COLUMNS = 24


def render(page: Page) -> str:
    """Write the page out."""
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            page=page,
            policy=charts.SECURITY_POLICY,
            style=_read("report.css") + _column_rules(),
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
        kind_of=_kind_of,
        classes=_classes,
        table_classes=_table_classes,
        order=_order,
        chart_json=_chart_json,
    )
    return environment


def _column_rules() -> str:
    """Set columns of numbers to the right, see `_table_classes`."""
    return "\n".join(
        f".r{at} tr > :nth-child({at}) {{ text-align: right; }} "
        f".r{at} tbody tr > :nth-child({at}) {{ white-space: nowrap; }}"
        for at in range(1, _MOST_COLUMNS + 1)
    )


def _kind_of(part: Part) -> str:
    return type(part).__name__


def _table_classes(table: Table) -> str:
    """Say which columns are numbers, once for all rows: ``r2`` is the second."""
    numbers = [f"r{at}" for at, column in enumerate(table.columns, 1) if column.is_number]
    return " ".join([*(["grid"] if table.is_grid else []), *numbers])


def _classes(value: Value) -> Markup:
    """Give the class attribute of a cell; nothing where it has no class."""
    names = []
    if value.shade is not None:
        names += [f"s{value.shade}", *(["u"] if value.mark == "warn" else [])]
    elif value.mark in ("good", "warn"):
        names.append(f"m-{value.mark}")
    elif value.mark:
        names += ["m", f"m-{value.mark}"]
    return Markup(' class="{}"').format(" ".join(names)) if names else Markup()


def _order(value: Value, column: Column) -> Markup:
    """Give what a cell is sorted by, where the script cannot read that from its text."""
    if not column.is_number or value.order is None:
        return Markup()
    read = read_order(value.text)
    if read is not None and isclose(read, value.order, rel_tol=1e-3):
        return Markup()
    return Markup(' data-v="{}"').format(f"{value.order:.6g}")


def read_order(text: str) -> float | None:
    """Read the number of a text as the page's script does; sizes are in MiB."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    return float(found[1].replace(" ", "")) * (1024 if found[2] == " GiB" else 1)


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
    if view.panels:
        document["panels"] = view.panels
    if view.limits:
        document["limits"] = dict(view.limits)
    return document


def _json(document: Json) -> Markup:
    """Write JSON for a script element, which no text in it can end."""
    text = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return Markup(text.replace("<", "\\u003c"))


def _read(name: str) -> str:
    return (files(_FOLDER) / name).read_text(encoding="utf-8")
