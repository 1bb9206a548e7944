"""Reads the names of the columns from a Cypher text, for servers that name none in an empty answer.

ArcadeDB takes the names from the first row. Where there is none, the text alone can tell.
"""

from __future__ import annotations

import re
from functools import cache

_UNREAD = re.compile(r"//[^\n]*|'[^']*'|\"[^\"]*\"")
_LAST_RETURN = re.compile(r".*\bRETURN\b(?:\s+DISTINCT\b)?(.*)", re.DOTALL)
_END = re.compile(r"\b(?:ORDER\s+BY|SKIP|LIMIT)\b")
_INNERMOST_BRACKETS = re.compile(r"\([^()]*\)|\[[^][]*\]|\{[^{}]*\}")


@cache
def returned_columns(text: str) -> tuple[str, ...]:
    """Give the names that the last RETURN of a text gives to its columns; empty if it has none."""
    found = _LAST_RETURN.fullmatch(_UNREAD.sub("", text))
    if found is None:
        return ()
    items = _END.split(found.group(1))[0]
    while (shorter := _INNERMOST_BRACKETS.sub("", items)) != items:
        items = shorter
    return tuple(re.split(r"\s+AS\s+", item)[-1].strip(" \n;") for item in items.split(","))
