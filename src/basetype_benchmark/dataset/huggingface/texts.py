"""Renders the dataset card and the Croissant metadata; the same dataset gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from basetype_benchmark.config.hub import DATA_LICENCE, DATA_LICENCE_URL
from basetype_benchmark.dataset.huggingface.columns import (
    EDGE_COLUMNS,
    NODE_COLUMNS,
    SERIES_COLUMNS,
)
from basetype_benchmark.dataset.huggingface.facts import SERIES_PATTERN, Facts, size_category
from basetype_benchmark.units import format_bytes, group_digits

_LONGEST_LIST = 50
_TABLES = (("timeseries", SERIES_COLUMNS), ("nodes", NODE_COLUMNS), ("edges", EDGE_COLUMNS))
_TABLE_MEANINGS = {
    "timeseries": "The samples of all points.",
    "nodes": "Places, tenants, equipment, meters and points.",
    "edges": "The relations between nodes.",
}


def render_card(facts: Facts) -> bytes:
    """Write the text of ``README.md``, with the front matter that the Hub reads."""
    return _render("README.md.j2", facts)


def render_croissant(facts: Facts) -> bytes:
    """Write the text of ``croissant.json``, in Croissant 1.0."""
    return _render("croissant.json.j2", facts)


def _render(template: str, facts: Facts) -> bytes:
    text = (
        _environment()
        .get_template(template)
        .render(
            facts=facts,
            licence=DATA_LICENCE,
            licence_url=DATA_LICENCE_URL,
            series_pattern=SERIES_PATTERN,
            tables=_TABLES,
            table_meanings=_TABLE_MEANINGS,
            longest_list=_LONGEST_LIST,
        )
    )
    return text.encode()


def _environment() -> Environment:
    # What is rendered is Markdown and JSON: escaping for HTML would only damage it.
    environment = Environment(
        loader=PackageLoader(__package__ or ""),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters |= {
        "bytes": format_bytes,
        "count": group_digits,
        "json": _json,
        "listed": _listed,
        "size_category": size_category,
    }
    return environment


def _json(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    return json.dumps(value, ensure_ascii=False)


def _listed(names: Sequence[str], code: bool = False) -> str:
    if not names:
        return "none"
    shown = [f"`{name}`" if code else name for name in names[:_LONGEST_LIST]]
    more = len(names) - len(shown)
    return f"{len(names)} ({', '.join(shown)}{f' and {more} more' if more else ''})"
