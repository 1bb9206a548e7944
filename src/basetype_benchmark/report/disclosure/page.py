"""Renders a disclosure for people, as Markdown; the same record gives the same text."""

from __future__ import annotations

from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.config.ram import format_limit
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.report.disclosure.record import DisclosureRecord
from basetype_benchmark.units import NS_PER_S, format_bytes, format_duration, group_digits

_UNKNOWN = "not known"


def render_disclosure(record: DisclosureRecord) -> str:
    """Write the text of ``disclosure.md``."""
    environment = Environment(
        loader=PackageLoader(__package__ or ""),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # what is rendered is Markdown
    )
    environment.filters |= {
        "cell_text": _cell_text,
        "count": _count,
        "duration": lambda ns: format_duration(ns / NS_PER_S),
        "fence": _fence,
        "ram": format_limit,
        "size": lambda size: _UNKNOWN if size is None else format_bytes(size),
        "yes": _yes,
    }
    template = environment.get_template("disclosure.md.j2")
    return template.render(
        record=record,
        titles={scenario.id: scenario.title for scenario in SCENARIOS.values()},
        by_scenario={
            scenario: tuple(queries)
            for scenario, queries in groupby(record.queries, key=lambda query: query.scenario)
        },
        failed=[cell for cell in record.cells if cell.outcome is not CellOutcome.COMPLETED],
    )


def _cell_text(value: object) -> str:
    """Write a value into a cell of a table."""
    if value is None:
        return _UNKNOWN
    return " ".join(str(value).split()).replace("|", "\\|")


def _count(value: int | None) -> str:
    return _UNKNOWN if value is None else group_digits(value)


def _yes(value: bool | None) -> str:
    if value is None:
        return "-"
    return "yes" if value else "no"


def _fence(text: str, language: str = "") -> str:
    """Put a text into a block of code, whatever is in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
