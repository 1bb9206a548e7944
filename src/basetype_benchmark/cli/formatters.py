"""How things look: data on standard output, words for people on standard error."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.units import (
    NS_PER_MS,
    NS_PER_S,
    format_duration,
    format_number,
    group_digits,
)

NOT_MEASURED = "-"
_PLAIN_WIDTH = 200  # wide enough that no cell is cut when the output is not a terminal
_COLUMN_GAP = 2
_LONGEST_WORD = 30
_LONGEST_IN_MS = 999.5 * NS_PER_MS
_CONTROL_SIGNS = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"},
    **dict.fromkeys(range(0x7F, 0xA0), 0x2421),
}
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
    human_console().print(Text.assemble(("✓ ", "green"), _shown(message)))


def print_note(message: str) -> None:
    """Say one line."""
    human_console().print(Text(_shown(message)))


def print_warning(message: str) -> None:
    """Say that something deserves a look, but does not stop the command."""
    human_console().print(Text.assemble(("! ", "yellow"), _shown(message)))


def print_err(message: str) -> None:
    """Say in one line what went wrong."""
    human_console().print(Text.assemble(("error: ", "bold red"), _shown(" ".join(message.split()))))


def print_json(document: object) -> None:
    """Print a document for other programs, in UTF-8 whatever the locale."""
    sys.stdout.flush()
    sys.stdout.buffer.write(encode_json(document))
    sys.stdout.buffer.flush()


def encode_json(document: object) -> bytes:
    """Give a document as it is printed and written to files: indented, with a newline."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(document, default=str, option=options)


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str | Text]],
    *,
    title: str | None = None,
    numeric: Sequence[str] = (),
) -> None:
    """Print a table; the columns named in `numeric` are set to the right.

    On a terminal too narrow for its words, every row comes as lines of its own instead.
    """
    console = data_console()
    rows = [[_text(cell) for cell in row] for row in rows]
    if not fits_table(columns, rows, numeric):
        _print_records(console, columns, rows, title)
        return
    widths = _share_out(columns, rows, numeric, console.width)
    table = Table(
        box=SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
        title=title,
        title_justify="left",
        title_style="bold",
        min_width=0 if title is None else min(cell_len(title), console.width),
    )
    for index, column in enumerate(columns):
        is_numeric = column in numeric
        table.add_column(
            column,
            justify="right" if is_numeric else "left",
            no_wrap=is_numeric,
            overflow="fold",
            width=widths[index],
        )
    for row in rows:
        table.add_row(*row)
    console.print(table, Text())


def fits_table(
    columns: Sequence[str], rows: Sequence[Sequence[str | Text]], numeric: Sequence[str] = ()
) -> bool:
    """Whether standard output is wide enough for `print_table` to keep words whole in a table."""
    return _least_width(columns, rows, numeric) <= data_console().width


def _share_out(
    columns: Sequence[str],
    rows: Sequence[Sequence[str | Text]],
    numeric: Sequence[str],
    width: int,
) -> list[int]:
    """Give the width of each column: as wide as its cells, less where they can be wrapped.

    Rich would take from columns that cannot give, and cut the table at the edge.
    """
    cells = [[column, *(str(row[i]) for row in rows)] for i, column in enumerate(columns)]
    widths = [max(map(cell_len, texts)) for texts in cells]
    least = [
        _least_column_width(column, texts[1:], column in numeric)
        for column, texts in zip(columns, cells, strict=True)
    ]
    while sum(widths) + _COLUMN_GAP * len(columns) > width:
        able = [i for i in range(len(widths)) if widths[i] > least[i]]
        if not able:
            break
        widths[max(able, key=lambda i: widths[i] - least[i])] -= 1
    return widths


def fits_in_lines(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether standard output is wide enough for every row to be one line."""
    widths = [max(map(cell_len, cells)) for cells in zip(columns, *rows, strict=True)]
    return sum(widths) + _COLUMN_GAP * len(columns) <= data_console().width


def _least_width(
    columns: Sequence[str], rows: Sequence[Sequence[str | Text]], numeric: Sequence[str]
) -> int:
    """Width below which a table would have to cut words."""
    least = [
        _least_column_width(column, [row[index] for row in rows], column in numeric)
        for index, column in enumerate(columns)
    ]
    return sum(least) + _COLUMN_GAP * len(columns)


def _least_column_width(column: str, cells: Sequence[str | Text], is_numeric: bool) -> int:
    """Of a column whose words stay whole, unless they are as long as a path can be."""
    texts = [column, *map(str, cells)]
    pieces = texts if is_numeric else [word for text in texts for word in text.split()]
    return min(max(map(cell_len, pieces), default=1), _LONGEST_WORD)


def _print_records(
    console: Console,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | Text]],
    title: str | None,
) -> None:
    """Print a table that the terminal is too narrow for: every row as lines of its own."""
    if title is not None:
        console.print(Text(title, style="bold"))
    for row in rows:
        record = Table.grid(padding=(0, 2, 0, 0))
        record.add_column(no_wrap=True)
        record.add_column(overflow="fold")
        for column, cell in zip(columns, row, strict=True):
            record.add_row(Text(column, style="bold"), _text(cell))
        console.print(record, Text())


def _text(cell: str | Text) -> Text:
    return cell if isinstance(cell, Text) else Text(_shown(cell))


def _shown(text: str) -> str:
    """Show control characters by a sign: files of others must not steer the terminal."""
    return text.translate(_CONTROL_SIGNS)


def format_outcome(outcome: str) -> Text:
    """Colour an outcome: green for right, yellow for not run, red for the rest."""
    return Text(outcome, style=_STYLES.get(outcome, "red"))


def format_latency(elapsed_ns: float | None) -> str:
    """Write a latency, in milliseconds below a second; a dash where there is none."""
    if elapsed_ns is None:
        return NOT_MEASURED
    if elapsed_ns < _LONGEST_IN_MS:
        return f"{format_milliseconds(elapsed_ns)} ms"
    return format_duration(elapsed_ns / NS_PER_S)


def format_milliseconds(elapsed_ns: float) -> str:
    """Write a latency as a number of milliseconds with three digits that count."""
    return format_number(elapsed_ns / NS_PER_MS)


def format_count(count: int | None) -> str:
    """Write a count in groups of three digits; a dash where there is none."""
    return NOT_MEASURED if count is None else group_digits(count)


def format_value(value: Any) -> str:  # noqa: ANN401 - whatever a driver decodes
    """Write one value of an answer."""
    if value is None:
        return NOT_MEASURED
    return f"{value:.6g}" if isinstance(value, float) else str(value)
