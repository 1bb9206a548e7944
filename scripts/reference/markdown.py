"""Tables and texts in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; empty when there are no rows."""
    body = [_line(row) for row in rows]
    return "".join([_line(head), _line(["---"] * len(head)), *body]) if body else ""


def code(text: str) -> str:
    """Write something as code; nothing stays nothing."""
    return f"`{text}`" if text else text


def prose(text: str) -> str:
    """Turn a docstring or a help text into a paragraph of Markdown."""
    parts = re.split(r"(`[^`]+`)", re.sub(r"``(.+?)``", r"`\1`", " ".join(text.split())))
    return "".join(p if p.startswith("`") else p.replace("<", "&lt;") for p in parts)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |\n"
