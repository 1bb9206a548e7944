"""The fenced blocks of a page, and why some of them are not run.

A block of `sh` or `python` in a tutorial or how-to is run by the tests, unless the line above it is
a comment ``<!-- not run: REASON -->``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
RUN_PAGES = sorted([*DOCS.glob("tutorial/*.md"), *DOCS.glob("how-to/*.md")])

RUN_LANGUAGES = ("sh", "python")
SHOWN_LANGUAGES = ("", "text", "yaml", "json", "ini")
"""What is only looked at: output and files."""

_FENCE = re.compile(r"^( *)```(\w*)\s*$")
_REASON = re.compile(r"^ *<!-- not run: (.+) -->\s*$")


@dataclass(frozen=True, kw_only=True)
class Block:
    """One fenced block; `reason` says why it is not run, None when it is."""

    line: int
    language: str
    text: str
    reason: str | None


def read_blocks(page: Path) -> Iterator[Block]:
    """Give the fenced blocks of a page in order."""
    lines = page.read_text(encoding="utf-8").splitlines()
    begin: int | None = None
    for number, line in enumerate(lines):
        fence = _FENCE.match(line)
        if fence is None:
            continue
        if begin is None:
            begin = number
            continue
        opened = _FENCE.match(lines[begin])
        assert opened is not None
        reason = _REASON.match(lines[begin - 1]) if begin else None
        inner = [text.removeprefix(opened[1]) for text in lines[begin + 1 : number]]
        yield Block(
            line=begin + 1,
            language=opened[2],
            text="\n".join(inner) + "\n",
            reason=reason and reason[1],
        )
        begin = None


def without_blocks(text: str) -> str:
    """Give a page without its fenced blocks and its code in lines."""
    return re.sub(r"^ *```.*?^ *```|`[^`\n]*`", "", text, flags=re.DOTALL | re.MULTILINE)
