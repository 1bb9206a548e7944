"""The page beside exported tables: what a row is, and what each column means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from basetype_benchmark.analysis.tables.table import Column, Table

_TYPES = {
    "String": "text",
    "Int32": "integer",
    "Int64": "integer",
    "Float64": "number",
    "Boolean": "true or false",
}
_NULL = "None: "
_HEAD = "| column | type | meaning | empty when |\n|---|---|---|---|\n"
_INTRODUCTION = """\
# Tables of {campaign}

One row for one thing, and the unit at the end of a column's name: `_ns` nanoseconds, `_s` seconds,
`_bytes` bytes, `_gib_hours` GiB times hours, `_j` joules, `_kwh` kilowatt-hours, `_kg` kilograms.
Empty means not measured, or that it does not apply; 0 was measured. Only what is `ok` may be
ranked. Times are UTC.

Tables are joined by `cell`, or by `profile`, `scenario` and `ram_bytes`. Written by
`btb results {campaign} --format {suffix}`.
"""
_IN_CSV = """\

Text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return has an apostrophe before it, as
a spreadsheet would take it for a formula. Parquet and JSON have all text as it is.
"""


def describe_tables(
    campaign: str, suffix: str, tables: Sequence[Table], rows: Mapping[str, int]
) -> str:
    """Write the page in Markdown; `rows` says how many each table has."""
    parts = [_INTRODUCTION.format(campaign=campaign, suffix=suffix)]
    if suffix == "csv":
        parts.append(_IN_CSV)
    for table in tables:
        count = rows[table.name]
        head = f"\n## {table.name}.{suffix}\n\nA row: {table.row}. Rows: {count}.\n\n"
        parts.append(head + _HEAD + "".join(map(_line, table.columns)))
    return "".join(parts)


def _line(column: Column) -> str:
    return f"| {' | '.join(_cells(column))} |\n"


def _cells(column: Column) -> Iterator[str]:
    meaning, _, empty = column.meaning.partition(_NULL)
    yield f"`{column.name}`"
    yield _type(column)
    yield _plain(meaning)
    yield _plain(empty).rstrip(".")


def _type(column: Column) -> str:
    return _TYPES.get(str(column.dtype), "time")


def _plain(text: str) -> str:
    """Write it for Markdown, in a cell."""
    return text.strip().replace("``", "`").replace("|", "\\|")
