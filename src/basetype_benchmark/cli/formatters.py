"""How things look: data on standard output, words for people on standard error."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.units import NS_PER_MS, NS_PER_S, format_duration

NOT_MEASURED = "-"
_PLAIN_WIDTH = 200  # wide enough that no cell is cut when the output is not a terminal
_LONGEST_IN_MS = 999.5 * NS_PER_MS
_STYLES: Mapping[str, str] = {
    Outcome.OK: "green",
    CellOutcome.COMPLETED: "green",
    Outcome.UNSUPPORTED: "yellow",
    Outcome.SKIPPED: "yellow",
}


def data_console() -> Console:
    """Standard output, for tables and rows."""
    width = None if sys.stdout.isatty() else _PLAIN_WIDTH
    return Console(width=width, highlight=False)


def human_console() -> Console:
    """Standard error, for all that is said to people."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def print_ok(message: str) -> None:
    """Say that something worked."""
    human_console().print(Text.assemble(("✓ ", "green"), message))


def print_note(message: str) -> None:
    """Say one line."""
    human_console().print(Text(message))


def print_warning(message: str) -> None:
    """Say that something deserves a look, but does not stop the command."""
    human_console().print(Text.assemble(("! ", "yellow"), message))


def print_err(message: str) -> None:
    """Say in one line what went wrong."""
    human_console().print(Text.assemble(("error: ", "bold red"), " ".join(message.split())))


def print_json(document: object) -> None:
    """Print a document for other programs."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
    sys.stdout.write(orjson.dumps(document, default=str, option=options).decode() + "\n")
    sys.stdout.flush()


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str | Text]],
    *,
    title: str | None = None,
    numeric: Sequence[str] = (),
) -> None:
    """Print a table; the columns named in `numeric` are set to the right."""
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold")
    for column in columns:
        is_numeric = column in numeric
        table.add_column(
            column, justify="right" if is_numeric else "left", no_wrap=is_numeric, overflow="fold"
        )
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    data_console().print(table)


def format_outcome(outcome: str) -> Text:
    """Colour an outcome: green for right, yellow for not run, red for the rest."""
    return Text(outcome, style=_STYLES.get(outcome, "red"))


def format_latency(elapsed_ns: float | None) -> str:
    """Write a latency, in milliseconds below a second; a dash where there is none."""
    if elapsed_ns is None:
        return NOT_MEASURED
    if elapsed_ns < _LONGEST_IN_MS:
        return f"{elapsed_ns / NS_PER_MS:.3g} ms"
    return format_duration(elapsed_ns / NS_PER_S)


def format_count(count: int | None) -> str:
    """Write a count with thin groups of three digits; a dash where there is none."""
    return NOT_MEASURED if count is None else f"{count:,}".replace(",", " ")


def format_value(value: Any) -> str:  # noqa: ANN401 - whatever a driver decodes
    """Write one value of an answer."""
    if value is None:
        return NOT_MEASURED
    return f"{value:.6g}" if isinstance(value, float) else str(value)
